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
  const half = () => m("mfrac", {}, n("1"), n("2"));
  const square = (/** @type {Element} */ y, /** @type {Element} */ d) => m("mrow", {}, o("("), y, o("−"), d, m("msup", {}, o(")"), n("2")));
  const key = (/** @type {0 | 1} */ k) => cases.map(({ keys }) => keys[k]);
  const terms = cases.map(({ y, d, keys }) => [square(valued(y, keys[0]), given(d, keys[1]))]);
  const [[is, ...first], ...rest] = addends(terms, cases.map(({ y, d }) => Math.abs(y - d)));
  return {
    label: "(3)",
    terms: [[linked(i("E"), "E"), eq(), half(), sum("c"), square(linked(sub("y", "j,c"), ...key(0)), linked(sub("d", "j,c"), ...key(1)))], [is, half(), o("("), ...first], ...rest.slice(0, -1), [...(rest.at(-1) ?? []), o(")")], [eq(), valued(value, "E")]],
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
