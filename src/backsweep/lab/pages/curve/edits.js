/** Weights set by hand, as the address says them. */

/** @typedef {import("../shared/messages.js").WeightSet} WeightSet */

const ONE = "\\d{1,3}:\\d{1,2}:-?\\d+(\\.\\d+)?(e-?\\d+)?";

/** What the address may say: sweep:parameter:value, one after another. */
export const PATTERN = new RegExp(`^(${ONE}(,${ONE})*)?$`);

/** @param {string} text @returns {WeightSet[]} in the order of setting */
export const read = (text) =>
  text.split(",").filter(Boolean).map((one) => {
    const [sweep, parameter, value] = one.split(":").map(Number);
    return { sweep, parameter, value };
  });

/** @param {readonly WeightSet[]} sets */
export const written = (sets) => sets.map(({ sweep, parameter, value }) => `${sweep}:${parameter}:${value}`).join(",");
