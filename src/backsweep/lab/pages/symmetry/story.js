/** What happens at this moment, as it would be told: a heading and a sentence, by level. */

/** @typedef {import("./run.js").Run} Run */
/** @typedef {import("../shared/levels.js").Text} Text */

/** @type {Record<string, {title: string, text: Text}>} */
export const CHAPTERS = {
  start: {
    title: "Before learning",
    text: {
      glance: "Does the row of six read the same from both ends? The [weights|weight] are small and random, so the network says much the same to every row.",
      depth: "The first task of the letter. Small random [weights|weight] leave all outputs near one half: every square of the grid is half full, and the diagonal does not stand out.",
      maths: "With w from U(−0.3, 0.3) every x is near 0 and every y near ½, unless you choose another [start].",
    },
  },
  early: {
    title: "The easy answer: no",
    text: {
      glance: "Only 8 of 64 rows are symmetric, so always saying no is right seven times in eight. The network learns that first.",
      depth: "The output’s [bias] settles first: one low answer for all 64 [cases|case]. The 56 that are not symmetric come right, the diagonal does not.",
      maths: "y nears the mean of d, 8/64. What is left of E is 8 · ½(7/8)² + 56 · ½(1/8)², which no common answer makes smaller.",
    },
  },
  plateau: {
    title: "The plateau",
    text: {
      glance: "For a long time all answers stay low. Under the surface the left and the right of the middle slowly turn against each other.",
      depth: "The [error] hardly falls, since the [blame] of the eight symmetric rows nearly cancels among the inputs. Watch the bars: [weights|weight] at mirror places drift to opposite signs.",
      maths: "∂E/∂w nearly vanishes: d goes with the products pᵢ·p₍₇₋ᵢ₎ and with no pᵢ alone, so that the weights are driven only as far as they have grown already: by about a constant factor a [sweep], long too small to be seen.",
    },
  },
  drop: {
    title: "The mirror forms",
    text: {
      glance: "Now it clicks: both sides balance, and the diagonal fills.",
      depth: "The [hidden units|hidden unit] have become useful, so they are sent stronger [blame], which sharpens them: pairs of [weights|weight] grow equal and opposite within a few hundred [sweeps|sweep], and the diagonal parts from the rest.",
      maths: "By (6) and (7) the weights into and out of a [hidden unit] feed each other’s growth. The symmetric part wᵢ + w₍₇₋ᵢ₎ dies away, the antisymmetric wᵢ − w₍₇₋ᵢ₎ grows.",
    },
  },
  learned: {
    title: "Learned",
    text: {
      glance: "All 64 answers are right. Rows that come near to symmetric are still close calls, and the weights keep sorting themselves out.",
      depth: "All 64 are right, but some only just: the ratio of one side is still on its way, since rows that differ from symmetric by the smallest weight hardly tip the balance.",
      maths: "All |y − d| < ½. The cases with the least |x − b|, those that differ in the pair of the smallest weight, now dominate (6) and pull the ratios apart.",
    },
  },
  settled: {
    title: "A mirror detector",
    text: {
      glance: "Two units are enough: each balances left against right, and only a symmetric row leaves both of them silent.",
      depth: "Every answer is within 0.1 of its goal. Two [hidden units|hidden unit] with opposite signs stay off for symmetric rows alone: a [mirror detector] that nobody designed.",
      maths: "All |y − d| < 0.1. The two units see ±Σ wᵢ(pᵢ − p₍₇₋ᵢ₎): for every row but the symmetric ones one of them is on, and its negative [weight] turns the output off.",
    },
  },
  stuck: {
    title: "Stuck",
    text: {
      glance: "This start has not found the mirror in 20,000 sweeps. Better weights exist, but from here no small step leads there. Try another [start].",
      depth: "Some [case] is still wrong after 20,000 [sweeps|sweep]: the two [hidden units|hidden unit] have settled on something else. About one [start] in fifteen ends so with the letter’s settings.",
      maths: "∂E/∂w is near 0 though E is not: a local minimum, or ground so flat that 20,000 steps do not leave it.",
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
 * Which chapter a moment belongs to.
 * @param {Run} run
 * @param {number} row
 * @returns {keyof typeof CHAPTERS}
 */
export function chapter(run, row) {
  const { diverged_at, learned_at, settled_at, marks } = run.message;
  const sweep = run.sweep(row);
  if (diverged_at && sweep >= diverged_at) return "diverged";
  if (sweep === 0) return "start";
  if (run.right(row) === run.nCases) return settled_at && sweep >= settled_at ? "settled" : "learned";
  if (!learned_at && row > 0.8 * run.last) return "stuck";
  const { drop } = marks;
  if (drop && sweep > drop[0] && sweep <= Math.max(drop[1], learned_at)) return "drop";
  return sweep < 60 ? "early" : "plateau";
}
