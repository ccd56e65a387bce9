/** The numbers of the unit that is pointed at: in words, or as equations. */

import { h, m } from "../shared/dom.js";
import { fixed, signed } from "../shared/format.js";
import { i, n, number, o, slope, sub, wrapped } from "../shared/mathml.js";

/** @typedef {import("./run.js").Run} Run */
/** @typedef {import("./run.js").Signals} Signals */
/** @typedef {import("./layers.js").Unit} Unit */
/** @typedef {{run: Run, row: number, q: number, signals: Signals | null, unit: Unit, silent: number[]}} Place */

const SHOWN = 3; // terms of a sum that are written out

/** Every number that stands at a unit. @param {Place} place */
export function facts({ run, row, q, signals, unit }) {
  const asked = run.message.questions[q];
  if (unit.above < 0) {
    const on = unit.layer === "person" ? run.people[unit.unit] === asked.person : run.message.relations[unit.unit] === asked.relation;
    return [{ name: "activity", value: on ? "1" : "0", symbol: "y" }];
  }
  if (!signals) return [];
  const wanted = unit.layer === "output" ? [{ name: "goal", value: asked.answers.includes(run.people[unit.unit]) ? "1" : "0", symbol: "d" }] : [];
  return [
    { name: "total input", value: signed(signals.at("x", row, unit.above)), symbol: "x" },
    { name: "activity", value: fixed(signals.at("y", row, unit.above), 3), symbol: "y" },
    ...wanted,
    { name: "blame of its activity", value: signed(signals.at("dE_dy", row, unit.above)), symbol: "∂E/∂y" },
    { name: "blame of its input", value: signed(signals.at("dE_dx", row, unit.above)), symbol: "∂E/∂x" },
  ];
}

/** All of it in a line, for screen readers. @param {Place} place @param {string} name */
export const said = (place, name) => `${name}: ${facts(place).map((fact) => `${fact.name} ${fact.value}`).join("; ")}`;

/** A table of the numbers. @param {Place} place @param {boolean} symbols */
export function factTable(place, symbols) {
  return h(
    "dl",
    { class: "facts" },
    ...facts(place).map((fact) => h("div", {}, h("dt", {}, fact.name, symbols && h("i", {}, ` ${fact.symbol}`)), h("dd", { "data-symbol": fact.symbol }, fact.value))),
  );
}

/** The strongest terms of a sum, and how many more there are. @param {{a: number, b: number}[]} terms */
function sum(terms) {
  const strongest = [...terms].sort((one, other) => Math.abs(other.a * other.b) - Math.abs(one.a * one.b));
  const shown = strongest.slice(0, SHOWN).flatMap(({ a, b }, k) => [...(k ? [o("+")] : []), wrapped(a), o("·"), wrapped(b)]);
  return terms.length > SHOWN ? [...shown, o("+"), o("…")] : shown;
}

/** The equations of a unit for this question, with its numbers. @param {Place} place */
export function equations({ run, row, q, signals, unit, silent }) {
  if (!signals || unit.above < 0) return [];
  const w = run.weights(row);
  const asked = run.message.questions[q];
  const blocks = run.message.blocks;
  const bias = w[run.block(unit.layer, null).start + unit.unit];
  const heard = blocks
    .filter((block) => block.layer === unit.layer && block.source !== null)
    .flatMap((block) => {
      const source = block.source ?? "";
      const offset = run.offset[source];
      return Array.from({ length: block.shape[1] }, (_, from) => {
        const on = source === "person" ? run.people[from] === asked.person : run.message.relations[from] === asked.relation;
        const lost = source === "person code" && silent.includes(from);
        return { a: offset === undefined ? Number(on) : lost ? 0 : signals.at("y", row, offset + from), b: w[block.start + unit.unit * block.shape[1] + from] };
      });
    });
  const heeded = blocks
    .filter((block) => block.source === unit.layer)
    .flatMap((block) =>
      Array.from({ length: block.shape[0] }, (_, to) => ({
        a: signals.at("dE_dx", row, run.offset[block.layer] + to),
        b: unit.layer === "person code" && silent.includes(unit.unit) ? 0 : w[block.start + to * block.shape[1] + unit.unit],
      })),
    );
  const at = (/** @type {"x" | "y" | "dE_dy" | "dE_dx"} */ name) => signals.at(name, row, unit.above);
  const eq = () => o("=");
  const d = asked.answers.includes(run.people[unit.unit]) ? 1 : 0;
  const near = unit.layer === "output" && Math.abs(at("y") - d) < run.message.zone;
  /** @type {[string, Element[]][]} */ const lines = [
    ["(1)", [sub("x", "j"), eq(), m("munder", {}, o("∑"), i("i")), sub("y", "i"), sub("w", "ji"), o("+"), sub("b", "j"), eq(), ...sum(heard.filter((term) => term.a !== 0)), o("+"), wrapped(bias), eq(), number(at("x"))]],
    ["(2)", [sub("y", "j"), eq(), m("mfrac", {}, n("1"), m("mrow", {}, n("1"), o("+"), m("msup", {}, i("e"), m("mrow", {}, o("−"), sub("x", "j"))))), eq(), number(at("y"))]],
    unit.layer === "output"
      ? ["(4)", near ? [slope(sub("y", "j")), eq(), n("0"), m("mtext", {}, ` , within ${run.message.zone} of its goal ${d}`)] : [slope(sub("y", "j")), eq(), sub("y", "j"), o("−"), sub("d", "j"), eq(), number(at("y")), o("−"), n(String(d)), eq(), number(at("dE_dy"))]]
      : ["(7)", [slope(sub("y", "i")), eq(), m("munder", {}, o("∑"), i("j")), slope(sub("x", "j")), sub("w", "ji"), eq(), ...sum(heeded), eq(), number(at("dE_dy"))]],
    ["(5)", [slope(sub("x", "j")), eq(), slope(sub("y", "j")), o("·"), sub("y", "j"), o("("), n("1"), o("−"), sub("y", "j"), o(")"), eq(), number(at("dE_dx"))]],
  ];
  return [
    h(
      "div",
      { class: "equations" },
      ...lines.map(([label, body]) => h("div", { class: "equation" }, h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": `Equation ${label}` }, m("math", { display: "block" }, m("mrow", {}, ...body))), h("span", { class: "number" }, label))),
    ),
  ];
}
