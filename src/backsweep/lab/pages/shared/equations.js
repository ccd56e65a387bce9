/**
 * The equations of a unit and of a connection with their numbers, as the letter numbers
 * them: (1) and (2) forward, (3) to (7) backward, (8) and (9) for the change.
 */

import { m } from "./dom.js";
import { equationBlock, factor, given, i, linked, n, o, slope, sub, sum, valued } from "./mathml.js";

/** @typedef {import("./mathml.js").Line} Line */
/** @typedef {{unit: string, value: number, arc: number, w: number}} Term what a connection carries: y of its sender, or ∂E/∂x of its receiver */
/** @typedef {{output: (x: () => Element) => Element[], slope: ((y: () => Element) => Element[]) | null}} Activation the right of (2), and what (5) multiplies by, where it can be written */
/**
 * @typedef {Object} Goal of an output unit
 * @property {number} d
 * @property {"missed" | "near" | "suited" | "other"} is whether (4) is a difference, or 0, or one with (5) as the measure
 *   of error suits the unit, or not written
 * @property {string} [near] how it is near, in words
 */
/**
 * @typedef {Object} OfUnit the numbers of a unit, for one case
 * @property {string} unit what its number is called in keys
 * @property {number} x @property {number} y @property {number} dE_dy @property {number} dE_dx
 * @property {Term[]} heard
 * @property {{arc: number, w: number} | null} bias
 * @property {Term[]} heeded none for an output unit
 * @property {Activation} [activation] logistic where none is given
 * @property {Goal | null} goal
 * @property {{label: string, right: Element[], value: number} | null} error as it is written to the right of E
 */
/**
 * @typedef {Object} OfArc the numbers of a connection
 * @property {number} arc @property {number} dE_dw
 * @property {{unit: string, y: number} | null} from none for a bias
 * @property {{unit: string, dE_dx: number}} to
 * @property {{epsilon: number, alpha: number, slope: number, before: number, change: number} | null} step
 */

const MOST = 6; // terms of a sum that are written out
export const eq = () => o("=");
export const half = () => m("mfrac", {}, n("1"), n("2"));
const dy = (/** @type {string} */ unit, at = "j") => linked(slope(sub("y", at)), `dy:${unit}`);
const dx = (/** @type {string} */ unit) => linked(slope(sub("x", "j")), `dx:${unit}`);
const y = (/** @type {string} */ unit) => linked(sub("y", "j"), `y:${unit}`);
const d = (/** @type {string} */ unit) => linked(sub("d", "j"), `d:${unit}`);
/** What is desired: as it was given, or a number of a column, to as many digits as others. @param {number} value @param {string} unit */
export const desired = (value, unit) => (Number.isInteger(value) ? given : factor)(value, `d:${unit}`);
export const squared = (/** @type {Element} */ y, /** @type {Element} */ d) => m("mrow", {}, o("("), y, o("−"), d, m("msup", {}, o(")"), n("2")));

/** @type {Activation} */
export const LOGISTIC = {
  output: (x) => [m("mfrac", {}, n("1"), m("mrow", {}, n("1"), o("+"), m("msup", {}, i("e"), m("mrow", {}, o("−"), x()))))],
  slope: (y) => [y(), o("("), n("1"), o("−"), y(), o(")")],
};

/** What is added up, term by term: all, or the strongest of many. @param {Element[][]} terms @param {number[]} sizes */
function addends(terms, sizes) {
  const strongest = [...terms.keys()].sort((a, b) => sizes[b] - sizes[a]).slice(0, MOST - 1);
  const shown = terms.length > MOST ? terms.filter((_, k) => strongest.includes(k)) : terms;
  return [...shown.map((term, k) => [o(k ? "+" : "="), ...term]), ...(terms.length > MOST ? [[o("+"), o("…")]] : [])];
}

/** @param {Term[]} terms @param {"y" | "dx"} kind */
const written = (terms, kind) =>
  addends(
    terms.map(({ unit, value, arc, w }) => [factor(value, `${kind}:${unit}`), o("·"), factor(w, `w:${arc}`)]),
    terms.map(({ value, w }) => Math.abs(value * w)),
  );

/** @param {OfUnit} of */
export function unitEquations({ unit, heard, heeded, bias, activation = LOGISTIC, goal, error, ...at }) {
  const weights = (/** @type {Term[]} */ terms) => linked(sub("w", "ji"), ...terms.map(({ arc }) => `w:${arc}`));
  const x = () => linked(sub("x", "j"), `x:${unit}`);
  /** @type {Line[]} */ const lines = [
    {
      label: "(1)",
      terms: [
        [x(), eq(), sum("i"), linked(sub("y", "i"), ...heard.map((one) => `y:${one.unit}`)), weights(heard), ...(bias ? [o("+"), linked(sub("b", "j"), `w:${bias.arc}`)] : [])],
        ...written(heard, "y"),
        ...(bias ? [[o("+"), factor(bias.w, `w:${bias.arc}`)]] : []),
        [eq(), valued(at.x, `x:${unit}`)],
      ],
    },
    { label: "(2)", terms: [[y(unit), eq(), ...activation.output(x)], [eq(), valued(at.y, `y:${unit}`)]] },
  ];
  if (error) lines.push({ label: error.label, terms: [[linked(i("E"), "E"), eq(), ...error.right], [eq(), valued(error.value, "E")]] });
  const missed = (/** @type {string} */ label, /** @type {Element} */ left, /** @type {Element} */ value) => lines.push({ label, terms: [[left, eq(), y(unit), o("−"), d(unit)], [eq(), factor(at.y, `y:${unit}`), o("−"), desired(/** @type {Goal} */ (goal).d, unit)], [eq(), value]] });
  if (goal?.is === "suited") {
    missed("(4, 5)", dx(unit), valued(at.dE_dx, `dx:${unit}`));
    return equationBlock(lines);
  }
  if (goal?.is === "missed") missed("(4)", dy(unit), valued(at.dE_dy, `dy:${unit}`));
  else if (goal?.is === "near") lines.push({ label: "(4)", terms: [[dy(unit), eq(), valued(0, `dy:${unit}`)], [m("mtext", {}, `${goal.near} `), d(unit), eq(), given(goal.d, `d:${unit}`)]] });
  else if (goal) lines.push({ label: "(4)", terms: [[dy(unit), eq(), valued(at.dE_dy, `dy:${unit}`)]] });
  else lines.push({ label: "(7)", terms: [[dy(unit, "i"), eq(), sum("j"), linked(slope(sub("x", "j")), ...heeded.map((one) => `dx:${one.unit}`)), weights(heeded)], ...written(heeded, "dx"), [eq(), valued(at.dE_dy, `dy:${unit}`)]] });
  const own = activation.slope;
  lines.push({
    label: "(5)",
    terms: [
      [dx(unit), eq(), dy(unit), ...(own ? [o("·"), ...own(() => y(unit))] : [])],
      ...(own ? [[eq(), factor(at.dE_dy, `dy:${unit}`), o("·"), ...own(() => factor(at.y, `y:${unit}`))]] : []),
      [eq(), valued(at.dE_dx, `dx:${unit}`)],
    ],
  });
  return equationBlock(lines);
}

/** Equation (3) of all cases: to the right of E. @param {readonly string[]} ys what stands for each y @param {readonly string[]} ds and d */
export const allSquares = (ys, ds) => [half(), sum("c"), sum("j"), squared(linked(sub("y", "j,c"), ...ys), linked(sub("d", "j,c"), ...ds))];

/** @param {OfArc} of */
export const arcEquations = ({ from, to, ...of }) => equationBlock(arcLines({ ...of, from: from && { unit: from.unit, y: [from.y] }, to: { unit: to.unit, dE_dx: [to.dE_dx] } }));

/**
 * Equation (6) of one case, or with its sum over all of them, and the change that it makes.
 * @param {{arc: number, dE_dw: number, from: {unit: string, y: number[]} | null, to: {unit: string, dE_dx: number[]}, step: OfArc["step"]}} of
 */
export function arcLines({ arc, dE_dw, from, to, step }) {
  const w = from ? sub("w", "ji") : sub("b", "j");
  const many = to.dE_dx.length > 1;
  const of = (/** @type {string} */ at) => (many ? `${at},c` : at);
  const terms = to.dE_dx.map((value, c) => [factor(value, `dx:${to.unit}`), ...(from ? [o("·"), factor(from.y[c], `y:${from.unit}`)] : [])]);
  const sizes = to.dE_dx.map((value, c) => Math.abs(value * (from ? from.y[c] : 1)));
  const each = [linked(slope(sub("x", of("j"))), `dx:${to.unit}`), ...(from ? [o("·"), linked(sub("y", of("i")), `y:${from.unit}`)] : [])];
  /** @type {Line} */ const line = { label: "(6)", terms: [[linked(slope(w), `dw:${arc}`), eq(), ...(many ? [sum("c")] : []), ...each], ...addends(terms, sizes), [eq(), valued(dE_dw, `dw:${arc}`)]] };
  return step ? [line, changeLine(arc, w, step)] : [line];
}

/**
 * Equation (3) of one output unit, case by case.
 * @param {{value: number, cases: {y: number, d: number, keys: [string, string]}[]}} of
 * @returns {Line}
 */
export function errorLine({ value, cases }) {
  const key = (/** @type {0 | 1} */ k) => cases.map(({ keys }) => keys[k]);
  const terms = cases.map(({ y, d, keys }) => [squared(valued(y, keys[0]), given(d, keys[1]))]);
  const [[is, ...first], ...rest] = addends(terms, cases.map(({ y, d }) => Math.abs(y - d)));
  return {
    label: "(3)",
    terms: [[linked(i("E"), "E"), eq(), half(), sum("c"), squared(linked(sub("y", "j,c"), ...key(0)), linked(sub("d", "j,c"), ...key(1)))], [is, half(), o("("), ...first], ...rest.slice(0, -1), [...(rest.at(-1) ?? []), o(")")], [eq(), valued(value, "E")]],
  };
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
