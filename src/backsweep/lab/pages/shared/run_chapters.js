/** What can happen to any small run: chapters that pages share, and how they are known. */

/** @typedef {import("./run.js").Run<import("./run.js").Told>} Run */
/** @typedef {{title: string} & import("./levels.js").Text} Chapter its texts with numbers still to be put in, as {since} */

/** @type {Record<string, Chapter>} */
export const SHARED = {
  large: {
    title: "Before learning",
    glance: "The [weights|weight] are random and large, so the network already gives strong answers, right or wrong.",
    depth: "With large [weights|weight] many [units|unit] say nearly 0 or 1 before they have learned anything, and little [blame] passes through such a unit.",
    maths: "With large w many y are near 0 or 1, where the factor y(1 − y) of (5) is small: ∂E/∂w is small, too, however wrong the answer.",
  },
  still: {
    title: "Standing still",
    glance: "Epsilon is 0: the [blame] is there, but no step is taken. Make it larger.",
    depth: "With [epsilon] 0 every [weight] stays where the [start] put it.",
    maths: "Δw = −ε ∂E/∂w with ε = 0: the slope is there, and nothing follows it.",
  },
  frozen: {
    title: "Out of hearing",
    glance: "The output was driven so far to one side that it hardly hears the [blame] for its mistakes any more: since sweep {since}. Try a smaller epsilon, or a smaller start range.",
    depth: "Since sweep {since} some answer is as wrong as it can be, and there a [unit] hardly passes [blame] on. The steps were too large, or the first [weights|weight]: try a smaller [epsilon], a lower [alpha] or a smaller start range.",
    maths: "For a wrong case y(1 − y) is nearly 0, and with it ∂E/∂x by (5), since sweep {since}. ε/(1 − α), the step in the long run, is too large, or the start: try smaller ones.",
  },
  diverged: {
    title: "Out of range",
    glance: "The steps were so large that in sweep {diverged} the numbers left what a computer can hold. Try a smaller epsilon.",
    depth: "The [weights|weight] overflowed in sweep {diverged}. Try a smaller [epsilon] or a lower [alpha].",
    maths: "ε/(1 − α), the step in the long run, is too large here: in sweep {diverged} the weights left the range of the numbers. A smaller one stays within it.",
  },
};

const DEAF = 0.002; // dE/dx of an output that is wrong and saturated: |y - d| > 1/2, y(1 - y) tiny

/** Whether some answer is wrong and hardly sends any blame back. @param {Run} run @param {number} row */
export const isFrozen = (run, row) => run.message.inputs.some((_, k) => !run.isRight(row, k) && Math.abs(run.at("dE_dx", row, k, run.nUnits - 1)) < DEAF);

/** The row from which on that is so without a break. @param {Run} run @param {number} row */
export function frozenSince(run, row) {
  while (row > 0 && isFrozen(run, row - 1)) row--;
  return row;
}

/** Whether all hidden units have the same weights. @param {Run} run @param {number} row */
export function isAlike(run, row) {
  const w = run.weights(row);
  const [into, bias, out] = run.message.blocks.map((block) => block.start);
  const units = Array.from({ length: run.nHidden }, (_, k) => [...w.subarray(into + k * run.nInputs, into + (k + 1) * run.nInputs), w[bias + k], w[out + k]].join());
  return run.nHidden > 1 && new Set(units).size === 1;
}

/** Put numbers in by their names. @param {string} words @param {Record<string, () => string>} numbers */
export const filled = (words, numbers) => words.replace(/{(\w+)}/g, (_, name) => numbers[name]());
