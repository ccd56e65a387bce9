/** What the units of one run say over the plane: sheet by sheet, moment by moment. */

import { fixed } from "../shared/format.js";
import { winner } from "./palette.js";

/** @typedef {import("../shared/messages.js").DataPlan} Plan */
/** @typedef {import("../shared/messages.js").PlanePoints} View */
/** @typedef {import("../shared/messages.js").LayerPlan} Layer */
/** @typedef {import("./palette.js").Tables} Tables */
/** @typedef {import("./tiles.js").Spot} Spot */
/** @typedef {(place: number) => number} Colouring the colour of a place of the sheet */

const TOP = 65535; // of the levels
const CLEAR_LINES = 6; // of more units than these only the chosen one's line is drawn
const ISOLINES = [0.2, 0.35, 0.5, 0.65, 0.8]; // of the scale of wanted numbers
const TOLD = 6; // outputs in a reading

/** What one calls a unit. @param {readonly Layer[]} layers @param {Spot} spot */
export function nameOf(layers, { layer, unit }) {
  const of = layers[layer];
  const named = of?.units[unit] ?? "";
  if (!of || (layer && layer < layers.length - 1) || !named) return of ? `${of.name} ${unit + 1}` : "";
  return named.slice(named.indexOf("=") + 1);
}

export class Sheets {
  /** @param {{message: any, arrays: Record<string, any>}} answer @param {Plan} plan @param {View} view */
  constructor({ message, arrays }, plan, view) {
    /** @type {import("../shared/messages.js").PlaneSheets} */
    this.message = message;
    this.arrays = arrays;
    this.layers = plan.layers;
    this.view = view;
    this.side = this.message.side;
    this.last = plan.layers.length - 1; // the output layer
    this.moment = 0;
    const shown = this.message.units.length;
    const size = plan.layers[this.last].size;
    this.outputs = Array.from({ length: size }, (_, unit) => this.place({ layer: this.last, unit })).filter((k) => k >= 0 && k < shown);
  }

  /** Go to the moment that is nearest to a sweep: of large networks fewer are known. @param {number} sweep */
  goTo(sweep) {
    const { moments } = this.arrays;
    this.moment = 0;
    for (let k = 1; k < moments.length; k++) if (Math.abs(moments[k] - sweep) <= Math.abs(moments[this.moment] - sweep)) this.moment = k;
  }

  /** Which sheet is a unit's, or -1. @param {Spot} spot */
  place({ layer, unit }) {
    if (!layer) return -1;
    const first = this.layers.slice(1, layer).reduce((sum, one) => sum + one.size, 0);
    return this.message.units.indexOf(first + unit);
  }

  /** @param {number} k @returns {Uint16Array} */
  levels(k) {
    const each = this.side ** 2;
    const row = this.moment * this.message.units.length + k;
    return this.arrays.levels.subarray(row * each, (row + 1) * each);
  }

  /** From what to what a unit's levels go. @param {number} k */
  range(k) {
    return [this.arrays.ranges[2 * k], this.arrays.ranges[2 * k + 1]];
  }

  /** @param {number} k @returns {number[]} */
  line(k) {
    const row = 3 * (this.moment * this.message.units.length + k);
    return Array.from(this.arrays.lines.subarray(row, row + 3), Number);
  }

  /** How a unit's small plane is coloured; null where nothing is known. @param {Spot} spot @param {Tables} colours @returns {Colouring | null} */
  colouring(spot, colours) {
    if (!spot.layer) {
      const axis = this.view.names.indexOf(this.layers[0].units[spot.unit] ?? "");
      const step = 255 / (this.side - 1);
      return axis < 0 ? null : (p) => colours.activity[Math.round(step * (axis ? Math.floor(p / this.side) : p % this.side))];
    }
    const k = this.place(spot);
    if (k < 0) return null;
    const levels = this.levels(k);
    const { classes, numbers, activity } = colours;
    const table = spot.layer < this.last ? activity : this.view.classes.length ? classes[spot.unit % classes.length] : numbers;
    return (p) => table[levels[p] >> 8];
  }

  /** What the large plane shows: a unit, or the answer. @param {Spot | null} spot @param {boolean} divided @param {Tables} colours */
  look(spot, divided, colours) {
    const { side } = this;
    const lines = this.#lines(spot, divided);
    if (spot) return { side, lines, colour: this.colouring(spot, colours) ?? (() => colours.activity[0]), heights: this.#half(spot) };
    const sheets = this.outputs.map((k) => this.levels(k));
    if (!this.view.classes.length)
      return { side, lines, colour: (/** @type {number} */ p) => colours.numbers[sheets[0][p] >> 8], heights: ISOLINES.map((share) => Array.from(sheets[0], (level) => level - share * TOP)) };
    const few = sheets.length === 2 ? sheets.slice(0, 1) : sheets;
    return {
      side,
      lines,
      heights: few.map((own) => Array.from(own, (v, p) => v - Math.max(...sheets.map((other) => (other === own ? 0 : other[p]))))),
      colour(/** @type {number} */ p) {
        const [best, margin] = winner(sheets, p);
        return colours.classes[best % colours.classes.length][margin >> 8];
      },
    };
  }

  /** Whether a unit hears the columns alone, and is none of the outputs. @param {number} layer */
  #isFirst(layer) {
    const { sources } = this.layers[layer];
    return layer < this.last && sources.length === 1 && sources[0] === this.layers[0].name;
  }

  /** @param {Spot | null} spot @param {boolean} divided */
  #lines(spot, divided) {
    const { size } = this.layers[1];
    const all = divided && size <= CLEAR_LINES ? Array.from({ length: size }, (_, unit) => ({ layer: 1, unit })) : [];
    const places = (spot ? [spot] : all).filter(({ layer }) => this.#isFirst(layer)).map((one) => this.place(one));
    return places.filter((k) => k >= 0).map((k) => this.line(k)).filter((line) => line.every(Number.isFinite));
  }

  /** Where a unit is halfway, or silent if it has signs. @param {Spot} spot */
  #half(spot) {
    const k = this.place(spot);
    if (k < 0 || this.#isFirst(spot.layer)) return [];
    const [low, high] = this.range(k);
    const isNumber = spot.layer === this.last && !this.view.classes.length;
    const half = low < 0 && high > 0 && !isNumber ? (-TOP * low) / (high - low) : TOP / 2;
    return [Array.from(this.levels(k), (v) => v - half)];
  }

  /** What is said at a point of the square. @param {Spot | null} spot a unit, or all outputs @param {number[]} at */
  reading(spot, at) {
    const [across, up] = at.map((v) => Math.max(0, Math.min(this.side - 1, Math.round(v * (this.side - 1)))));
    const say = (/** @type {number} */ k) => {
      const [low, high] = this.range(k);
      return fixed(low + (this.levels(k)[up * this.side + across] / TOP) * (high - low), 2);
    };
    if (spot) return this.place(spot) < 0 ? "" : `${nameOf(this.layers, spot)} says ${say(this.place(spot))}`;
    if (!this.view.classes.length) return `the answer is ${say(this.outputs[0])}`;
    return this.outputs.slice(0, TOLD).map((k, unit) => `${nameOf(this.layers, { layer: this.last, unit })} ${say(k)}`).join(", ");
  }
}
