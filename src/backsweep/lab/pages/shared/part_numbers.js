/** The numbers of the part that is pointed at: in words, or as equations with numbers. */

import { h, m } from "./dom.js";
import { fixed, signed } from "./format.js";
import { i, n, number, o, slope, sub, wrapped } from "./mathml.js";

/** @typedef {import("./run.js").Run<import("./run.js").Told>} Run */
/** @typedef {import("./network_diagram.js").Part} Part */
/** @typedef {{run: Run, sweep: number, k: number | null, part: Part, parts: Part[]}} Place k is the case, null for all */
/** @typedef {{name: string, value: string, symbol: string, marks: string[]}} Fact */

/** Every number that stands at a part. @param {Place} place @returns {Fact[]} */
export function facts({ run, sweep, k, part }) {
  const own = `${part.kind}:${part.index}`;
  if (part.kind === "arc") {
    const g = run.gradient(sweep, k)[part.index];
    return [
      { name: part.from < 0 ? "bias" : "weight", value: signed(run.weights(sweep)[part.index]), symbol: "w", marks: [own] },
      { name: k === null ? "its blame, all cases" : "its blame", value: signed(g), symbol: "∂E/∂w", marks: [own] },
      ...(run.arrays.change ? [{ name: "last change", value: signed(run.change(sweep)[part.index]), symbol: "Δw", marks: [own] }] : []),
    ];
  }
  const unit = part.index - run.nInputs;
  if (unit < 0) {
    return [{ name: "activity", value: k === null ? run.message.inputs.map((input) => input[part.index]).join(", ") : String(run.message.inputs[k][part.index]), symbol: "y", marks: [own] }];
  }
  const each = (/** @type {"y" | "x" | "dE_dy" | "dE_dx"} */ name, /** @type {(v: number) => string} */ write) =>
    k === null ? run.message.inputs.map((_, c) => write(run.at(name, sweep, c, unit))).join(", ") : write(run.at(name, sweep, k, unit));
  return [
    { name: "total input", value: each("x", signed), symbol: "x", marks: [own] },
    { name: "activity", value: each("y", (v) => fixed(v, 3)), symbol: "y", marks: [own] },
    { name: "blame of its activity", value: each("dE_dy", signed), symbol: "∂E/∂y", marks: [own] },
    { name: "blame of its input", value: each("dE_dx", signed), symbol: "∂E/∂x", marks: [own] },
  ];
}

/** The name of a part. @param {Run} run @param {Part} part */
export function named(run, part) {
  if (part.kind === "unit") return run.label(part.index);
  return part.from < 0 ? `Bias of ${run.label(part.to)}` : `${run.label(part.from)} → ${run.label(part.to)}`;
}

/** All of it in a line, for screen readers. @param {Place} place */
export function said(place) {
  return `${named(place.run, place.part)}: ${facts(place).map((fact) => `${fact.name} ${fact.value}`).join("; ")}`;
}

/** A table of the numbers. @param {Place} place @param {boolean} symbols */
export function factTable(place, symbols) {
  return h(
    "dl",
    { class: "facts" },
    ...facts(place).map((fact) => h("div", {}, h("dt", {}, fact.name, symbols && h("i", {}, ` ${fact.symbol}`)), h("dd", { "data-symbol": fact.symbol }, fact.value))),
  );
}

// ---- equations ---------------------------------------------------------------------

/**
 * The equations of a part for one case, each symbol linked to what carries its number.
 * @param {Place} place
 * @param {(keys: string[]) => void} hint called with the parts that a symbol stands for
 */
export function equations({ run, sweep, k, part, parts }, hint) {
  const c = k ?? 0;
  const w = run.weights(sweep);
  /** A symbol that shows where its number stands. @param {Element} symbol @param {string[]} keys */
  const linked = (symbol, keys) => {
    symbol.classList.add("symbol");
    symbol.addEventListener("pointerenter", () => hint(keys));
    symbol.addEventListener("pointerleave", () => hint([]));
    return symbol;
  };
  const unitKey = (/** @type {number} */ u) => [`unit:${u}`];
  const arcKey = (/** @type {number} */ p) => [`arc:${p}`];
  /** @type {{label: string, body: (Element)[], keys: string[]}[]} */ const lines = [];
  const line = (/** @type {string} */ label, /** @type {string[]} */ keys, /** @type {Element[]} */ ...body) => lines.push({ label, body, keys });
  const eq = () => o("=");

  if (part.kind === "arc" && part.from >= 0) {
    const j = part.to;
    const dx = run.at("dE_dx", sweep, c, j - run.nInputs);
    const y = run.activity(sweep, c, part.from);
    line("(6)", [...unitKey(j), ...unitKey(part.from)], linked(slope(sub("w", "ji")), arcKey(part.index)), eq(), linked(slope(sub("x", "j")), unitKey(j)), o("·"), linked(sub("y", "i"), unitKey(part.from)), eq(), wrapped(dx), o("·"), wrapped(y), eq(), number(run.gradient(sweep, c)[part.index]));
    lines.push(...change(run, sweep, part.index, linked));
  } else if (part.kind === "arc") {
    line("(6)", unitKey(part.to), linked(slope(sub("b", "j")), arcKey(part.index)), eq(), linked(slope(sub("x", "j")), unitKey(part.to)), eq(), number(run.gradient(sweep, c)[part.index]));
    lines.push(...change(run, sweep, part.index, linked));
  } else if (part.index >= run.nInputs) {
    const unit = part.index - run.nInputs;
    const heard = parts.filter((one) => one.kind === "arc" && one.to === part.index);
    const x = run.at("x", sweep, c, unit);
    const y = run.at("y", sweep, c, unit);
    const dy = run.at("dE_dy", sweep, c, unit);
    const terms = heard.flatMap((one, at) => [
      ...(at ? [o("+")] : []),
      ...(one.from < 0 ? [wrapped(w[one.index])] : [wrapped(run.activity(sweep, c, one.from)), o("·"), wrapped(w[one.index])]),
    ]);
    line("(1)", [], linked(sub("x", "j"), unitKey(part.index)), eq(), m("munder", {}, o("∑"), i("i")), linked(sub("y", "i"), heard.filter((one) => one.from >= 0).flatMap((one) => unitKey(one.from))), linked(sub("w", "ji"), heard.flatMap((one) => arcKey(one.index))), eq(), ...(heard.length > 5 ? [...terms.slice(0, 11), o("+"), o("…")] : terms), eq(), number(x));
    line("(2)", [], linked(sub("y", "j"), unitKey(part.index)), eq(), m("mfrac", {}, n("1"), m("mrow", {}, n("1"), o("+"), m("msup", {}, i("e"), m("mrow", {}, o("−"), sub("x", "j"))))), eq(), number(y));
    if (unit === run.nUnits - 1) {
      const d = run.message.desired[c][0];
      line("(4)", [], linked(slope(sub("y", "j")), unitKey(part.index)), eq(), sub("y", "j"), o("−"), sub("d", "j"), eq(), number(y), o("−"), n(String(d)), eq(), number(dy));
    } else {
      const up = parts.filter((one) => one.kind === "arc" && one.from === part.index);
      const sum = up.flatMap((one, at) => [...(at ? [o("+")] : []), wrapped(run.at("dE_dx", sweep, c, one.to - run.nInputs)), o("·"), wrapped(w[one.index])]);
      line("(7)", [], linked(slope(sub("y", "i")), unitKey(part.index)), eq(), m("munder", {}, o("∑"), i("j")), linked(slope(sub("x", "j")), up.flatMap((one) => unitKey(one.to))), linked(sub("w", "ji"), up.flatMap((one) => arcKey(one.index))), eq(), ...sum, eq(), number(dy));
    }
    line("(5)", [], linked(slope(sub("x", "j")), unitKey(part.index)), eq(), linked(slope(sub("y", "j")), unitKey(part.index)), o("·"), sub("y", "j"), o("("), n("1"), o("−"), sub("y", "j"), o(")"), eq(), number(run.at("dE_dx", sweep, c, unit)));
  } else {
    line("", [], linked(sub("y", "i"), unitKey(part.index)), eq(), n(String(run.message.inputs[c][part.index])));
  }
  return h(
    "div",
    { class: "equations" },
    ...lines.map(({ label, body }) => h("div", { class: "equation" }, h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": `Equation ${label}` }, m("math", { display: "block" }, m("mrow", {}, ...body))), h("span", { class: "number" }, label))),
  );
}

/** The change of a weight, equation (9). @param {Run} run @param {number} sweep @param {number} index @param {any} linked */
function change(run, sweep, index, linked) {
  const { epsilon, alpha, update } = /** @type {any} */ (run.message).settings;
  if (sweep === 0 || update === "case" || !run.arrays.change) return [];
  const g = run.gradient(sweep - 1, null)[index];
  const previous = sweep > 1 ? run.change(sweep - 1)[index] : 0;
  return [
    {
      label: "(9)",
      keys: [],
      body: [m("mrow", {}, i("Δ"), linked(sub("w", "ji"), [`arc:${index}`])), o("="), o("−"), i("ε"), slope(sub("w", "ji")), o("+"), i("α"), m("mrow", {}, i("Δ"), m("msup", {}, i("w"), i("before"))), o("="), o("−"), n(String(epsilon)), o("·"), wrapped(g), o("+"), n(String(alpha)), o("·"), wrapped(previous), o("="), number(run.change(sweep)[index])],
    },
  ];
}
