/** What came of a whole map, in words. */

import { counted, fixed, percent } from "../shared/format.js";
import { SETTINGS, number } from "./axes.js";

/** What came of all cells. @param {import("../shared/messages.js").MapSettings} of @param {import("../shared/messages.js").MapSummary} done */
export function inWords(of, done) {
  const total = of.cells ** 2;
  if (of.show === "convergence") {
    const edge = done.dimension === null ? "" : ` The edge runs through ${percent(done.boundary ?? 0)} of it; counting boxes, its dimension is ${fixed(done.dimension, 2)} (a line has 1).`;
    return `${counted(of.cells ** 2 * of.runs)} networks. ${percent(done.counts.converged / total)} of the cells learn.${edge}`;
  }
  const { counts, best } = done;
  const at = best ? ` Best, at the star: ${SETTINGS[of.x.setting].short} ${number(best.x, best.x / 100)}, ${SETTINGS[of.y.setting].short} ${number(best.y, Math.max(best.y, 0.01) / 100)}.` : "";
  return `${counted(total * of.runs)} networks. In ${percent(counts["all learned"] / total)} of the cells all learned, in ${percent(counts["some learned"] / total)} some, in ${percent((counts["none learned"] + counts["all diverged"]) / total)} none.${at}`;
}
