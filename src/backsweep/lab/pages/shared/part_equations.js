/** The equations of a part of a small network, with their numbers. */

import { arcEquations, unitEquations } from "./equations.js";
import { equationBlock, linked, o, sub, valued } from "./mathml.js";

/** @typedef {import("./part_numbers.js").Place} Place */

/** The equations of a part for one case, each symbol linked to what stands for its number. @param {Place} place */
export function equations({ run, sweep, k, part, parts }) {
  const c = k ?? 0;
  const w = run.weights(sweep);
  const at = part.index;
  const unit = at - run.nInputs;
  if (part.kind === "arc") {
    const { settings } = /** @type {any} */ (run.message);
    const step = run.step(sweep, at);
    return arcEquations({
      arc: at,
      dE_dw: run.gradient(sweep, c)[at],
      from: part.from < 0 ? null : { unit: String(part.from), y: run.activity(sweep, c, part.from) },
      to: { unit: String(part.to), dE_dx: run.at("dE_dx", sweep, c, part.to - run.nInputs) },
      step: step && { ...step, epsilon: settings.epsilon, alpha: settings.alpha },
    });
  }
  if (unit < 0) return equationBlock([{ label: "", terms: [[linked(sub("y", "i"), `y:${at}`), o("="), valued(run.activity(sweep, c, at), `y:${at}`)]] }]);
  const arcs = parts.filter((one) => one.kind === "arc");
  const isOutput = unit === run.nUnits - 1;
  const bias = run.bias(unit);
  const cases = (/** @type {string} */ name) => run.message.case_names.map((one) => `${name}:${at}:${one}`);
  return unitEquations({
    unit: String(at),
    x: run.at("x", sweep, c, unit),
    y: run.at("y", sweep, c, unit),
    dE_dy: run.at("dE_dy", sweep, c, unit),
    dE_dx: run.at("dE_dx", sweep, c, unit),
    heard: arcs.filter((one) => one.to === at && one.from >= 0).map((one) => ({ unit: String(one.from), value: run.activity(sweep, c, one.from), arc: one.index, w: w[one.index] })),
    bias: { arc: bias, w: w[bias] },
    heeded: arcs.filter((one) => one.from === at).map((one) => ({ unit: String(one.to), value: run.at("dE_dx", sweep, c, one.to - run.nInputs), arc: one.index, w: w[one.index] })),
    goal: isOutput ? { d: run.message.desired[c][0], within: null } : null,
    error: isOutput ? { value: run.arrays.error[sweep], y: cases("y"), d: cases("d") } : null,
  });
}
