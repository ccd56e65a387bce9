/** One run of many as it came from the server: whole, moment by moment. */

import { fixed } from "./format.js";

/** @typedef {import("./messages.js").OneRun} Message */
/** @typedef {{layer: import("./messages.js").LayerPlan, first: number}} Above a layer above the inputs, and its first unit */

const LEVELS = 65535;

export class OneRun {
  /** @param {{message: any, arrays: Record<string, any>}} answer */
  constructor({ message, arrays }) {
    /** @type {Message} */
    this.message = message;
    this.arrays = arrays;
    this.nCases = message.cases.length;
    this.nUnits = message.unit_names.length;
    this.nInputs = message.input_names.length;
    /** How many moments are known; they are counted from 0. */
    this.nMoments = arrays.moments.length;
    this.nParameters = arrays.parameters.length / this.nMoments;
    let first = 0;
    /** @type {Above[]} */
    this.above = this.message.layers.flatMap((layer) => (layer.sources.length ? [{ layer, first: (first += layer.size) - layer.size }] : []));
    /** Of each unit the place of its layer among those above the inputs. */
    this.layerOf = this.above.flatMap(({ layer }, k) => Array(layer.size).fill(k));
    /** The output units: those of layers that nobody hears. */
    this.outputs = this.above
      .filter(({ layer }) => !this.message.layers.some((other) => other.sources.includes(layer.name)))
      .flatMap(({ layer, first: from }) => Array.from({ length: layer.size }, (_, k) => from + k));
  }

  /** @param {number} moment @returns {number} */
  sweep(moment) {
    return this.arrays.moments[moment];
  }

  /** The moment that is nearest to a sweep. @param {number} sweep */
  nearest(sweep) {
    const { moments } = this.arrays;
    let place = 0;
    for (let k = 1; k < this.nMoments; k++) if (Math.abs(moments[k] - sweep) <= Math.abs(moments[place] - sweep)) place = k;
    return place;
  }

  /** Errors and shares of right cases, as `messages.OneRun` has them. @param {number} moment @param {number} column @returns {number} */
  trace(moment, column) {
    return this.arrays.trace[4 * moment + column];
  }

  /** @param {number} moment @returns {Float32Array} */
  weights(moment) {
    return this.arrays.parameters.subarray(moment * this.nParameters, (moment + 1) * this.nParameters);
  }

  /** What a unit says to all cases, as levels from 0 to 65,535. @param {number} moment @param {number} unit @returns {Uint16Array} */
  levels(moment, unit) {
    const row = moment * this.nUnits + unit;
    return this.arrays.y.subarray(row * this.nCases, (row + 1) * this.nCases);
  }

  /** What a unit says to one case. @param {number} moment @param {number} unit @param {number} k */
  y(moment, unit, k) {
    const place = 2 * (moment * this.above.length + this.layerOf[unit]);
    const [low, high] = [this.arrays.ranges[place], this.arrays.ranges[place + 1]];
    return low + ((high - low) * this.levels(moment, unit)[k]) / LEVELS;
  }

  /** @param {number} moment @param {number} k */
  isRight(moment, k) {
    return this.arrays.right[moment * this.nCases + k] === 1;
  }

  /** @param {number} k */
  isHeldOut(k) {
    return this.arrays.held_out[k] === 1;
  }

  /** @param {number} k */
  wanted(k) {
    if (this.message.answers !== "units") return this.#told(this.arrays.wanted, k);
    const { wanted } = this.arrays;
    const wide = this.outputs.length;
    return listed(this.outputs.flatMap((unit, j) => (wanted[k * wide + j] > this.#middle(unit) ? [this.message.unit_names[unit]] : []))) || "none";
  }

  /** @param {number} moment @param {number} k */
  answered(moment, k) {
    if (this.message.answers === "units") return this.#loudest(moment, k);
    return this.#told(this.arrays.answered, moment * this.nCases + k);
  }

  /** Half-way between silent and loud, for a unit. @param {number} unit */
  #middle(unit) {
    return this.above[this.layerOf[unit]].layer.activation === "tanh" ? 0 : 0.5;
  }

  /** The output units that are on, or the one that is nearest to it. @param {number} moment @param {number} k */
  #loudest(moment, k) {
    const told = this.outputs.map((unit) => ({ unit, y: this.y(moment, unit, k) })).sort((a, b) => b.y - a.y);
    const text = (/** @type {{unit: number, y: number}} */ { unit, y }) => `${this.message.unit_names[unit]} ${fixed(y, 2)}`;
    return listed(told.filter(({ unit, y }) => y > this.#middle(unit)).map(text)) || `none; nearest ${text(told[0])}`;
  }

  /** @param {ArrayLike<number>} values @param {number} row */
  #told(values, row) {
    const { answers, words } = this.message;
    if (answers === "words") return words[values[row]];
    const wide = this.arrays.wanted.length / this.nCases;
    const told = Array.from({ length: wide }, (_, k) => values[row * wide + k]);
    return answers === "numbers" ? told.map(brief).join(", ") : told.map((value) => fixed(value, 2).replace(/\.?0+$/, "")).join(" ");
  }
}

const LISTED = 6; // names of units

/** @param {readonly string[]} names */
const listed = (names) => names.slice(0, LISTED).join(", ") + (names.length > LISTED ? ` and ${names.length - LISTED} more` : "");

/** With four digits that count. @param {number} value */
const brief = (value) => (Number.isFinite(value) ? String(Number(value.toPrecision(4))).replace("-", "\u2212") : "none");
