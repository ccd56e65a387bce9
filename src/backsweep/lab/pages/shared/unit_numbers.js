/** Equations (1) to (3) of one unit of any layer for one case, with the numbers on screen. */

import { m } from "./dom.js";
import { equationBlock, factor, given, i, linked, n, o, sub, sum, valued } from "./mathml.js";

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
  if (one.outputs.includes(unit)) lines.push({ label: message.measure === "squared" ? "(3)" : "", terms: [[linked(i("E"), "E"), eq(), ...measured(place, key)], [eq(), valued(arrays.error[moment], "E")]] });
  return equationBlock(lines);
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
