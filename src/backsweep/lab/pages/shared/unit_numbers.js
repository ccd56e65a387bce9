/**
 * Equations (1) to (7) of one unit of any layer for one case, and (6) to (9) of a weight,
 * with the numbers on screen.
 */

import { h, m, renew } from "./dom.js";
import { counted } from "./format.js";
import { arcEquations } from "./equations.js";
import { equationBlock, factor, given, i, linked, n, o, slope, sub, sum, valued } from "./mathml.js";
import { shortName } from "./strips.js";

/** @typedef {import("./one_run.js").OneRun} OneRun */
/** @typedef {import("./mathml.js").Line} Line */
/**
 * @typedef {Object} Place
 * @property {OneRun} one
 * @property {number} moment
 * @property {{message: any, arrays: Record<string, any>}} signals a `messages.OneCase`
 * @property {number} unit counted above the inputs
 */
/** What a unit hears from one sender. @typedef {{y: number, w: number, from: string, weight: string}} Term */

const MOST = 6; // terms of a sum that are written out

/** @param {Place} place @returns {{terms: Term[], bias: {b: number, weight: string} | null}} */
function heard({ one, moment, signals, unit }) {
  const { layer, first } = one.above[one.layerOf[unit]];
  const w = one.weights(moment);
  const below = Object.fromEntries(one.above.map((above) => [above.layer.name, above.first]));
  let nInputs = 0;
  const inputs = Object.fromEntries(one.message.layers.flatMap((sender) => (sender.name in below ? [] : [[sender.name, (nInputs += sender.size) - sender.size]])));
  const blocks = one.message.blocks.filter((block) => block.layer === layer.name);
  const terms = blocks.flatMap((block) => {
    if (block.source === null) return [];
    const source = block.source;
    const row = block.start + (unit - first) * block.shape[1];
    return Array.from({ length: block.shape[1] }, (_, from) => {
      const isInput = source in inputs;
      const at = (isInput ? inputs[source] : below[source]) + from;
      return { y: isInput ? signals.arrays.inputs[at] : signals.arrays.y[moment * one.nUnits + at], w: w[row + from], from: `y:${isInput ? at : one.nInputs + at}`, weight: `w:${row + from}` };
    });
  });
  const own = blocks.find((block) => block.source === null);
  return { terms, bias: own ? { b: w[own.start + unit - first], weight: `w:${own.start + unit - first}` } : null };
}

/** Equation (2), as the layer has it. @type {Record<string, (x: () => Element, all: () => Element) => Element[]>} */
const OUTPUTS = {
  logistic: (x) => [m("mfrac", {}, n("1"), m("mrow", {}, n("1"), o("+"), m("msup", {}, i("e"), m("mrow", {}, o("−"), x()))))],
  tanh: (x) => [i("tanh"), o("("), x(), o(")")],
  linear: (x) => [x()],
  relu: (x) => [i("max"), o("("), n("0"), o(","), x(), o(")")],
  softmax: (x, all) => [m("mfrac", {}, m("msup", {}, i("e"), x()), m("mrow", {}, sum("k"), m("msup", {}, i("e"), all())))],
};

/** @param {Place} place */
export function unitEquations(place) {
  const { one, moment, signals, unit } = place;
  const { message, arrays } = signals;
  const { layer, first } = one.above[one.layerOf[unit]];
  const { terms, bias } = heard(place);
  const key = (/** @type {string} */ kind, /** @type {number} */ which) => `${kind}:${one.nInputs + which}`;
  const eq = () => o("=");
  const at = (/** @type {string} */ name) => arrays[name][moment * one.nUnits + unit];
  const strongest = terms.length > MOST ? [...terms].sort((a, b) => Math.abs(b.y * b.w) - Math.abs(a.y * a.w)).slice(0, MOST - 1) : terms;
  /** @type {Line[]} */ const lines = [
    {
      label: "(1)",
      terms: [
        [linked(sub("x", "j"), key("x", unit)), eq(), sum("i"), linked(sub("y", "i"), ...terms.map((term) => term.from)), linked(sub("w", "ji"), ...terms.map((term) => term.weight)), ...(bias ? [o("+"), linked(sub("b", "j"), bias.weight)] : [])],
        ...strongest.map((term, k) => [o(k ? "+" : "="), factor(term.y, term.from), o("·"), factor(term.w, term.weight)]),
        ...(strongest.length < terms.length ? [[o("+"), o("…")]] : []),
        ...(bias ? [[o("+"), factor(bias.b, bias.weight)]] : []),
        [eq(), valued(at("x"), key("x", unit))],
      ],
    },
    {
      label: "(2)",
      terms: [
        [linked(sub("y", "j"), key("y", unit)), eq(), ...OUTPUTS[layer.activation](() => linked(sub("x", "j"), key("x", unit)), () => linked(sub("x", "k"), ...Array.from({ length: layer.size }, (_, k) => key("x", first + k))))],
        [eq(), valued(at("y"), key("y", unit))],
      ],
    },
  ];
  const isOutput = one.outputs.includes(unit);
  if (isOutput) lines.push({ label: message.measure === "squared" ? "(3)" : "", terms: [[linked(i("E"), "E"), eq(), ...measured(place, key)], [eq(), valued(arrays.error[moment], "E")]] });
  return equationBlock([...lines, ...blamed(place, key)]);
}

/** The slope of equation (2), with y or its number. @type {Record<string, (y: () => Element) => Element[]>} */
const SLOPES = {
  logistic: (y) => [y(), o("("), n("1"), o("−"), y(), o(")")],
  tanh: (y) => [o("("), n("1"), o("−"), m("msup", {}, m("mrow", {}, y()), n("2")), o(")")],
  linear: () => [n("1")],
};

/** Equations (4) or (7), and (5): how the error changes with what the unit says. @param {Place} place @param {(kind: string, unit: number) => string} key @returns {Line[]} */
function blamed(place, key) {
  const { one, moment, signals, unit } = place;
  const { arrays, message } = signals;
  const { activation } = one.above[one.layerOf[unit]].layer;
  const at = (/** @type {string} */ name) => arrays[name][moment * one.nUnits + unit];
  const eq = () => o("=");
  const dx = () => linked(slope(sub("x", "j")), key("dx", unit));
  const y = () => linked(sub("y", "j"), key("y", unit));
  const isOutput = one.outputs.includes(unit);
  const d = () => linked(sub("d", "j"), key("d", unit));
  const goal = isOutput ? arrays.desired[one.outputs.indexOf(unit)] : 0;
  const apart = [[eq(), factor(at("y"), key("y", unit)), o("−"), Number.isInteger(goal) ? given(goal, key("d", unit)) : factor(goal, key("d", unit))]];
  // The cross-entropy suits its units: what (4) and (5) give together is this.
  if (isOutput && message.measure === "cross-entropy" && (activation === "softmax" || activation === "logistic")) return [{ label: "(4, 5)", terms: [[dx(), eq(), y(), o("−"), d()], ...apart, [eq(), valued(at("dE_dx"), key("dx", unit))]] }];
  const dy = (below = "j") => linked(slope(sub("y", below)), key("dy", unit));
  /** @type {Line[]} */ const lines = [];
  if (!isOutput) lines.push(fromAbove(place, key, dy("i")));
  else if (message.measure !== "squared") lines.push({ label: "(4)", terms: [[dy(), eq(), valued(at("dE_dy"), key("dy", unit))]] });
  else if (at("dE_dy") === 0 && Math.abs(at("y") - goal) > 1e-3) lines.push({ label: "(4)", terms: [[dy(), eq(), valued(0, key("dy", unit))], [m("mtext", {}, "near enough to "), d(), eq(), given(goal, key("d", unit))]] });
  else lines.push({ label: "(4)", terms: [[dy(), eq(), y(), o("−"), d()], ...apart, [eq(), valued(at("dE_dy"), key("dy", unit))]] });
  const by = SLOPES[activation];
  const number = () => factor(at("y"), key("y", unit));
  lines.push({ label: "(5)", terms: [[dx(), eq(), dy(), ...(by ? [o("·"), ...by(y)] : [])], ...(by ? [[eq(), factor(at("dE_dy"), key("dy", unit)), o("·"), ...by(number)]] : []), [eq(), valued(at("dE_dx"), key("dx", unit))]] });
  return lines;
}

/** Equation (7): the blame that comes down from the units that hear this one. @param {Place} place @param {(kind: string, unit: number) => string} key @param {Element} dy @returns {Line} */
function fromAbove({ one, moment, signals, unit }, key, dy) {
  const { layer, first } = one.above[one.layerOf[unit]];
  const w = one.weights(moment);
  const terms = one.message.blocks.filter((block) => block.source === layer.name).flatMap((block) => {
    const above = one.above.find((other) => other.layer.name === block.layer)?.first ?? 0;
    return Array.from({ length: block.shape[0] }, (_, j) => {
      const index = block.start + j * block.shape[1] + (unit - first);
      return { dx: signals.arrays.dE_dx[moment * one.nUnits + above + j], w: w[index], to: key("dx", above + j), weight: `w:${index}` };
    });
  });
  const strongest = terms.length > MOST ? [...terms].sort((a, b) => Math.abs(b.dx * b.w) - Math.abs(a.dx * a.w)).slice(0, MOST - 1) : terms;
  return {
    label: "(7)",
    terms: [
      [dy, o("="), sum("j"), linked(slope(sub("x", "j")), ...terms.map((term) => term.to)), linked(sub("w", "ji"), ...terms.map((term) => term.weight))],
      ...strongest.map((term, k) => [o(k ? "+" : "="), factor(term.dx, term.to), o("·"), factor(term.w, term.weight)]),
      ...(strongest.length < terms.length ? [[o("+"), o("…")]] : []),
      [o("="), valued(signals.arrays.dE_dy[moment * one.nUnits + unit], key("dy", unit))],
    ],
  };
}

/** @param {OneRun} one @param {number} unit above the inputs */
const nameOf = (one, unit) => shortName(one.message.unit_names[unit], one.above[one.layerOf[unit]].layer.name);

/**
 * Where a weight stands: whom it joins.
 * @param {OneRun} one @param {number} index @returns {{from: number | null, to: number, name: string} | null}
 *   `from` counts the inputs too, `to` does not; null for a bias
 */
export function weightPlace(one, index) {
  const block = one.message.blocks.find(({ start, shape }) => index >= start && index < start + shape.reduce((a, b) => a * b, 1));
  if (!block) return null;
  const above = one.above.find((other) => other.layer.name === block.layer)?.first ?? 0;
  if (block.source === null) return { from: null, to: above + index - block.start, name: `bias of ${nameOf(one, above + index - block.start)}` };
  const [row, column] = [Math.floor((index - block.start) / block.shape[1]), (index - block.start) % block.shape[1]];
  let before = 0;
  for (const layer of one.message.layers) {
    if (layer.name === block.source) break;
    before += layer.sources.length ? 0 : layer.size;
  }
  const sender = one.above.find((other) => other.layer.name === block.source);
  const from = (sender ? one.nInputs + sender.first : before) + column;
  return { from, to: above + row, name: `${sender ? nameOf(one, sender.first + column) : shortName(one.message.input_names[before + column], block.source)} → ${nameOf(one, above + row)}` };
}

/** The weight into a unit that carries most for a case. @param {Place} place @returns {number} */
export function strongestInto(place) {
  const { terms, bias } = heard(place);
  const most = [...terms].sort((a, b) => Math.abs(b.y * b.w) - Math.abs(a.y * a.w))[0]?.weight ?? bias?.weight;
  return most ? Number(most.slice(2)) : -1;
}

/** Equations (6), and (8) or (9), of a weight. @param {Omit<Place, "unit">} place @param {number} index */
export function weightEquations({ one, moment, signals }, index) {
  const place = weightPlace(one, index);
  if (!place) return null;
  const { arrays, message } = signals;
  const { from, to } = place;
  const y = from === null ? 1 : from < one.nInputs ? arrays.inputs[from] : arrays.y[moment * one.nUnits + from - one.nInputs];
  const dE_dx = arrays.dE_dx[moment * one.nUnits + to];
  const all = arrays.change.length / one.nMoments;
  const step = all && one.sweep(moment) ? { epsilon: message.epsilon, alpha: message.alpha, slope: arrays.slope[moment * all + index], before: arrays.before[moment * all + index], change: arrays.change[moment * all + index] } : null;
  return arcEquations({ arc: index, dE_dw: y * dE_dx, from: from === null ? null : { unit: String(from), y }, to: { unit: String(one.nInputs + to), dE_dx }, step });
}

/** The error of this case: as a formula, and with the numbers of the unit. @param {Place} place @param {(kind: string, unit: number) => string} key */
function measured({ one, moment, signals, unit }, key) {
  const y = () => linked(sub("y", "j"), ...one.outputs.map((output) => key("y", output)));
  const d = () => linked(sub("d", "j"), ...one.outputs.map((output) => key("d", output)));
  const goal = signals.arrays.desired[one.outputs.indexOf(unit)];
  const mine = factor(signals.arrays.y[moment * one.nUnits + unit], key("y", unit));
  const wanted = Number.isInteger(goal) ? given(goal, key("d", unit)) : factor(goal, key("d", unit));
  const { activation } = one.above[one.layerOf[unit]].layer;
  const half = () => m("mfrac", {}, n("1"), n("2"));
  const square = (/** @type {Element[]} */ ...inside) => m("msup", {}, m("mrow", {}, o("("), ...inside, o(")")), n("2"));
  if (signals.message.measure === "squared") {
    const own = square(mine, o("−"), wanted);
    return [half(), sum("j"), square(y(), o("−"), d()), o("="), half(), ...(one.outputs.length > 1 ? [o("("), own, o("+"), o("…"), o(")")] : [own])];
  }
  if (activation === "softmax") return [o("−"), sum("j"), d(), i("ln"), y()];
  return [o("−"), sum("j"), o("("), d(), i("ln"), y(), o("+"), o("("), n("1"), o("−"), d(), o(")"), i("ln"), o("("), n("1"), o("−"), y(), o(")"), o(")")];
}

/**
 * All of it for a unit, and for the weight that is chosen or the strongest into the unit.
 * @param {HTMLElement} box @param {Place} place @param {string} wanted the weight's number, or nothing
 * @param {string} also what else can be clicked to choose one
 */
export function numbersInto(box, place, wanted, also) {
  const { one, moment, signals, unit } = place;
  const isChosen = wanted !== "" && weightPlace(one, Number(wanted)) !== null;
  const index = isChosen ? Number(wanted) : strongestInto(place);
  const { factor: by, step } = signals.message;
  const scaled = by < 1 ? `, divided by ${counted(1 / by)}` : by > 1 ? `, times ${counted(by)}` : "";
  const note = step
    ? `${step} Equation (6) is of this case alone.`
    : one.sweep(moment)
      ? `Equation (6) is of this case alone. The change made in sweep ${counted(one.sweep(moment))} takes the sum over all cases that it learns from${scaled}, with the weights as they were before.`
      : "(6) is of this case alone. Nothing has changed yet: go on in time for (8) and (9).";
  renew(
    box,
    h("h4", {}, nameOf(one, unit)),
    unitEquations(place),
    h("h4", {}, `Weight ${weightPlace(one, index)?.name ?? ""}`),
    weightEquations(place, index) ?? h("p"),
    h("p", { class: "aside small" }, `${note} Choose another weight in equation (1) or (7), or ${also}.`),
  );
}
