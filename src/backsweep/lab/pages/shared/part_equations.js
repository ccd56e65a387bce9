/** The equations of a part of a small network, with their numbers. */

import { allSquares, arcLines, errorLine, unitEquations } from "./equations.js";
import { equationBlock, linked, o, sub, valued } from "./mathml.js";

/** @typedef {import("./part_numbers.js").Place} Place */

/** The equations of a part, each symbol linked to what stands for its number. @param {Place} place */
export function equations({ k, ...place }) {
  const { run, sweep, part } = place;
  const at = part.index;
  const isArc = part.kind === "arc";
  if (!isArc && k !== null) return unitOf({ ...place, k });
  // Of all cases: what is a sum over them, (3) of an output, (6) of an arc or a unit's bias.
  const to = isArc ? part.to : at;
  const unit = to - run.nInputs;
  if (unit < 0) return equationBlock([]);
  const { inputs, desired, case_names, settings } = /** @type {any} */ (run.message);
  const each = (/** @type {(c: number) => number} */ value) => (k === null ? [...inputs.keys()] : [k]).map(value);
  const arc = isArc ? at : run.bias(unit);
  const step = isArc ? run.step(sweep, arc) : null;
  const lines = arcLines({
    arc,
    dE_dw: run.gradient(sweep, k)[arc],
    from: isArc && part.from >= 0 ? { unit: String(part.from), y: each((c) => run.activity(sweep, c, part.from)) } : null,
    to: { unit: String(to), dE_dx: each((c) => run.at("dE_dx", sweep, c, unit)) },
    step: step && { ...step, epsilon: settings.epsilon, alpha: settings.alpha },
  });
  if (isArc || unit < run.nUnits - 1) return equationBlock(lines);
  const cases = case_names.map((/** @type {string} */ name, /** @type {number} */ c) => ({ y: run.output(sweep, c), d: desired[c][0], keys: [`y:${at}:${name}`, `d:${at}:${name}`] }));
  return equationBlock([errorLine({ value: run.arrays.error[sweep], cases }), ...lines]);
}

/** @param {Place & {k: number}} place */
function unitOf({ run, sweep, k: c, part, parts }) {
  const w = run.weights(sweep);
  const at = part.index;
  const unit = at - run.nInputs;
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
    goal: isOutput ? { d: run.message.desired[c][0], is: "missed" } : null,
    error: isOutput ? { label: "(3)", right: allSquares(cases("y"), cases("d")), value: run.arrays.error[sweep] } : null,
  });
}
