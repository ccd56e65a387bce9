/** A run with the symmetry task: what its weights say about the middle of a row. */

import { Run as Small } from "../shared/run.js";

/** @typedef {import("../shared/messages.js").Symmetry} Symmetry */

const HIDDEN = 2;
const SIDE = 3; // inputs on one side of the middle
const MIRROR = 0.05; // of the largest weight, by which mirror places may miss

/** @extends {Small<Symmetry>} */
export class Run extends Small {
  /** @type {number | undefined} */ #firstLow;

  /** The sweep of a moment. @param {number} row */
  sweep(row) {
    return this.message.sweeps[row];
  }

  /** The moment that is looked at for a sweep: the last one not after it. @param {number} sweep */
  row(sweep) {
    const { sweeps } = this.message;
    let [low, high] = [0, sweeps.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (sweeps[middle] <= sweep) low = middle;
      else high = middle;
    }
    return low;
  }

  /** The number of the weight from an input into a hidden unit. @param {number} unit @param {number} input */
  arc(unit, input) {
    const block = this.message.blocks.find((one) => one.source !== null && one.layer === this.message.layers[1].name);
    return (block?.start ?? 0) + unit * this.nInputs + input;
  }

  /** The weights into a hidden unit, from left to right. @param {number} row @param {number} unit */
  into(row, unit) {
    return this.weights(row).subarray(this.arc(unit, 0), this.arc(unit, this.nInputs));
  }

  /** Of one side, smallest first. @param {"magnitudes" | "ratios"} name @param {number} row @param {number} unit */
  half(name, row, unit) {
    const start = (row * HIDDEN + unit) * SIDE;
    return this.arrays[name].subarray(start, start + SIDE);
  }

  /** How far mirror places are from equal and opposite. @param {number} row @param {number} unit */
  residual(row, unit) {
    return this.arrays.residual[row * HIDDEN + unit];
  }

  /** The code with a name that a unit's magnitudes follow, or null. @param {number} row @param {number} unit */
  code(row, unit) {
    return this.message.codes[this.arrays.code[row * HIDDEN + unit]] ?? null;
  }

  /** Whether a unit weighs mirror places alike, with opposite signs. @param {number} row @param {number} unit */
  isMirror(row, unit) {
    return this.residual(row, unit) < MIRROR;
  }

  /** @param {number} row */
  areMirrors(row) {
    return [0, 1].every((unit) => this.isMirror(row, unit));
  }

  /** Whether the smallest of one side is too small for a ratio to it to tell anything. @param {number} row @param {number} unit */
  isLopsided(row, unit) {
    const [smallest, , largest] = this.half("magnitudes", row, unit);
    return smallest < MIRROR * largest;
  }

  /** Whether every answer is below one half. @param {number} row */
  isLow(row) {
    return this.message.inputs.every((_, k) => this.output(row, k) < 0.5);
  }

  /** The first row in which every answer is, or one past the last. */
  get firstLow() {
    this.#firstLow ??= this.message.sweeps.findIndex((_, row) => this.isLow(row));
    return this.#firstLow < 0 ? this.last + 1 : this.#firstLow;
  }
}
