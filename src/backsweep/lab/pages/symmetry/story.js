/** What happens at this moment, as it would be told: a heading and a sentence, by level. */

import { counted, percent } from "../shared/format.js";
import { filled, frozenSince, isAlike, isFrozen, SHARED } from "../shared/run_chapters.js";

/** @typedef {import("./run.js").Run} Run */
/** @typedef {import("../shared/run_chapters.js").Chapter} Chapter */

/** @type {Record<string, Chapter>} */
const CHAPTERS = {
  ...SHARED,
  start: {
    title: "Before learning",
    glance: "Does the row of six read the same from both ends? The [weights|weight] are small and random, so the network says much the same to every row.",
    depth: "The first task of the letter. Small random [weights|weight] leave all outputs near one half: every square of the grid is half full, and the diagonal does not stand out.",
    maths: "With w from U(−0.3, 0.3) every x is near 0 and every y near ½, unless you choose another [start].",
  },
  early: {
    title: "The easy answer: no",
    glance: "Only 8 of 64 rows are symmetric, so always saying no is right seven times in eight. The network learns that first.",
    depth: "The output’s [bias] settles first: one low answer for all 64 [cases|case]. The 56 that are not symmetric come right, the diagonal does not.",
    maths: "y nears the mean of d, 8/64. What is left of E is 8 · ½(7/8)² + 56 · ½(1/8)², which no common answer makes smaller.",
  },
  plateau: {
    title: "The plateau",
    glance: "For a long time all answers stay low. Under the surface the left and the right of the middle slowly turn against each other.",
    depth: "The [error] hardly falls, since the [blame] of the eight symmetric rows nearly cancels among the inputs. Watch the bars: [weights|weight] at mirror places drift to opposite signs.",
    maths: "∂E/∂w nearly vanishes: d goes with the products pᵢ·p₍₇₋ᵢ₎ and with no pᵢ alone, so that the weights are driven only as far as they have grown already: by about a constant factor a [sweep], long too small to be seen.",
  },
  deaf: {
    title: "The plateau",
    glance: "For a long time every answer is no, so firmly that hardly any [blame] for the eight wrong ones comes back. Under the surface the left and the right of the middle slowly turn against each other.",
    depth: "The output went too far: it says no so firmly that it passes on hardly any [blame] for the eight symmetric rows, and what it passes on nearly cancels among the inputs. Watch the bars: [weights|weight] at mirror places drift to opposite signs.",
    maths: "For the eight symmetric [cases|case] y(1 − y) is nearly 0, and with it ∂E/∂x by (5). d goes with the products pᵢ·p₍₇₋ᵢ₎ and with no pᵢ alone, so that what is left drives the weights only as far as they have grown already: long too little to be seen.",
  },
  drop: {
    title: "The mirror forms",
    glance: "Now it clicks: both sides balance, and the diagonal fills.",
    depth: "The [hidden units|hidden unit] have become useful, so they are sent stronger [blame], which sharpens them: pairs of [weights|weight] grow equal and opposite within a few hundred [sweeps|sweep], and the diagonal parts from the rest.",
    maths: "By (6) and (7) the weights into and out of a [hidden unit] feed each other’s growth. The symmetric part wᵢ + w₍₇₋ᵢ₎ dies away, the antisymmetric wᵢ − w₍₇₋ᵢ₎ grows.",
  },
  learned: {
    title: "Learned",
    glance: "All 64 answers are right. Rows that come near to symmetric are still close calls, and the weights keep sorting themselves out.",
    depth: "All 64 are right, but some only just: the ratio of one side is still on its way, since rows that differ from symmetric by the smallest weight hardly tip the balance.",
    maths: "All |y − d| < ½. The cases with the least |x − b|, those that differ in the pair of the smallest weight, now dominate (6) and pull the ratios apart.",
  },
  settled: {
    title: "A mirror detector",
    glance: "Two units are enough: each balances left against right, and only a symmetric row leaves both of them silent.",
    depth: "Every answer is within 0.1 of its goal. Two [hidden units|hidden unit] with opposite signs stay off for symmetric rows alone: a [mirror detector] that nobody designed.",
    maths: "All |y − d| < 0.1. The two units see ±Σ wᵢ(pᵢ − p₍₇₋ᵢ₎): for every row but the symmetric ones one of them is on, and its negative [weight] turns the output off.",
  },
  partly: {
    title: "On the way",
    glance: "Some rows are right already, others are still undecided.",
    depth: "{right} of 64 [cases|case] are right. The [blame] of the others now has the network to itself.",
    maths: "{right} of 64 have |y − d| < ½. They add little to (6); the sum belongs to the others.",
  },
  alike: {
    title: "All alike",
    glance: "Both [hidden units|hidden unit] began alike, so they are sent the same [blame] and stay alike for ever. Raise the start range.",
    depth: "The two [hidden units|hidden unit] have equal [weights|weight], so equal [blame] comes back to them, and every change leaves them equal: together they are no more than one unit, and the mirror takes two. A [start] must be random to part them.",
    maths: "Equal rows of w get equal ∂E/∂w by (6) and (7), hence equal Δw: a symmetry that gradient descent cannot break.",
  },
  later: {
    title: "Not yet",
    glance: "After {limit} sweeps some row is still wrong. The lab let this [start] go on unseen: it learns in sweep {later}.",
    depth: "{right} of 64 [cases|case] are right after {limit} [sweeps|sweep], where this page ends. That is late, not lost: the lab let this [start] go on, and in sweep {later} all 64 are right. With the letter’s settings about one start in fifteen takes more than 20,000.",
    maths: "All |y − d| < ½ for the first time in sweep {later}. Until then the ground is so flat that ε ∂E/∂w moves w by little in a [sweep].",
  },
  slow: {
    title: "Too slow",
    glance: "After {limit} sweeps some row is still wrong, but the [error] still falls: by {fall} in the last tenth of them. Try a larger epsilon.",
    depth: "{right} of 64 [cases|case] are right. The [error] fell by {fall} in the last tenth of the {limit} [sweeps|sweep], so it has come to no rest; but nor had this [start] learned after {patience}. Try a larger [epsilon] or a higher [alpha].",
    maths: "E fell by {fall} in the last tenth of {limit} sweeps: ε/(1 − α), the step in the long run, is small for so flat a ground. Not all |y − d| < ½ within {patience}, either.",
  },
  stuck: {
    title: "Stuck",
    glance: "After {limit} sweeps some row is still wrong, after {patience}, too, and the [error] hardly falls any more. Try another [start], or other settings.",
    depth: "{right} of 64 [cases|case] are right, and in the last tenth of the {limit} [sweeps|sweep] the [error] fell by {fall}. The lab let this [start] go on to {patience}: it does not learn by then. Most such runs end with an output that says no to every row, and passes on hardly any [blame] for the eight that it has wrong.",
    maths: "∂E/∂w is near 0 though E is not, and E fell by {fall} in the last tenth: ground so flat that {patience} steps do not leave it. At E = 4 all eight symmetric rows are wrong by 1, where y(1 − y) leaves nothing of (5).",
  },
};

const STRONG = 0.3; // from one half, by which a first answer is called a strong one
const FALLING = 0.001; // of the error, which still falls if it loses that in the last tenth

/** Whether some first answer is a strong one. @param {Run} run */
const isLarge = (run) => run.message.inputs.some((_, k) => Math.abs(run.output(0, k) - 0.5) > STRONG);

/** Which share of itself the error loses in the last tenth of the sweeps. @param {Run} run */
function fall({ meanError, message: { sweeps }, last }) {
  const before = meanError[sweeps.findIndex((sweep) => sweep >= 0.9 * sweeps[last])];
  return Math.max(0, (before - meanError[last]) / before);
}

/** @typedef {(run: Run, row: number, sweep: number) => boolean | number | null} Rule */
/** @type {[string, Rule][]} the first that holds is told */
const RULES = [
  ["diverged", ({ message: { diverged_at } }, _, sweep) => diverged_at && sweep >= diverged_at],
  ["settled", (run, row, sweep) => run.right(row) === run.nCases && run.message.settled_at && sweep >= run.message.settled_at && run.areMirrors(row)],
  ["learned", (run, row) => run.right(row) === run.nCases],
  ["alike", isAlike],
  ["large", (run, row) => row === 0 && isLarge(run)],
  ["start", (_, row) => row === 0],
  ["still", ({ message }) => message.settings.epsilon === 0],
  ["frozen", (run, row) => !run.message.learned_at && !run.message.later_at && isFrozen(run, row)],
  ["later", (run, row) => run.message.later_at && isEnding(run, row)],
  ["slow", (run, row) => isEnding(run, row) && fall(run) > FALLING],
  ["stuck", isEnding],
  ["drop", ({ message: { marks, learned_at } }, _, sweep) => learned_at && marks.drop && sweep > marks.drop[0] && sweep <= Math.max(marks.drop[1], learned_at)],
  ["early", (run, row, sweep) => !isLarge(run) && (sweep < 60 || row < run.firstLow)],
  ["deaf", (run, row) => run.isLow(row) && isFrozen(run, row)],
  ["plateau", (run, row) => run.isLow(row)],
  ["partly", () => true],
];

/** Whether it comes to its end without having learned. @param {Run} run @param {number} row */
function isEnding(run, row) {
  const { learned_at, diverged_at, sweeps } = run.message;
  return !learned_at && !diverged_at && sweeps[row] > 0.9 * sweeps[run.last];
}

/**
 * What is told of a moment: which chapter, and its words with their numbers.
 * @param {Run} run @param {number} row
 * @returns {Chapter & {name: string}}
 */
export function told(run, row) {
  const { diverged_at, later_at, limit, patience } = run.message;
  const [name] = /** @type {[string, Rule]} */ (RULES.find(([, holds]) => holds(run, row, run.sweep(row))));
  const numbers = {
    diverged: () => counted(diverged_at),
    since: () => counted(run.sweep(frozenSince(run, row))),
    later: () => counted(later_at),
    limit: () => counted(limit),
    patience: () => counted(patience),
    right: () => counted(run.right(row)),
    fall: () => percent(fall(run)),
  };
  const { title, ...texts } = CHAPTERS[name];
  return { name, title, glance: filled(texts.glance, numbers), depth: filled(texts.depth, numbers), maths: filled(texts.maths, numbers) };
}
