/** The numbers of the unit or the connection that is looked at, in words. */

import { fixed, signed } from "../shared/format.js";

/** @typedef {import("./run.js").Run} Run */
/** @typedef {import("./run.js").Signals} Signals */
/** @typedef {import("./run.js").Unit} Unit */
/** @typedef {import("./run.js").Arc} Arc */
/** @typedef {import("../shared/fact_table.js").Fact} Fact */
/** @typedef {{run: Run, row: number, q: number, signals: Signals, steps: import("./run.js").Steps | null, silent: number[]}} Place */

/** Whether the weights out of a unit count for nothing. @param {Place} place @param {Unit} unit */
export const isLost = ({ silent }, unit) => unit.layer === "person code" && silent.includes(unit.unit);

/** What a unit sends to the next layer. @param {Place} place @param {Unit} unit */
export function sent(place, unit) {
  const { run, row, q, signals } = place;
  if (unit.above < 0) return Number(run.isOn(q, unit));
  return isLost(place, unit) ? 0 : signals.at("y", row, unit.above);
}

/** Every number that stands at a unit. @param {Place} place @param {Unit} unit @returns {Fact[]} */
export function unitFacts(place, unit) {
  const { run, row, q, signals } = place;
  if (unit.above < 0) return [{ name: "activity", value: String(sent(place, unit)), symbol: "y", key: `y:${unit.id}` }];
  const fact = (/** @type {string} */ name, /** @type {"x" | "y" | "dE_dy" | "dE_dx"} */ of, /** @type {string} */ symbol, write = signed) => ({ name, value: write(signals.at(of, row, unit.above)), symbol, key: `${of.replace("dE_", "")}:${unit.id}` });
  return [
    fact("total input", "x", "x"),
    fact("activity", "y", "y", (value) => fixed(value, 3)),
    ...(unit.layer === "output" ? [{ name: "goal", value: String(run.goal(q, unit)), symbol: "d", key: `d:${unit.id}` }] : []),
    fact("blame of its activity", "dE_dy", "∂E/∂y"),
    fact("blame of its input", "dE_dx", "∂E/∂x"),
  ];
}

/** Every number that stands at a connection. @param {Place} place @param {Arc} arc @returns {Fact[]} */
export function arcFacts({ run, row, signals, steps }, { index }) {
  return [
    { name: "weight", value: signed(run.weights(row)[index]), symbol: "w", key: `w:${index}` },
    { name: "its blame", value: signed(signals.gradient(row)[index]), symbol: "∂E/∂w", key: `dw:${index}` },
    ...(steps ? [{ name: "last change", value: signed(steps.step(row, index).change), symbol: "Δw", key: `change:${index}` }] : []),
  ];
}
