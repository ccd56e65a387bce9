/**
 * Equations (1) to (7) of one unit of any layer for one case, and (6) to (9) of a weight,
 * with the numbers on screen.
 */

import { h, m, renew } from "./dom.js";
import { counted } from "./format.js";
import { LOGISTIC, arcEquations, desired, eq, half, squared, unitEquations } from "./equations.js";
import { factor, i, linked, n, o, sub, sum } from "./mathml.js";
import { shortName } from "./strips.js";

/** @typedef {import("./one_run.js").OneRun} OneRun */
/** @typedef {import("./equations.js").Activation} Activation */
/** @typedef {import("./equations.js").Term} Term */
/**
 * @typedef {Object} Place
 * @property {OneRun} one
 * @property {number} moment
 * @property {{message: any, arrays: Record<string, any>}} signals a `messages.OneCase`
 * @property {number} unit counted above the inputs
 */

/** What a unit hears. @param {Place} place @returns {{terms: Term[], bias: {arc: number, w: number} | null}} */
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
      return { unit: String(isInput ? at : one.nInputs + at), value: isInput ? signals.arrays.inputs[at] : signals.arrays.y[moment * one.nUnits + at], arc: row + from, w: w[row + from] };
    });
  });
  const own = blocks.find((block) => block.source === null);
  const arc = own ? own.start + unit - first : -1;
  return { terms, bias: own ? { arc, w: w[arc] } : null };
}

/** What the units that hear this one are blamed for. @param {Place} place @returns {Term[]} */
function heeded({ one, moment, signals, unit }) {
  const { layer, first } = one.above[one.layerOf[unit]];
  const w = one.weights(moment);
  return one.message.blocks.filter((block) => block.source === layer.name).flatMap((block) => {
    const above = one.above.find((other) => other.layer.name === block.layer)?.first ?? 0;
    return Array.from({ length: block.shape[0] }, (_, j) => {
      const arc = block.start + j * block.shape[1] + (unit - first);
      return { unit: String(one.nInputs + above + j), value: signals.arrays.dE_dx[moment * one.nUnits + above + j], arc, w: w[arc] };
    });
  });
}

/** @type {Record<string, Activation>} */
const ACTIVATIONS = {
  logistic: LOGISTIC,
  tanh: { output: (x) => [i("tanh"), o("("), x(), o(")")], slope: (y) => [o("("), n("1"), o("−"), m("msup", {}, m("mrow", {}, y()), n("2")), o(")")] },
  linear: { output: (x) => [x()], slope: () => [n("1")] },
  relu: { output: (x) => [i("max"), o("("), n("0"), o(","), x(), o(")")], slope: null },
};

/** A softmax unit answers with all units of its layer. @param {readonly string[]} keys of their x @returns {Activation} */
const softmax = (keys) => ({ output: (x) => [m("mfrac", {}, m("msup", {}, i("e"), x()), m("mrow", {}, sum("k"), m("msup", {}, i("e"), linked(sub("x", "k"), ...keys))))], slope: null });

/** @param {Place} place */
function ofUnit(place) {
  const { one, moment, signals, unit } = place;
  const { arrays, message } = signals;
  const { layer, first } = one.above[one.layerOf[unit]];
  const key = (/** @type {number} */ which) => String(one.nInputs + which);
  const at = (/** @type {string} */ name) => arrays[name][moment * one.nUnits + unit];
  const { terms, bias } = heard(place);
  const output = one.outputs.indexOf(unit);
  const d = output < 0 ? 0 : arrays.desired[output];
  const isSquared = message.measure === "squared";
  /** The cross-entropy suits its units: what (4) and (5) give together is y − d. */
  const isSuited = message.measure === "cross-entropy" && (layer.activation === "softmax" || layer.activation === "logistic");
  const isNear = at("dE_dy") === 0 && Math.abs(at("y") - d) > 1e-3;
  return unitEquations({
    unit: key(unit),
    x: at("x"),
    y: at("y"),
    dE_dy: at("dE_dy"),
    dE_dx: at("dE_dx"),
    heard: terms,
    bias,
    heeded: heeded(place),
    activation: layer.activation === "softmax" ? softmax(Array.from({ length: layer.size }, (_, k) => `x:${key(first + k)}`)) : ACTIVATIONS[layer.activation],
    goal: output < 0 ? null : { d, is: isSuited ? "suited" : !isSquared ? "other" : isNear ? "near" : "missed", near: "near enough to" },
    error: output < 0 ? null : { label: isSquared ? "(3)" : "", right: measured(place, d), value: arrays.error[moment] },
  });
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
  return [...terms].sort((a, b) => Math.abs(b.value * b.w) - Math.abs(a.value * a.w))[0]?.arc ?? bias?.arc ?? -1;
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

/** The error of this case: as a formula, and with the numbers of the unit. @param {Place} place @param {number} goal */
function measured({ one, moment, signals, unit }, goal) {
  const of = (/** @type {string} */ kind) => linked(sub(kind, "j"), ...one.outputs.map((output) => `${kind}:${one.nInputs + output}`));
  const [y, d] = [() => of("y"), () => of("d")];
  if (signals.message.measure === "squared") {
    const key = String(one.nInputs + unit);
    const own = squared(factor(signals.arrays.y[moment * one.nUnits + unit], `y:${key}`), desired(goal, key));
    return [half(), sum("j"), squared(y(), d()), eq(), half(), ...(one.outputs.length > 1 ? [o("("), own, o("+"), o("…"), o(")")] : [own])];
  }
  if (one.above[one.layerOf[unit]].layer.activation === "softmax") return [o("−"), sum("j"), d(), i("ln"), y()];
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
    ofUnit(place),
    h("h4", {}, `Weight ${weightPlace(one, index)?.name ?? ""}`),
    weightEquations(place, index) ?? h("p"),
    h("p", { class: "aside small" }, `${note} Choose another weight in equation (1) or (7), or ${also}.`),
  );
}
