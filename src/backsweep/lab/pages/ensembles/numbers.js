/** The equations of this page with a cell's numbers, each symbol linked to where its number stands. */

import { h, m } from "../shared/dom.js";
import { fixed } from "../shared/format.js";
import { i, n, number, o, slope, sub } from "../shared/mathml.js";
import { SETTINGS, number as figured } from "./axes.js";

/**
 * What is known of the cell that is looked at.
 * @typedef {Object} Place
 * @property {import("./cell.js").Cell["message"]} message
 * @property {import("./map.js").Shown} shown
 * @property {import("./sheet.js").Came} came
 * @property {{x: string, y: string}} at its settings, written as its numbers are
 * @property {number} runs
 * @property {readonly (readonly number[])[]} intervals by how many learned
 */

const Z = 1.96;
const row = (/** @type {(Element | string)[]} */ ...parts) => m("mrow", {}, ...parts);
const over = (/** @type {Element} */ above, /** @type {Element} */ below) => m("mfrac", {}, above, below);
const squared = (/** @type {Element} */ base) => m("msup", {}, base, n("2"));
const words = (/** @type {string} */ text) => m("mtext", {}, text.replace(/ /g, "\u00a0"));
const share = (/** @type {number} */ value) => n(fixed(value, 3));
/** So many figures of a number. @param {number} value @param {number} figures */
const figures = (value, figures) => figured(value, 10 ** (Math.floor(Math.log10(Math.abs(value) || 1)) + 1 - figures));
/** A setting to as many figures as its lines need to be computed from it, or more where its neighbours are closer. @param {number} value @param {string} near */
function precise(value, near) {
  const text = Number(value.toPrecision(6)) === value && Math.abs(value) >= 1e-4 ? String(value) : figures(value, 6);
  return near.length > text.length ? near : text;
}

/**
 * @param {Place} place
 * @param {(keys: string[]) => void} hint called with the names of what a symbol stands for
 */
export function equations({ message, shown, came, at, runs, intervals }, hint) {
  /** @param {Element} symbol @param {string} name @param {...string} keys */
  const linked = (symbol, name, ...keys) => {
    symbol.classList.add("symbol");
    for (const [attribute, value] of [["tabindex", "0"], ["role", "img"], ["aria-label", name]]) symbol.setAttribute(attribute, value);
    for (const event of ["pointerenter", "focus"]) symbol.addEventListener(event, () => hint(keys));
    for (const event of ["pointerleave", "blur"]) symbol.addEventListener(event, () => hint([]));
    return symbol;
  };
  /** Where a setting stands: on an axis, or among the numbers of the cell. @param {string} name @param {number} value */
  const side = (name, value) => (shown.x === name ? { key: "x", text: precise(message.x, at.x) } : shown.y === name ? { key: "y", text: precise(message.y, at.y) } : { key: name, text: String(value) });
  const [eps, alp] = [side("epsilon", message.epsilon), side("alpha", message.alpha)];
  const epsilon = () => linked(i("ε"), `epsilon, ${eps.text}`, eps.key);
  const alpha = () => linked(i("α"), `alpha, ${alp.text}`, alp.key);
  const change = (/** @type {string} */ when) => row(i("Δ"), i("w"), o("("), ...(when === "t" ? [i("t")] : [i("t"), o("−"), n("1")]), o(")"));
  const blame = () => linked(slope(row(i("w"), o("("), i("t"), o(")"))), "the blame of a weight: the slope of the errors below", "curves");
  const times = () => o("·");
  const eq = () => o("=");
  /** @type {[string, string, Element[]][]} */ const lines = [];

  const rates = Object.entries({ "rate of hidden": "h", "rate of output": "o" }).filter(([name]) => shown.x === name || shown.y === name);
  for (const [name, letter] of rates) {
    const { key, text } = side(name, 1);
    const rate = linked(sub("r", letter), `${SETTINGS[name].name}, ${text}`, key);
    lines.push(["(8)", `the step of the ${name.slice(8)} layer`, [row(i("Δ"), sub("w", letter)), eq(), o("−"), rate, epsilon(), slope(sub("w", letter)), eq(), o("−"), n(text), times(), n(eps.text), slope(sub("w", letter))]]);
  }
  if (!rates.length) {
    const moved = message.alpha || alp.key !== "alpha" ? [o("+"), alpha(), change("before")] : [];
    const inNumbers = moved.length ? [o("+"), n(alp.text), change("before")] : [];
    lines.push([moved.length ? "(9)" : "(8)", "the step", [change("t"), eq(), o("−"), epsilon(), blame(), ...moved, eq(), o("−"), n(eps.text), slope(row(i("w"), o("("), i("t"), o(")"))), ...inNumbers]]);
  }
  if (message.edge !== null) {
    const lambda = linked(i("λ"), `the steepness of the bowl, whose edge is at ${figures(message.edge, 4)}`, "bowls");
    lines.push(["edge", "where steps swing without end", [lambda, o("<"), over(row(n("2"), o("("), n("1"), o("+"), alpha(), o(")")), epsilon()), eq(), over(row(n("2"), o("("), n("1"), o("+"), n(alp.text), o(")")), n(eps.text)), eq(), n(figures(message.edge, 4))]]);
  }
  if (shown.show === "convergence") {
    const v = () => linked(sub("v", "t"), "the error after sweep t, as a multiple of the first", "curves");
    const c = linked(i("c"), "the measure of convergence", "measure", "legend");
    const sum = (/** @type {Element} */ of) => row(m("munder", {}, o("∑"), i("t")), of);
    const last = linked(m("mover", {}, i("v"), o("¯")), "the mean of the last 20", "last");
    lines.push(["c", "convergence", came.convergence < 0 ? [c, eq(), o("−"), sum(v()), eq(), number(came.convergence), words("  as "), last, o("<"), n("1")] : [c, eq(), sum(over(n("1"), v())), eq(), number(came.convergence), words("  as "), last, o("≥"), n("1")]]);
  } else if (intervals.length > runs) {
    const learned = Math.round(came.share * runs);
    const [low, high] = intervals[learned];
    const k = () => linked(i("k"), `${learned} that learned`, "share", "learned");
    const count = () => linked(i("n"), `${runs} runs`, "share", "curves");
    const p = () => linked(m("mover", {}, i("p"), o("^")), `the share, ${fixed(came.share, 3)}`, "share", "legend");
    lines.push(["p", "the share that learned", [p(), eq(), over(k(), count()), eq(), over(n(String(learned)), n(String(runs))), eq(), share(came.share)]]);
    const z2n = (/** @type {string} */ by, /** @type {boolean} */ both) => over(squared(i("z")), row(n(by), both ? squared(count()) : count()));
    const bounds = linked(row(sub("p", "±")), `the interval, from ${fixed(low, 3)} to ${fixed(high, 3)}`, "interval");
    lines.push([
      "95 %",
      "Wilson’s interval",
      [bounds, eq(), over(row(p(), o("+"), z2n("2", false), o("±"), i("z"), m("msqrt", {}, over(row(p(), o("("), n("1"), o("−"), p(), o(")")), count()), o("+"), z2n("4", true))), row(n("1"), o("+"), over(squared(i("z")), count()))), eq(), share(low), words(" to "), share(high), words(`,  z = ${Z}`)],
    ]);
    if (!Number.isNaN(came.median)) lines.push(["t", "sweeps to learn", [linked(m("mover", {}, i("t"), o("~")), "the median of the sweeps to learn", "median", "learned"), eq(), words("median of the "), linked(sub("t", "k"), "the sweeps in which its runs learned", "learned", "curves"), eq(), n(String(came.median))]]);
  }
  return h(
    "div",
    { class: "equations" },
    ...lines.map(([label, name, body]) => h("div", { class: "equation" }, h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": `Equation: ${name}` }, m("math", { display: "block" }, row(...body))), h("span", { class: "number" }, label))),
  );
}
