/** What happens at this sweep, as it would be told: a heading and a sentence, by level. */

import { counted, signed } from "../shared/format.js";
import { filled, frozenSince, isAlike, isFrozen, SHARED } from "../shared/run_chapters.js";

/** @typedef {import("../shared/run.js").Run} Run */

/** @type {Record<string, import("../shared/run_chapters.js").Chapter>} */
export const CHAPTERS = {
  ...SHARED,
  start: {
    title: "Before learning",
    glance: "The [weights|weight] are small and random, so the network says nearly the same to every question.",
    depth: "Small random [weights|weight] leave every [unit] near one half. They must be random: two [hidden units|hidden unit] that began alike would be sent the same [blame] and stay alike for ever.",
    maths: "With small w each x is near 0 and each y near ½. Equal rows of w would get equal ∂E/∂w, so the [start] must break the symmetry.",
  },
  zero: {
    title: "Before learning",
    glance: "All [weights|weight] are 0, so the network says one half to every question.",
    depth: "With start range 0 every [weight] is 0 and every [unit] says one half, whatever it hears.",
    maths: "With w = 0 every x is 0 and every y is ½.",
  },
  alike: {
    title: "All alike",
    glance: "All [hidden units|hidden unit] began alike, so they are sent the same [blame] and stay alike for ever. Raise the start range, or set one [weight] by hand.",
    depth: "The [hidden units|hidden unit] have equal [weights|weight], so equal [blame] comes back to them, and every change leaves them equal: together they are no more than one unit. A [start] must be random to part them; one [weight] set by hand does it too.",
    maths: "Equal rows of w get equal ∂E/∂w by (6) and (7), hence equal Δw: a symmetry that gradient descent cannot break.",
  },
  byHand: {
    title: "Set by hand",
    glance: "You set a [weight]. From here on the network learns with it: will it use it, or mend it?",
    depth: "From this [sweep] on the network learns from the [weights|weight] as you left them. The change before counts as none, so it starts without momentum. The dashed curve is the [run] without your change.",
    maths: "Here Δw(t − 1) = 0 for every weight: the next step is −ε ∂E/∂w alone, as in (8), and α has a say again from the one after.",
  },
  early: {
    title: "Finding the middle",
    glance: "First the network learns the cheapest thing: a cautious answer between the extremes.",
    depth: "The output’s [bias] settles first: one answer for all [cases|case], as near to all of them as one answer can be.",
    maths: "The first term of E to fall is the one that the output’s [bias] controls: y approaches the mean of d over the [cases|case].",
  },
  plateau: {
    title: "The plateau",
    glance: "Nothing seems to happen. Under the surface the [hidden units|hidden unit] slowly grow apart.",
    depth: "All answers stay near one another and their [blame] nearly cancels. What is left over makes the [hidden units|hidden unit] differ a little more each [sweep], and the more they differ the faster it goes.",
    maths: "Summed over [cases|case], ∂E/∂w nearly vanishes: the terms of (6) have opposite signs. It grows in proportion to the weights that break the symmetry, so the escape is exponential: long nothing, then all at once.",
  },
  drop: {
    title: "The drop",
    glance: "Now it clicks: the [hidden units|hidden unit] have found something useful, and the answers part.",
    depth: "A [hidden unit] has become a useful feature. The output can lean on it, which sends it stronger [blame], which sharpens it further: both grow together and the [error] falls.",
    maths: "By (7) a larger w into the output means a larger ∂E/∂y below it, and by (6) a larger change there. Each factor feeds the other until y(1 − y) shrinks.",
  },
  learned: {
    title: "Learned",
    glance: "Every answer is on the right side. From here on the network only grows surer.",
    depth: "All [cases|case] are right. Answers creep on toward 0 and 1, ever more slowly, for they can reach neither.",
    maths: "All |y − d| < ½. The factor y(1 − y) of (5) goes to 0 with the error, so E falls only about as fast as a power of the sweeps.",
  },
  partly: {
    title: "On the way",
    glance: "Some answers are right already, others are still undecided.",
    depth: "Some [cases|case] are right. The [blame] of the others now has the network to itself.",
    maths: "Cases with small |y − d| add little to (6); the sum belongs to the others.",
  },
  stuck: {
    title: "Stuck",
    glance: "Some answer is still wrong, and letting it go on would not help: not even {patience} [sweeps|sweep] do. Try another [start].",
    depth: "Some [case] is still wrong, and with these settings it stays so: this [run] gets them all right in none of {patience} [sweeps|sweep]. The steepest slope of a [weight] at the end is {slope}; near 0, the [blame] of the [cases|case] cancels. Another [start] or one more [hidden unit] often helps.",
    maths: "Some |y − d| ≥ ½ in each of {patience} sweeps. At the end max |∂E/∂w| = {slope}: near 0 it is ground so flat that steps hardly move it; otherwise the steps, ε/(1 − α) in the long run, lead past what is lower.",
  },
  slow: {
    title: "Not yet",
    glance: "Some answer is still wrong, but this start is only slow: it would learn in sweep {would}. Take larger steps with [epsilon] or [alpha].",
    depth: "Some [case] is still wrong after 600 [sweeps|sweep]. Going on, this [run] would have them all right in sweep {would}. A larger [epsilon] makes longer steps, a larger [alpha] lets steps in the same direction add up.",
    maths: "Some |y − d| ≥ ½ yet; going on, the first sweep without is {would}. The step in the long run, ε/(1 − α), is {step}: a larger ε or α makes it longer. At the end max |∂E/∂w| = {slope}.",
  },
  impossible: {
    title: "One line is not enough",
    glance: "Without [hidden units|hidden unit] the network can only draw one {line}, and no {line} parts these corners. Watch it try.",
    depth: "With no [hidden unit] the output can only part the [cases|case] by one {line}. The corners that want 1 and those that want 0 lie crosswise: the task is not [linearly separable|separable], so the best it can do is say one half to all. Give it more [hidden units|hidden unit].",
    maths: "y = σ(w·p + b) is above ½ on one side of a {line} only. But {mixture}: the same point is a mixture of both classes, and no {line} has it on both sides. The least E is at w = 0, y = ½.",
  },
  oneUnit: {
    title: "One line is not enough",
    glance: "One [hidden unit] draws one {line}, and no {line} parts these corners. Give it more.",
    depth: "With one [hidden unit] the output hears one number only, from one {line}, and can but agree or disagree with it. The task is not [linearly separable|separable], so one {line} will not do. Give it more [hidden units|hidden unit].",
    maths: "y = σ(v σ(w·p + b) + c) rises or falls along w alone, so it is above ½ on one side of a {line} only, as without a [hidden unit].",
  },
};

const HAND = 6; // sweeps for which a change by hand is told
const LARGE = 2; // start range

/** @typedef {(run: Run, sweep: number) => boolean | number | null | undefined} Rule */
/** @type {[keyof typeof CHAPTERS, Rule][]} the first that holds is told */
const RULES = [
  ["diverged", ({ message: { diverged_at } }, sweep) => diverged_at && sweep >= diverged_at],
  ["byHand", ({ message }, sweep) => message.settings.by_hand.some((one) => sweep >= one.sweep && sweep < one.sweep + HAND)],
  ["learned", (run, sweep) => run.right(sweep) === run.nCases && run.meanError[sweep] < 0.2],
  ["alike", isAlike],
  ["zero", ({ message }, sweep) => sweep === 0 && message.settings.start === 0],
  ["large", ({ message }, sweep) => sweep === 0 && message.settings.start > LARGE],
  ["start", (_, sweep) => sweep === 0],
  ["still", ({ message }) => message.settings.epsilon === 0],
  ["impossible", ({ nHidden, message }) => nHidden === 0 && !message.separable],
  ["oneUnit", ({ nHidden, message }) => nHidden === 1 && !message.separable],
  ["frozen", isFrozen],
  ["drop", ({ message: { marks } }, sweep) => marks.drop && sweep > marks.drop[0] && sweep <= marks.drop[1]],
  ["slow", ({ message, last }, sweep) => message.later_at && sweep > last * 0.9],
  ["stuck", ({ message, last }, sweep) => message.outcome !== "learned" && sweep > last * 0.9],
  ["plateau", ({ message: { marks } }, sweep) => marks.plateau && sweep >= marks.plateau[0] && sweep <= marks.plateau[1]],
  ["early", (run, sweep) => sweep < (run.message.marks.plateau?.[0] ?? 60) && sweep < 60],
  ["partly", () => true],
];

/** Which chapter a sweep belongs to. @param {Run} run @param {number} sweep @returns {keyof typeof CHAPTERS} */
export const chapter = (run, sweep) => /** @type {[string, Rule]} */ (RULES.find(([, holds]) => holds(run, sweep)))[0];

/** What is told at a sweep, with its numbers. @param {Run} run @param {number} sweep @param {import("../shared/levels.js").Level} level */
export function told(run, sweep, level) {
  const { title, [level]: text } = CHAPTERS[chapter(run, sweep)];
  const { diverged_at, later_at, patience, settings } = run.message;
  const numbers = {
    line: () => (run.nInputs > 2 ? "flat cut" : "straight line"),
    mixture: () => (run.nInputs > 2 ? "the corners that want 1 and those that want 0 have the same mean, (½, ½, ½)" : "½(0,1) + ½(1,0) = ½(0,0) + ½(1,1)"),
    diverged: () => counted(diverged_at),
    would: () => counted(later_at),
    patience: () => counted(patience),
    since: () => counted(frozenSince(run, sweep)),
    slope: () => signed(Math.max(...run.gradient(run.last, null).map(Math.abs))).slice(1),
    step: () => String(Number(((settings.epsilon ?? 0) / (1 - (settings.alpha ?? 0))).toPrecision(3))),
  };
  return { title, text: filled(text, numbers) };
}
