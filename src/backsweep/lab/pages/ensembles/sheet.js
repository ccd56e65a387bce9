/** A sheet: the cells of one level of a map, as they come, and as a small picture. */

import { colourAt } from "./colours.js";

/** @typedef {import("./axes.js").Window} Window */
/** @typedef {import("./colours.js").Scale} Scale */
/** @typedef {import("./colours.js").Show} Show */
/** What came of a cell. @typedef {{share: number, median: number, diverged: number, convergence: number}} Came */
/** @typedef {{none: readonly number[], lost: readonly number[]}} Greys */

const KINDS = /** @type {const} */ ({ learning: ["share", "median", "diverged"], convergence: ["convergence"] });

export class Sheet {
  filled = 0; // columns
  #painted = 0;
  #picture = document.createElement("canvas");
  #lost = document.createElement("canvas");

  /**
   * @param {Window} window
   * @param {number} level cells along a side
   * @param {"learning" | "convergence"} measure
   */
  constructor(window, level, measure) {
    this.window = window;
    this.level = level;
    this.measure = measure;
    this.anyLost = false;
    /** @type {Record<string, Float32Array>} */
    this.values = Object.fromEntries(KINDS[measure].map((kind) => [kind, new Float32Array(level * level).fill(NaN)]));
    for (const canvas of [this.#picture, this.#lost]) canvas.width = canvas.height = level;
  }

  /** Take columns in. @param {import("../shared/messages.js").MapPart} part */
  take(part) {
    const bytes = Uint8Array.from(atob(part.values), (c) => c.charCodeAt(0));
    const numbers = new Float32Array(bytes.buffer);
    const each = part.columns * this.level;
    KINDS[this.measure].forEach((kind, k) => this.values[kind].set(numbers.subarray(k * each, (k + 1) * each), part.first * this.level));
    this.filled = part.first + part.columns;
  }

  /** Take all columns in, kind by kind. @param {Float32Array} numbers */
  fill(numbers) {
    const each = this.level ** 2;
    KINDS[this.measure].forEach((kind, k) => this.values[kind].set(numbers.subarray(k * each, (k + 1) * each)));
    this.filled = this.level;
  }

  get isWhole() {
    return this.filled === this.level;
  }

  /** @param {number} column @param {number} row counted from below @returns {Came} */
  at(column, row) {
    const k = column * this.level + row;
    const of = (/** @type {string} */ kind) => this.values[kind]?.[k] ?? NaN;
    return { share: of("share"), median: of("median"), diverged: of("diverged"), convergence: of("convergence") };
  }

  /** Colour what has come since; or all. @param {Show} show @param {Scale} scale @param {Greys} greys @param {boolean} anew */
  paint(show, scale, greys, anew) {
    const { level } = this;
    const from = anew ? 0 : this.#painted;
    const columns = this.filled - from;
    if (columns <= 0) return;
    const pixels = new ImageData(columns, level);
    const stripes = new ImageData(columns, level);
    const values = this.values[show];
    const diverged = this.values.diverged;
    if (anew) this.anyLost = false;
    for (let column = from; column < this.filled; column++) {
      for (let row = 0; row < level; row++) {
        const k = column * level + row;
        const lost = diverged?.[k] === 1;
        const place = lost ? NaN : scale.place(values[k]);
        const [r, g, b] = lost ? greys.lost : Number.isNaN(place) ? greys.none : colourAt(scale, place);
        const at = 4 * ((level - 1 - row) * columns + column - from);
        pixels.data[at] = r;
        pixels.data[at + 1] = g;
        pixels.data[at + 2] = b;
        pixels.data[at + 3] = 255;
        if (lost) {
          stripes.data[at + 3] = 255;
          this.anyLost = true;
        }
      }
    }
    /** @type {CanvasRenderingContext2D} */ (this.#picture.getContext("2d")).putImageData(pixels, from, 0);
    /** @type {CanvasRenderingContext2D} */ (this.#lost.getContext("2d")).putImageData(stripes, from, 0);
    this.#painted = this.filled;
  }

  /**
   * Draw it where it lies in a window.
   * @param {CanvasRenderingContext2D} context
   * @param {Window} window
   * @param {number} side of the square, in dots
   * @param {boolean} lost only the cells that diverged, as a mask
   */
  drawInto(context, window, side, lost = false) {
    const picture = lost ? this.#lost : this.#picture;
    const x = (/** @type {number} */ place) => ((place - window.x0) / (window.x1 - window.x0)) * side;
    const y = (/** @type {number} */ place) => side - ((place - window.y0) / (window.y1 - window.y0)) * side;
    const [left, right] = [x(this.window.x0), x(this.window.x1)];
    const [top, bottom] = [y(this.window.y1), y(this.window.y0)];
    const done = this.filled / this.level;
    if (!this.filled) return;
    // Far beyond the square a browser's numbers become coarse: only what shows is drawn.
    const a = Math.max(0, Math.floor(((0 - left) / (right - left)) * this.level) - 1);
    const b = Math.min(this.filled, Math.ceil(((side - left) / (right - left)) * this.level) + 1);
    const c = Math.max(0, Math.floor(((0 - top) / (bottom - top)) * this.level) - 1);
    const d = Math.min(this.level, Math.ceil(((side - top) / (bottom - top)) * this.level) + 1);
    if (b <= a || d <= c || done <= 0) return;
    const [wide, high] = [(right - left) / this.level, (bottom - top) / this.level];
    // Cells of one or two dots and a half would make bands of their own.
    context.imageSmoothingEnabled = wide < 3 && wide % 1 > 0.01;
    context.imageSmoothingQuality = "high";
    context.drawImage(picture, a, c, b - a, d - c, left + a * wide, top + c * high, (b - a) * wide, (d - c) * high);
  }
}
