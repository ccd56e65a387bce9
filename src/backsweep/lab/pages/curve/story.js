/** What happens at this sweep, as it would be told: a heading and a sentence, by level. */

/** @typedef {import("../shared/run.js").Run} Run */
/** @typedef {import("../shared/levels.js").Text} Text */

/** @type {Record<string, {title: string, text: Text}>} */
export const CHAPTERS = {
  start: {
    title: "Before learning",
    text: {
      glance: "The [weights|weight] are small and random, so the network says nearly the same to every question.",
      depth: "Small random [weights|weight] leave every [unit] near one half. They must be random: two [hidden units|hidden unit] that began alike would be sent the same [blame] and stay alike for ever.",
      maths: "With small w each x is near 0 and each y near ½. Equal rows of w would get equal ∂E/∂w, so the [start] must break the symmetry.",
    },
  },
  early: {
    title: "Finding the middle",
    text: {
      glance: "First the network learns the cheapest thing: a cautious answer between the extremes.",
      depth: "The output’s [bias] settles first: one answer for all [cases|case], as near to all of them as one answer can be.",
      maths: "The first term of E to fall is the one that the output’s [bias] controls: y approaches the mean of d over the [cases|case].",
    },
  },
  plateau: {
    title: "The plateau",
    text: {
      glance: "Nothing seems to happen. Under the surface the [hidden units|hidden unit] slowly grow apart.",
      depth: "All answers stay near one another and their [blame] nearly cancels. What is left over makes the [hidden units|hidden unit] differ a little more each [sweep], and the more they differ the faster it goes.",
      maths: "Summed over [cases|case], ∂E/∂w nearly vanishes: the terms of (6) have opposite signs. It grows in proportion to the weights that break the symmetry, so the escape is exponential: long nothing, then all at once.",
    },
  },
  drop: {
    title: "The drop",
    text: {
      glance: "Now it clicks: the [hidden units|hidden unit] have found something useful, and the answers part.",
      depth: "A [hidden unit] has become a useful feature. The output can lean on it, which sends it stronger [blame], which sharpens it further: both grow together and the [error] falls.",
      maths: "By (7) a larger w into the output means a larger ∂E/∂y below it, and by (6) a larger change there. Each factor feeds the other until y(1 − y) shrinks.",
    },
  },
  learned: {
    title: "Learned",
    text: {
      glance: "Every answer is on the right side. From here on the network only grows surer.",
      depth: "All [cases|case] are right. Answers creep on toward 0 and 1, ever more slowly, for they can reach neither.",
      maths: "All |y − d| < ½. The factor y(1 − y) of (5) now goes to 0 with the error, so E falls only about as fast as a power of the sweeps.",
    },
  },
  partly: {
    title: "On the way",
    text: {
      glance: "Some answers are right already, others are still undecided.",
      depth: "Some [cases|case] are right. The [blame] of the others now has the network to itself.",
      maths: "Cases with small |y − d| add little to (6); the sum belongs to the others.",
    },
  },
  stuck: {
    title: "Stuck",
    text: {
      glance: "This start ends in a hollow: better answers exist, but every small step from here is uphill. Try another [start].",
      depth: "Some [case] is still wrong. Either the [sweeps|sweep] were too few, or the [hidden units|hidden unit] have settled on features with which the rest cannot be told apart, and their [blame] cancels. Another [start] or one more [hidden unit] helps.",
      maths: "∂E/∂w is near 0 though E is not: a local minimum, or ground so flat that no step leaves it within 600 [sweeps|sweep]. Saturated units, y(1 − y) ≈ 0, can hold it there.",
    },
  },
  impossible: {
    title: "One line is not enough",
    text: {
      glance: "Without [hidden units|hidden unit] the network can only draw one straight line, and no straight line parts these corners. Watch it try.",
      depth: "With no [hidden unit] the output can only part the [cases|case] by one straight line. The corners that want 1 and those that want 0 lie crosswise: the task is not [linearly separable|separable], so the best it can do is say one half to all. Give it two [hidden units|hidden unit].",
      maths: "y = σ(w·p + b) is above ½ on one side of a line only. But ½(0,1) + ½(1,0) = ½(0,0) + ½(1,1): the same point is a mixture of both classes, and no line has it on both sides. The least E is at w = 0, y = ½.",
    },
  },
  diverged: {
    title: "Out of range",
    text: {
      glance: "The steps were so large that the numbers left what a computer can hold. Try a smaller epsilon.",
      depth: "The [weights|weight] overflowed. Try a smaller [epsilon] or a lower [alpha].",
      maths: "ε/(1 − α), the step in the long run, is too large here: the weights left the range of the numbers.",
    },
  },
};

/**
 * Which chapter a sweep belongs to.
 * @param {Run} run
 * @param {number} sweep
 * @returns {keyof typeof CHAPTERS}
 */
export function chapter(run, sweep) {
  const { diverged_at, marks, outcome, separable } = run.message;
  if (diverged_at && sweep >= diverged_at) return "diverged";
  if (run.nHidden === 0 && !separable && sweep > 0) return "impossible";
  if (sweep === 0) return "start";
  if (run.right(sweep) === run.nCases && run.meanError[sweep] < 0.2) return "learned";
  const { plateau, drop } = marks;
  if (drop && sweep > drop[0] && sweep <= drop[1]) return "drop";
  if (outcome !== "learned" && sweep > run.last * 0.9) return "stuck";
  if (plateau && sweep >= plateau[0] && sweep <= plateau[1]) return "plateau";
  if (run.right(sweep) > run.nCases / 2 && plateau && sweep > plateau[1]) return "partly";
  if (!plateau || sweep < plateau[0]) return sweep < 60 ? "early" : "partly";
  return "partly";
}
