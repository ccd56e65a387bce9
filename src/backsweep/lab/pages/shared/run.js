/** A run of a small network as it came from the server: its numbers, sweep by sweep. */

/** @typedef {import("./messages.js").Curve} Curve */
/** @typedef {Pick<Curve, "layers" | "blocks" | "case_names" | "inputs" | "desired" | "arrays">} Told what a run must say of itself */
/** @typedef {import("./packing.js").Numbers} Numbers */

/** @template {Told} [T=Curve] */
export class Run {
  /** @param {{message: T, arrays: Record<string, Numbers>}} answer */
  constructor({ message, arrays }) {
    this.message = message;
    this.arrays = arrays;
    const [inputs, ...above] = message.layers;
    this.nInputs = inputs.units.length;
    this.nUnits = above.reduce((sum, layer) => sum + layer.units.length, 0); // above the inputs
    this.nHidden = this.nUnits - 1;
    this.nCases = message.inputs.length;
    this.nParameters = arrays.weights.length / arrays.error.length;
    this.last = arrays.error.length - 1;
    const plane = message.arrays.find((place) => place.name === "plane");
    this.side = plane?.shape[3] ?? 0;
    this.nSlices = plane?.shape[1] ?? 0;
    /** The mean squared error by sweep: the error as sent, over half the cases. */
    this.meanError = Float64Array.from(arrays.error, (E) => (2 * E) / this.nCases);
    this.weightScale = largest(arrays.weights);
    this.blameScale = largest(arrays.dE_dx);
    this.gradientScale = largest(arrays.dE_dw_by_case);
    this.summedScale = largest(arrays.dE_dw);
  }

  /** @param {number} sweep */
  weights(sweep) {
    return this.#row("weights", sweep, this.nParameters);
  }

  /** @param {number} sweep */
  change(sweep) {
    return this.#row("change", sweep, this.nParameters);
  }

  /**
   * What made the last change of a weight: the slope and the change of the sweep before.
   * @param {number} sweep @param {number} index
   */
  step(sweep, index) {
    const { change, slope, before } = this.arrays;
    if (!change || sweep === 0 || /** @type {any} */ (this.message).settings.update === "case" || this.isSet(sweep)) return null;
    const at = sweep * this.nParameters + index;
    const earlier = at - this.nParameters; // where every sweep is there, it holds both
    return { change: change[at], slope: slope ? slope[at] : this.arrays.dE_dw[earlier], before: before ? before[at] : change[earlier] };
  }

  /** Whether weights were set by hand at a sweep. @param {number} sweep @returns {boolean} */
  isSet(sweep) {
    return (/** @type {any} */ (this.message).settings.by_hand ?? []).some((/** @type {{sweep: number}} */ one) => one.sweep === sweep);
  }

  /** Of one case, or summed over them. @param {number} sweep @param {number | null} k */
  gradient(sweep, k) {
    if (k === null) return this.#row("dE_dw", sweep, this.nParameters);
    return this.#row("dE_dw_by_case", sweep * this.nCases + k, this.nParameters);
  }

  /**
   * What stands at a unit above the inputs.
   * @param {"y" | "x" | "dE_dy" | "dE_dx"} name @param {number} sweep @param {number} k case @param {number} unit
   */
  at(name, sweep, k, unit) {
    return this.arrays[name][(sweep * this.nCases + k) * this.nUnits + unit];
  }

  /** The output for a case. @param {number} sweep @param {number} k */
  output(sweep, k) {
    return this.at("y", sweep, k, this.nUnits - 1);
  }

  /** The activity of any unit, inputs first. @param {number} sweep @param {number} k @param {number} unit */
  activity(sweep, k, unit) {
    return unit < this.nInputs ? this.message.inputs[k][unit] : this.at("y", sweep, k, unit - this.nInputs);
  }

  /** dE/dx of a unit above the inputs, of one case or summed. @param {number} sweep @param {number | null} k @param {number} unit */
  blame(sweep, k, unit) {
    if (k !== null) return this.at("dE_dx", sweep, k, unit);
    // Summed over the cases it is the blame of the unit's bias, which comes from the server.
    return this.gradient(sweep, null)[this.bias(unit)];
  }

  /** The place of a unit's bias among the parameters. @param {number} unit */
  bias(unit) {
    let left = unit;
    for (const layer of this.message.layers.slice(1)) {
      if (left < layer.units.length) {
        const block = this.message.blocks.find((one) => one.source === null && one.layer === layer.name);
        return /** @type {NonNullable<typeof block>} */ (block).start + left;
      }
      left -= layer.units.length;
    }
    throw new RangeError(`no unit ${unit}`);
  }

  /** Whether a case is on the right side of a half. @param {number} sweep @param {number} k */
  isRight(sweep, k) {
    return Math.abs(this.output(sweep, k) - this.message.desired[k][0]) < 0.5;
  }

  /** How many cases are right. @param {number} sweep */
  right(sweep) {
    return this.message.inputs.filter((_, k) => this.isRight(sweep, k)).length;
  }

  /** A unit's levels over the unit square. @param {number} sweep @param {number} slice @param {number} unit */
  sheet(sweep, slice, unit) {
    const size = this.side * this.side;
    const start = ((sweep * this.nSlices + slice) * this.nUnits + unit) * size;
    return { levels: this.arrays.plane.subarray(start, start + size), side: this.side };
  }

  /** The name of a unit, inputs first. @param {number} unit */
  label(unit) {
    if (unit < this.nInputs) return `Input ${unit + 1}`;
    if (unit < this.nInputs + this.nHidden) return `Hidden ${unit - this.nInputs + 1}`;
    return "Output";
  }

  /** @param {string} name @param {number} row @param {number} length */
  #row(name, row, length) {
    return this.arrays[name].subarray(row * length, (row + 1) * length);
  }
}

/** @param {ArrayLike<number>} values */
function largest(values) {
  let most = 0;
  for (let k = 0; k < values.length; k++) {
    const size = Math.abs(values[k]);
    if (size > most && size < Infinity) most = size;
  }
  return most;
}
