/** Equations: symbols and numbers as MathML, from which lines are put together. */

import { h, m, set } from "./dom.js";
import { fixed } from "./format.js";
import { roving } from "./roving.js";
import { stand } from "./links.js";

/** @typedef {{label: string, terms: Element[][]}} Line an equation: its terms keep together where a line is broken */

export const i = (/** @type {string} */ text) => m("mi", {}, text);
export const n = (/** @type {string} */ text) => m("mn", {}, text);
export const o = (/** @type {string} */ text) => m("mo", { stretchy: "()".includes(text) ? "false" : null }, text);
const small = (/** @type {string} */ text) => m("mrow", {}, ...[...text].map((c) => (/\d/.test(c) ? n(c) : /[,:]/.test(c) ? o(c) : i(c))));
export const sub = (/** @type {string} */ base, /** @type {string} */ below) => m("msub", {}, i(base), small(below));
export const slope = (/** @type {Element} */ by) => m("mfrac", {}, m("mrow", {}, o("∂"), i("E")), m("mrow", {}, o("∂"), by));
export const sum = (/** @type {string} */ over) => m("munder", {}, o("∑"), i(over));
export const number = (/** @type {number} */ value) => m("mn", { class: value < 0 ? "negative" : "" }, fixed(value, Math.abs(value) < 0.01 && value !== 0 ? 5 : 3));

/** A symbol that stands for numbers on the page. @param {Element} symbol @param {...string} keys */
export const linked = (symbol, ...keys) => stand(set(symbol, { class: "symbol" }), ...keys);

/** The number that stands for a symbol. @param {number} value @param {string} key */
export const valued = (value, key) => stand(number(value), key);

/** A number that was given, as it was given. @param {number} value @param {string} key */
export const given = (value, key) => stand(n(String(value)), key);

/** A number as a factor. @param {number} value @param {string} key */
export const factor = (value, key) => m("mrow", {}, value < 0 && o("("), valued(value, key), value < 0 && o(")"));

/** Equations one below the other; arrow keys go from symbol to symbol. @param {Line[]} lines */
export function equationBlock(lines) {
  const block = h(
    "div",
    { class: "equations" },
    ...lines.map(({ label, terms }) =>
      h("div", { class: "equation", role: "group", "aria-label": `Equation ${label}` }, h("div", { class: "terms" }, ...terms.map((term) => m("math", { displaystyle: "true" }, m("mrow", {}, ...term)))), h("span", { class: "number" }, label)),
    ),
  );
  roving(/** @type {any[]} */ ([...block.querySelectorAll("[data-stands]")]));
  return block;
}
