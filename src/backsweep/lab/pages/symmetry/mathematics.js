/** What the symmetry page writes as equations: those of a part, and the ratio of one side. */

import { m } from "../shared/dom.js";
import { equationBlock, linked, n, o, sub } from "../shared/mathml.js";
import { fixed } from "../shared/format.js";
import { stand } from "../shared/links.js";

export { equations } from "../shared/part_equations.js";

/** @typedef {import("./run.js").Run} Run */

const UNITS = [0, 1];

/** One side of each unit as equations: the sizes of mirror pairs, and their ratio. @param {Run} run @param {number} row */
export function ratioEquations(run, row) {
  const weight = (/** @type {number} */ unit, /** @type {number} */ k) => linked(sub("w", String(k + 1)), `w:${run.arc(unit, k)}`);
  return equationBlock(
    UNITS.map((unit) => {
      const w = run.into(row, unit);
      const sides = run.half("magnitudes", row, unit);
      const ratios = run.half("ratios", row, unit);
      const pairs = [0, 1, 2].sort((a, b) => Math.abs(w[a] - w[5 - a]) - Math.abs(w[b] - w[5 - b]));
      const colon = (/** @type {number} */ k) => (k ? [o(":")] : []);
      const valued = (/** @type {number} */ value, /** @type {string} */ key) => stand(n(fixed(value, 2)), key);
      return {
        label: `Hidden ${unit + 1}`,
        terms: [
          ...pairs.map((pair, k) => [...colon(k), m("mfrac", {}, n("1"), n("2")), o("|"), weight(unit, pair), o("−"), weight(unit, 5 - pair), o("|")]),
          [o("="), ...Array.from(sides).flatMap((value, k) => [...colon(k), valued(value, `side:${unit}:${k}`)])],
          ...(run.isLopsided(row, unit) ? [] : [[o("="), ...Array.from(ratios).flatMap((value, k) => [...colon(k), valued(value, `ratio:${unit}:${k}`)])]]),
        ],
      };
    }),
  );
}
