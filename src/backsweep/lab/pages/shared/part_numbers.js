/** The numbers of a part of a small network, in words. */

import { fixed, signed } from "./format.js";
import * as table from "./fact_table.js";

/** @typedef {import("./run.js").Run<import("./run.js").Told>} Run */
/** @typedef {import("./network_diagram.js").Part} Part */
/** @typedef {import("./fact_table.js").Fact} Fact */
/** @typedef {{run: Run, sweep: number, k: number | null, part: Part, parts: Part[]}} Place k is the case, null for all */

/** Every number that stands at a part. @param {Place} place @returns {Fact[]} */
function facts({ run, sweep, k, part }) {
  const at = part.index;
  if (part.kind === "arc") {
    return [
      { name: part.from < 0 ? "bias" : "weight", value: signed(run.weights(sweep)[at]), symbol: "w", key: `w:${at}` },
      { name: k === null ? "its blame, all cases" : "its blame", value: signed(run.gradient(sweep, k)[at]), symbol: "∂E/∂w", key: `dw:${at}` },
      ...(run.arrays.change ? [{ name: "last change", value: signed(run.change(sweep)[at]), symbol: "Δw", key: `change:${at}` }] : []),
    ];
  }
  const unit = at - run.nInputs;
  const { inputs } = run.message;
  if (unit < 0) return [{ name: "activity", value: k === null ? inputs.map((input) => input[at]).join(", ") : String(inputs[k][at]), symbol: "y", key: `y:${at}` }];
  const each = (/** @type {"y" | "x" | "dE_dy" | "dE_dx"} */ name, /** @type {(v: number) => string} */ write) =>
    k === null ? inputs.map((_, c) => write(run.at(name, sweep, c, unit))).join(", ") : write(run.at(name, sweep, k, unit));
  return [
    { name: "total input", value: each("x", signed), symbol: "x", key: `x:${at}` },
    { name: "activity", value: each("y", (v) => fixed(v, 3)), symbol: "y", key: `y:${at}` },
    { name: "blame of its activity", value: each("dE_dy", signed), symbol: "∂E/∂y", key: `dy:${at}` },
    { name: "blame of its input", value: each("dE_dx", signed), symbol: "∂E/∂x", key: `dx:${at}` },
    ...(k === null ? [{ name: "summed over the cases", value: signed(run.blame(sweep, null, unit)), symbol: "Σ ∂E/∂x", key: `dw:${run.bias(unit)}` }] : []),
  ];
}

/** The name of a part. @param {Run} run @param {Part} part */
export function named(run, part) {
  if (part.kind === "unit") return run.label(part.index);
  return part.from < 0 ? `Bias of ${run.label(part.to)}` : `${run.label(part.from)} → ${run.label(part.to)}`;
}

/** All of it in a line, for screen readers. @param {Place} place */
export const said = (place) => table.said(named(place.run, place.part), facts(place));

/** A table of the numbers. @param {Place} place @param {boolean} symbols */
export const factTable = (place, symbols) => table.factTable(facts(place), symbols);

/** Write the numbers of another sweep or case into a table of the same part. @param {Element} table @param {Place} place */
export function refill(table, place) {
  const cells = table.querySelectorAll("dd");
  facts(place).forEach((fact, k) => (cells[k].textContent = fact.value));
}
