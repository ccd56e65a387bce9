/**
 * Colours of a map: even steps of a number are even steps to the eye, colour-blind or
 * not. The two scales are those of the figures (`figures/colour_scales.py`).
 */

import { interpolateViridis } from "../shared/d3.js";

/** @typedef {"share" | "median" | "convergence"} Show */

const STEPS = 256;

/** @param {string} hex */
const parts = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
/** Violet is little, yellow is much. */
const ONE_SIDED = Array.from({ length: STEPS }, (_, k) => parts(interpolateViridis(k / (STEPS - 1))));
/** Dark blue to light, then light to dark orange. */
const TWO_SIDED = [...ramp(252), ...ramp(52).reverse()];

/** From dark to light in even steps of OKLab (Ottosson, 2020). @param {number} hue in degrees */
function ramp(hue) {
  return Array.from({ length: STEPS }, (_, k) => {
    const share = k / (STEPS - 1);
    const light = 0.28 + share * 0.69;
    const chroma = 0.125 * Math.sin(Math.PI * (0.22 + 0.72 * share)) ** 1.2;
    const [a, b] = [chroma * Math.cos((hue * Math.PI) / 180), chroma * Math.sin((hue * Math.PI) / 180)];
    const l = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3;
    const m = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3;
    const s = (light - 0.0894841775 * a - 1.291485548 * b) ** 3;
    return [
      4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
      -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
      -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
    ].map((linear) => {
      const clear = Math.max(0, Math.min(1, linear));
      return Math.round(255 * (clear <= 0.0031308 ? 12.92 * clear : 1.055 * clear ** (1 / 2.4) - 0.055));
    });
  });
}

/**
 * A scale: where a number stands on it, from 0 to 1, its colour there, and what is
 * written beside it.
 * @typedef {Object} Scale
 * @property {(value: number) => number} place NaN where the value has no colour
 * @property {readonly number[][]} colours
 * @property {{place: number, text: string}[]} ticks
 * @property {string} title
 */

/**
 * The scale for what is shown, made for the values that are there.
 * @param {Show} show
 * @param {readonly Float32Array[]} values of the finest level that is there
 * @returns {Scale}
 */
export function scaleOf(show, values) {
  if (show === "convergence") return twoSided(values);
  if (show === "median") return logarithmic(values);
  return {
    place: (share) => (share > 0 ? share : NaN),
    colours: ONE_SIDED,
    ticks: [0.25, 0.5, 0.75, 1].map((share) => ({ place: share, text: `${100 * share} %` })),
    title: "share of runs that learned",
  };
}

/** @param {readonly Float32Array[]} values @returns {Scale} */
function logarithmic(values) {
  let [low, high] = [Infinity, 0];
  for (const some of values) {
    for (const value of some) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (!high) [low, high] = [1, 10];
  low = Math.max(1, low / 1.01);
  high = Math.max(high * 1.01, low * 1.5);
  const place = (/** @type {number} */ value) => 1 - Math.log(value / low) / Math.log(high / low);
  const ticks = [];
  for (let power = 1; power <= high; power *= 10)
    for (const digit of high / low < 40 ? [1, 2, 5] : [1]) if (digit * power >= low && digit * power <= high) ticks.push({ place: place(digit * power), text: String(digit * power) });
  return { place, colours: [...ONE_SIDED], ticks: ticks.reverse(), title: "sweeps to learn, median: yellow is quick" };
}

/** Each side spread over its half by rank. @param {readonly Float32Array[]} values @returns {Scale} */
function twoSided(values) {
  /** @type {number[][]} */ const sides = [[], []];
  const total = values.reduce((sum, some) => sum + some.length, 0);
  const skip = Math.max(1, Math.floor(total / 20_000));
  let k = 0;
  for (const some of values) for (const value of some) if (!Number.isNaN(value) && k++ % skip === 0) sides[value < 0 ? 0 : 1].push(logged(value));
  const orders = sides.map((side) => Float64Array.from(new Set(side.sort((a, b) => a - b))));
  const rank = (/** @type {Float64Array} */ order, /** @type {number} */ at) => {
    let [low, high] = [0, order.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (order[middle] < at) low = middle + 1;
      else high = middle;
    }
    return order.length > 1 ? Math.min(1, low / (order.length - 1)) : 0;
  };
  const place = (/** @type {number} */ value) => {
    if (Number.isNaN(value)) return NaN;
    const far = 1 - 0.98 * rank(orders[value < 0 ? 0 : 1], logged(value));
    return value < 0 ? 0.5 - far / 2 : 0.5 + far / 2;
  };
  const said = (/** @type {number} */ size) => (size >= 1e5 ? size.toExponential(0).replace("e+", "e") : String(Number(size.toPrecision(2))));
  const ticks = [{ place: 0.5, text: "edge" }];
  if (orders[0].length) ticks.push({ place: 0, text: `−${said(Math.exp(orders[0][0]))}` }, { place: 0.25, text: `−${said(Math.exp(orders[0][orders[0].length >> 1]))}` });
  if (orders[1].length) ticks.push({ place: 1, text: said(Math.exp(orders[1][0])) }, { place: 0.75, text: said(Math.exp(orders[1][orders[1].length >> 1])) });
  return { place, colours: TWO_SIDED, ticks: ticks.sort((a, b) => a.place - b.place), title: "learning (below 0) and not learning" };
}

/** @param {number} value */
const logged = (value) => Math.round(1e4 * Math.log(Math.max(Math.abs(value), 1e-12))) / 1e4;

/** @param {Scale} scale @param {number} place */
export const colourAt = (scale, place) => scale.colours[Math.max(0, Math.min(scale.colours.length - 1, Math.round(place * (scale.colours.length - 1))))];
