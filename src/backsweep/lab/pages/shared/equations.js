/**
 * The equations of a unit and of a connection with their numbers, as the letter numbers
 * them: (1) and (2) forward, (3) to (7) backward, (8) and (9) for the change.
 */

import { m } from "./dom.js";
import { equationBlock, factor, given, i, linked, n, o, slope, sub, sum, valued } from "./mathml.js";

/** @typedef {import("./mathml.js").Line} Line */
/** @typedef {{unit: string, value: number, arc: number, w: number}} Term what a connection carries: y of its sender, or ∂E/∂x of its receiver */
/**
 * @typedef {Object} OfUnit the numbers of a unit, for one case
 * @property {string} unit what its number is called in keys
 * @property {number} x @property {number} y @property {number} dE_dy @property {number} dE_dx
 * @property {Term[]} heard
 * @property {{arc: number, w: number}} bias
 * @property {Term[]} heeded none for an output unit
 * @property {{d: number, within: number | null} | null} goal of an output unit; `within` the zone that it has reached
 * @property {{value: number, y: string[], d: string[]} | null} error of all cases, and what stands for the y and d in it
 */
/**
 * @typedef {Object} OfArc the numbers of a connection
 * @property {number} arc @property {number} dE_dw
 * @property {{unit: string, y: number} | null} from none for a bias
 * @property {{unit: string, dE_dx: number}} to
 * @property {{epsilon: number, alpha: number, slope: number, before: number, change: number} | null} step
 */

const MOST = 6; // terms of a sum that are written out
const eq = () => o("=");
const dy = (/** @type {string} */ unit, at = "j") => linked(slope(sub("y", at)), `dy:${unit}`);
const dx = (/** @type {string} */ unit) => linked(slope(sub("x", "j")), `dx:${unit}`);
const y = (/** @type {string} */ unit) => linked(sub("y", "j"), `y:${unit}`);

/** The strongest terms of a sum, each kept together. @param {Term[]} terms @param {"y" | "dx"} kind */
function written(terms, kind) {
  const strongest = terms.length > MOST ? [...terms].sort((a, b) => Math.abs(b.value * b.w) - Math.abs(a.value * a.w)).slice(0, MOST - 1) : terms;
  const shown = strongest.map(({ unit, value, arc, w }, k) => [o(k ? "+" : "="), factor(value, `${kind}:${unit}`), o("·"), factor(w, `w:${arc}`)]);
  return terms.length > MOST ? [...shown, [o("+"), o("…")]] : shown;
}

/** @param {OfUnit} of */
export function unitEquations({ unit, heard, heeded, bias, goal, error, ...at }) {
  const weights = (/** @type {Term[]} */ terms) => linked(sub("w", "ji"), ...terms.map(({ arc }) => `w:${arc}`));
  /** @type {Line[]} */ const lines = [
    {
      label: "(1)",
      terms: [
        [linked(sub("x", "j"), `x:${unit}`), eq(), sum("i"), linked(sub("y", "i"), ...heard.map((one) => `y:${one.unit}`)), weights(heard), o("+"), linked(sub("b", "j"), `w:${bias.arc}`)],
        ...written(heard, "y"),
        [o("+"), factor(bias.w, `w:${bias.arc}`)],
        [eq(), valued(at.x, `x:${unit}`)],
      ],
    },
    {
      label: "(2)",
      terms: [[y(unit), eq(), m("mfrac", {}, n("1"), m("mrow", {}, n("1"), o("+"), m("msup", {}, i("e"), m("mrow", {}, o("−"), linked(sub("x", "j"), `x:${unit}`))))), eq(), valued(at.y, `y:${unit}`)]],
    },
  ];
  if (error) {
    const half = m("mfrac", {}, n("1"), n("2"));
    lines.push({ label: "(3)", terms: [[linked(i("E"), "E"), eq(), half, sum("c"), sum("j"), o("("), linked(sub("y", "j,c"), ...error.y), o("−"), linked(sub("d", "j,c"), ...error.d), m("msup", {}, o(")"), n("2"))], [eq(), valued(error.value, "E")]] });
  }
  if (goal?.within) lines.push({ label: "(4)", terms: [[dy(unit), eq(), valued(0, `dy:${unit}`)], [m("mtext", {}, `within ${goal.within} of its goal `), linked(sub("d", "j"), `d:${unit}`), eq(), given(goal.d, `d:${unit}`)]] });
  else if (goal) lines.push({ label: "(4)", terms: [[dy(unit), eq(), y(unit), o("−"), linked(sub("d", "j"), `d:${unit}`)], [eq(), valued(at.y, `y:${unit}`), o("−"), given(goal.d, `d:${unit}`)], [eq(), valued(at.dE_dy, `dy:${unit}`)]] });
  else lines.push({ label: "(7)", terms: [[dy(unit, "i"), eq(), sum("j"), linked(slope(sub("x", "j")), ...heeded.map((one) => `dx:${one.unit}`)), weights(heeded)], ...written(heeded, "dx"), [eq(), valued(at.dE_dy, `dy:${unit}`)]] });
  const own = (/** @type {() => Element} */ one) => [one(), o("("), n("1"), o("−"), one(), o(")")];
  lines.push({
    label: "(5)",
    terms: [
      [dx(unit), eq(), dy(unit), o("·"), ...own(() => y(unit))],
      [eq(), factor(at.dE_dy, `dy:${unit}`), o("·"), ...own(() => valued(at.y, `y:${unit}`))],
      [eq(), valued(at.dE_dx, `dx:${unit}`)],
    ],
  });
  return equationBlock(lines);
}

/** @param {OfArc} of */
export function arcEquations({ arc, dE_dw, from, to, step }) {
  const w = from ? sub("w", "ji") : sub("b", "j");
  /** @type {Line[]} */ const lines = [
    {
      label: "(6)",
      terms: [
        [linked(slope(w), `dw:${arc}`), eq(), dx(to.unit), ...(from ? [o("·"), linked(sub("y", "i"), `y:${from.unit}`)] : [])],
        [eq(), factor(to.dE_dx, `dx:${to.unit}`), ...(from ? [o("·"), factor(from.y, `y:${from.unit}`)] : [])],
        [eq(), valued(dE_dw, `dw:${arc}`)],
      ],
    },
  ];
  if (step) lines.push(changeLine(arc, w, step));
  return equationBlock(lines);
}

/** The change of a weight: (9), or (8) where there is none before it. @param {number} arc @param {Element} w @param {NonNullable<OfArc["step"]>} step */
function changeLine(arc, w, { epsilon, alpha, slope: by, before, change }) {
  const changed = (/** @type {boolean} */ isLast) => m("mrow", {}, i("Δ"), w.cloneNode(true), o("("), i("t"), ...(isLast ? [] : [o("−"), n("1")]), o(")"));
  const minus = () => m("mo", { form: "prefix" }, "−");
  const step = [minus(), linked(i("ε"), "epsilon"), linked(m("mrow", {}, slope(/** @type {Element} */ (w.cloneNode(true))), o("("), i("t"), o(")")), `slope:${arc}`)];
  const steps = [eq(), minus(), given(epsilon, "epsilon"), o("·"), factor(by, `slope:${arc}`)];
  const more = alpha && before ? [o("+"), linked(i("α"), "alpha"), linked(changed(false), `before:${arc}`)] : [];
  const mores = more.length ? [o("+"), given(alpha, "alpha"), o("·"), factor(before, `before:${arc}`)] : [];
  return { label: more.length ? "(9)" : "(8)", terms: [[linked(changed(true), `change:${arc}`), eq(), ...step, ...more], [...steps, ...mores], [eq(), valued(change, `change:${arc}`)]] };
}
