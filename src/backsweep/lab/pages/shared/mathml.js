/** Equations: symbols and numbers as MathML, from which lines are put together. */

import { m } from "./dom.js";
import { fixed } from "./format.js";

export const i = (/** @type {string} */ text) => m("mi", {}, text);
export const n = (/** @type {string} */ text) => m("mn", {}, text);
export const o = (/** @type {string} */ text) => m("mo", { stretchy: "()".includes(text) ? "false" : null }, text);
export const sub = (/** @type {string} */ base, /** @type {string} */ below) => m("msub", {}, i(base), m("mrow", {}, ...[...below].map((c) => (/\d/.test(c) ? n(c) : i(c)))));
export const slope = (/** @type {Element} */ by) => m("mfrac", {}, m("mrow", {}, o("∂"), i("E")), m("mrow", {}, o("∂"), by));
export const number = (/** @type {number} */ value) => m("mn", { class: value < 0 ? "negative" : "" }, fixed(value, Math.abs(value) < 0.01 && value !== 0 ? 5 : 3));
export const wrapped = (/** @type {number} */ value) => (value < 0 ? m("mrow", {}, o("("), number(value), o(")")) : number(value));
