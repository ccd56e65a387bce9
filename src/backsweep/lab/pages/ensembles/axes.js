/** What a map varies, and how a place on it becomes a setting. */

import { counted, fixed } from "../shared/format.js";

/**
 * @typedef {Object} Setting
 * @property {string} label under the axis
 * @property {string} name in a sentence
 * @property {string} short before a number
 * @property {boolean} log whether places are logarithms to base 10
 * @property {[number, number]} whole what is shown at first
 * @property {[number, number]} bounds what a map may show
 */
/** @type {Record<string, Setting>} */
export const SETTINGS = {
  epsilon: { label: "step size, epsilon", name: "step size", short: "ε", log: true, whole: [-2, 2], bounds: [-6, 2] },
  alpha: { label: "momentum, alpha", name: "momentum", short: "α", log: false, whole: [0, 1], bounds: [0, 1] },
  start: { label: "start range, ±", name: "start range", short: "start ±", log: true, whole: [-2, 1.3], bounds: [-4, 1.3] },
  decay: { label: "decay of the weights", name: "decay", short: "decay", log: true, whole: [-6, -1], bounds: [-9, -0.1] },
  "rate of hidden": { label: "rate of the hidden layer", name: "hidden layer’s rate", short: "hidden", log: true, whole: [-2, 3], bounds: [-9, 12] },
  "rate of output": { label: "rate of the output layer", name: "output layer’s rate", short: "output", log: true, whole: [-2, 3], bounds: [-9, 12] },
};

/** A window on a map: its edges, as places. @typedef {{x0: number, x1: number, y0: number, y1: number}} Window */

/** The window that shows all. @param {string} task @param {string} x @param {string} y @returns {Window} */
export function whole(task, x, y) {
  // The two step sizes of the trainability map go from 10^-3 to 10^6 in its source.
  const span = (/** @type {string} */ name) => (task.startsWith("trainability") && name.startsWith("rate") ? [-3, 6] : SETTINGS[name].whole);
  const [[x0, x1], [y0, y1]] = [span(x), span(y)];
  return { x0, x1, y0, y1 };
}

/** @param {string} text @returns {Window | null} */
export function readWindow(text) {
  const numbers = text.split(",").map(Number);
  if (numbers.length !== 4 || numbers.some((one) => !Number.isFinite(one))) return null;
  const [x0, x1, y0, y1] = numbers;
  return x0 < x1 && y0 < y1 ? { x0, x1, y0, y1 } : null;
}

/** With as many decimals as its cells need. @param {Window} window @param {number} cells */
export function writeWindow({ x0, x1, y0, y1 }, cells) {
  const short = (/** @type {number} */ place, /** @type {number} */ width) => String(Number(place.toFixed(Math.max(0, Math.min(20, Math.ceil(1.5 - Math.log10(width / cells)))))));
  return [short(x0, x1 - x0), short(x1, x1 - x0), short(y0, y1 - y0), short(y1, y1 - y0)].join(",");
}

/** Keep a window within what may be shown, its size where possible. @param {Window} window @param {string} x @param {string} y @returns {Window} */
export function within({ x0, x1, y0, y1 }, x, y) {
  const keep = (/** @type {number} */ low, /** @type {number} */ high, /** @type {[number, number]} */ [least, most]) => {
    const width = Math.min(high - low, most - least);
    const from = Math.max(least, Math.min(most - width, low));
    return [from, from + width];
  };
  const [[a, b], [c, d]] = [keep(x0, x1, SETTINGS[x].bounds), keep(y0, y1, SETTINGS[y].bounds)];
  return { x0: a, x1: b, y0: c, y1: d };
}

/** The setting at a place, to as many figures as tell it from its neighbours. @param {string} name @param {number} place @param {number} step between cells */
export function setting(name, place, step) {
  const value = SETTINGS[name].log ? 10 ** place : place;
  const apart = SETTINGS[name].log ? value * Math.LN10 * step : step;
  return number(value, apart);
}

/** @param {number} value @param {number} apart how far from the next */
export function number(value, apart) {
  const decimals = Math.max(0, Math.ceil(-Math.log10(apart)));
  if (value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e6)) {
    const [digits, power] = value.toExponential(Math.max(1, Math.min(15, Math.ceil(Math.log10(Math.abs(value) / apart))))).split("e");
    return `${digits}·10${raised(Number(power))}`;
  }
  return fixed(value, Math.min(decimals, 17));
}

/** @param {number} power */
export const raised = (power) => [...String(power)].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"["0123456789".indexOf(c)] ?? "⁻").join("");

/**
 * Ticks of an axis: places with their words.
 * @param {string} name @param {number} low @param {number} high @param {number} most
 * @returns {{ticks: {place: number, text: string}[], label: string}}
 */
export function ticks(name, low, high, most) {
  const { log, label } = SETTINGS[name];
  const width = high - low;
  if (log && width >= 1) {
    // Powers of ten; where there is room for more, 2 and 5 times them as well.
    const steps = width * 3 <= most ? [1, 2, 5] : [1];
    const skip = Math.max(1, Math.ceil(width / most));
    const found = [];
    for (let power = Math.floor(low); power <= Math.ceil(high); power++) {
      if (power % skip) continue;
      for (const digit of steps) {
        const place = power + Math.log10(digit);
        if (place < low - 1e-9 || place > high + 1e-9) continue;
        const text = power >= -3 && power <= 3 ? counted(Number((digit * 10 ** power).toPrecision(6))) : digit === 1 ? `10${raised(power)}` : `${digit}·10${raised(power)}`;
        found.push({ place, text });
      }
    }
    return { ticks: found, label };
  }
  const raw = width / most;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= raw * 0.999) ?? raw;
  const decimals = Math.max(0, Math.round(-Math.log10(step) + 0.3));
  const first = Math.ceil(low / step - 1e-9);
  const places = [];
  for (let k = first; k * step <= high + step * 1e-9 && places.length < 20; k++) places.push(k * step);
  const base = decimals > 4 ? Number(low.toFixed(decimals - 2)) : 0;
  const small = (/** @type {number} */ place) => (decimals > 6 ? (Math.abs(place) < step / 2 ? "0" : `${(place / 10 ** -decimals).toFixed(0).replace("-", "−")}`) : fixed(place, decimals));
  const about = base ? `, from ${fixed(base, decimals - 2)}${decimals > 6 ? ` in 10${raised(-decimals)}` : ""}` : "";
  return {
    ticks: places.map((place) => ({ place, text: base ? small(place - base) : fixed(place, decimals) })),
    label: `${log ? `log₁₀ of the ${label.replace(", epsilon", "").replace("rate of the", "rate,").replace("rate, ", "rate of the ").replace(", ±", "")}` : label}${about}`,
  };
}
