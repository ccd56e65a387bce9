/** The equations of the unit or the connection that is looked at, with their numbers. */

import { allSquares, arcEquations, unitEquations } from "../shared/equations.js";
import { isLost, sent } from "./numbers.js";

/** @typedef {import("./run.js").Unit} Unit */
/** @typedef {import("./run.js").Arc} Arc */
/** @typedef {import("./numbers.js").Place} Place */

/** @param {Place} place @param {Unit | Arc} part */
export const equations = (place, part) => ("from" in part ? ofArc(place, part) : ofUnit(place, part));

/** The equations of a unit for this question. @param {Place} place @param {Unit} unit */
function ofUnit(place, unit) {
  const { run, row, q, signals } = place;
  const w = run.weights(row);
  const at = (/** @type {"x" | "y" | "dE_dy" | "dE_dx"} */ name) => signals.at(name, row, unit.above);
  const bias = run.block(unit.layer, null).start + unit.unit;
  const isOutput = unit.layer === "output";
  const d = run.goal(q, unit);
  const { zone } = run.message;
  return unitEquations({
    unit: unit.id,
    x: at("x"),
    y: at("y"),
    dE_dy: at("dE_dy"),
    dE_dx: at("dE_dx"),
    heard: run.into(unit).map(({ index, from }) => ({ unit: from.id, value: sent(place, from), arc: index, w: w[index] })).filter(({ value }) => value !== 0),
    bias: { arc: bias, w: w[bias] },
    heeded: isLost(place, unit) ? [] : run.outOf(unit).map(({ index, to }) => ({ unit: to.id, value: signals.at("dE_dx", row, to.above), arc: index, w: w[index] })),
    goal: isOutput ? { d, ...(Math.abs(at("y") - d) < zone ? { is: "near", near: `within ${zone} of its goal` } : { is: "missed" }) } : null,
    error: isOutput ? { label: "(3)", right: allSquares(["told"], ["told"]), value: run.error(row) } : null,
  });
}

/** The equations of a connection for this question. @param {Place} place @param {Arc} arc */
function ofArc(place, { index, from, to }) {
  const { run, row, signals, steps } = place;
  const { epsilon, alpha } = run.message.stages[run.stage(run.message.sweeps[row])];
  return arcEquations({
    arc: index,
    dE_dw: signals.gradient(row)[index],
    from: { unit: from.id, y: sent(place, from) },
    to: { unit: to.id, dE_dx: signals.at("dE_dx", row, to.above) },
    step: steps && row > 0 ? { ...steps.step(row, index), epsilon, alpha } : null,
  });
}
