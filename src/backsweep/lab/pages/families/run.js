/** A run with the family trees as it came from the server: views of its numbers. */

/** @typedef {import("../shared/messages.js").Families} Families */
/** @typedef {import("../shared/packing.js").Numbers} Numbers */

const INPUTS = ["person", "relation"];
const FULL = 65535; // the level of an activity of 1

export class Run {
  /** @param {{message: Families, arrays: Record<string, Numbers>}} answer */
  constructor({ message, arrays }) {
    this.message = message;
    this.arrays = arrays;
    this.nSweeps = message.sweeps.length;
    this.every = message.sweeps[1];
    this.last = message.sweeps[this.nSweeps - 1];
    this.nParameters = arrays.weights.length / this.nSweeps;
    /** Where each layer above the inputs begins among the units above them. @type {Record<string, number>} */
    this.offset = {};
    this.nUnits = 0;
    for (const { name, units } of message.layers) {
      if (INPUTS.includes(name)) continue;
      this.offset[name] = this.nUnits;
      this.nUnits += units.length;
    }
    this.people = message.people.map((one) => one.name);
    this.nUnitsOfCode = 6;
    this.weightScale = largest(arrays.weights);
    const own = this.block("person code", "person");
    /** The largest weight of a receptive field. */
    this.fieldScale = 0;
    for (let row = 0; row < this.nSweeps; row++) this.fieldScale = Math.max(this.fieldScale, largest(this.weights(row).subarray(own.start, own.start + 6 * 24)));
    this.told = message.questions.map((_, q) => !message.held_out.includes(q));
  }

  /** The row of a sweep. @param {number} sweep */
  row(sweep) {
    return Math.max(0, Math.min(this.nSweeps - 1, Math.round(sweep / this.every)));
  }

  /** @param {number} row */
  weights(row) {
    return this.arrays.weights.subarray(row * this.nParameters, (row + 1) * this.nParameters);
  }

  /** @param {string} layer @param {string | null} source none for the biases */
  block(layer, source) {
    const found = this.message.blocks.find((one) => one.layer === layer && one.source === source);
    if (!found) throw new RangeError(`no weights into ${layer}`);
    return found;
  }

  /** The weight from a person into a unit of the code. @param {number} row @param {number} unit @param {number} person */
  field(row, unit, person) {
    return this.arrays.weights[row * this.nParameters + this.block("person code", "person").start + unit * 24 + person];
  }

  /** @param {number} row @param {number} attribute @param {number} unit */
  correlation(row, attribute, unit) {
    return this.arrays.correlations[(row * this.message.attributes.length + attribute) * this.nUnitsOfCode + unit];
  }

  /** What a unit of the code stands for most, and whether it does so clearly. @param {number} row @param {number} unit */
  meaning(row, unit) {
    const { attributes, carries } = this.message;
    const sizes = attributes.map((_, k) => this.correlation(row, k, unit));
    const k = sizes.reduce((best, r, at) => (Math.abs(r) > Math.abs(sizes[best]) ? at : best), 0);
    return { attribute: attributes[k], r: sizes[k], clear: Math.abs(sizes[k]) > carries };
  }

  /** The number of a question, or -1. @param {string} person @param {string} relation */
  question(person, relation) {
    return this.message.questions.findIndex((one) => one.person === person && one.relation === relation);
  }

  /** The stage that a sweep belongs to. @param {number} sweep */
  stage(sweep) {
    const at = this.message.stages.findIndex((stage) => sweep <= stage.last);
    return at < 0 ? this.message.stages.length - 1 : at;
  }
}

/** What every unit says to every question, at every recorded sweep. */
export class Answers {
  /** @param {Run} run @param {Record<string, Numbers>} arrays */
  constructor(run, arrays) {
    this.run = run;
    this.arrays = arrays;
    this.n = run.message.questions.length;
  }

  /** @param {number} row @param {number} q @param {number} unit above the inputs */
  y(row, q, unit) {
    return this.arrays.y[(row * this.n + q) * this.run.nUnits + unit] / FULL;
  }

  /** @param {number} row @param {number} q @param {number} person */
  output(row, q, person) {
    return this.y(row, q, this.run.offset.output + person);
  }

  /** @param {number} row @param {number} q */
  right(row, q) {
    return this.arrays.right[row * this.n + q] === 1;
  }

  /** How many of the told, or of those never told, are right. @param {number} row @param {boolean} told */
  count(row, told) {
    let sum = 0;
    for (let q = 0; q < this.n; q++) if (this.run.told[q] === told && this.right(row, q)) sum++;
    return sum;
  }
}

/** One question forward and backward, at every recorded sweep. */
export class Signals {
  /** @param {Run} run @param {{message: import("../shared/messages.js").FamilySignals, arrays: Record<string, Numbers>}} answer */
  constructor(run, { message, arrays }) {
    this.run = run;
    this.message = message;
    this.arrays = arrays;
    this.blameScale = largest(arrays.dE_dx);
    this.gradientScale = largest(arrays.dE_dw);
  }

  /** @param {"x" | "y" | "dE_dy" | "dE_dx"} name @param {number} row @param {number} unit */
  at(name, row, unit) {
    return this.arrays[name][row * this.run.nUnits + unit];
  }

  /** @param {number} row */
  gradient(row) {
    return this.arrays.dE_dw.subarray(row * this.run.nParameters, (row + 1) * this.run.nParameters);
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
