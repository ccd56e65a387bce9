/** A run with the family trees as it came from the server: views of its numbers. */

/** @typedef {import("../shared/messages.js").Families} Families */
/** @typedef {import("../shared/packing.js").Numbers} Numbers */
/** @typedef {{key: string, id: string, layer: string, unit: number, above: number}} Unit above: its number above the inputs, or -1 */
/** @typedef {{key: string, index: number, from: Unit, to: Unit}} Arc index: of its weight */

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
    /** The connections, biases apart. @type {Arc[]} */
    this.arcs = message.blocks.flatMap(({ layer, source, start, shape: [n, many] }) =>
      source === null ? [] : Array.from({ length: n * many }, (_, k) => ({ key: `arc:${start + k}`, index: start + k, from: this.unit(source, k % many), to: this.unit(layer, Math.floor(k / many)) })),
    );
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

  /** @param {string} layer @param {number} unit @returns {Unit} */
  unit(layer, unit) {
    const offset = this.offset[layer];
    return { key: `${layer}:${unit}`, id: `${layer.replace(" ", "_")}:${unit}`, layer, unit, above: offset === undefined ? -1 : offset + unit };
  }

  /** The unit or the connection of a name, "hidden:3" or "arc:12", if there is one. @param {string} key @returns {Unit | Arc | null} */
  part(key) {
    const [name, number] = key.split(":");
    if (name === "arc") return this.arcs.find((arc) => arc.key === key) ?? null;
    const layer = this.message.layers.find((one) => one.name === name.replace("_", " "));
    return layer && Number(number) < layer.units.length ? this.unit(layer.name, Number(number)) : null;
  }

  /** The connections into a unit. @param {Unit} unit */
  into(unit) {
    return this.arcs.filter(({ to }) => to.key === unit.key);
  }

  /** The connections out of a unit. @param {Unit} unit */
  outOf(unit) {
    return this.arcs.filter(({ from }) => from.key === unit.key);
  }

  /** Whether an input unit is on for a question. @param {number} q @param {Unit} unit */
  isOn(q, unit) {
    const { person, relation } = this.message.questions[q];
    return unit.layer === "person" ? this.people[unit.unit] === person : this.message.relations[unit.unit] === relation;
  }

  /** What an output unit should say to a question. @param {number} q @param {Unit} unit */
  goal(q, unit) {
    return Number(this.message.questions[q].answers.includes(this.people[unit.unit]));
  }

  /** The error of the questions that are told, from their mean. @param {number} row */
  error(row) {
    return (this.arrays.error[row] * this.told.filter(Boolean).length) / 2;
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
  /** @param {Run} run @param {Record<string, Numbers>} arrays */
  constructor(run, arrays) {
    this.run = run;
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

/** What made the last change of each weight, at every recorded sweep. */
export class Steps {
  /** @param {Run} run @param {Record<string, Numbers>} arrays */
  constructor(run, arrays) {
    this.run = run;
    this.arrays = arrays;
  }

  /** @param {number} row @param {number} index */
  step(row, index) {
    const at = row * this.run.nParameters + index;
    return { change: this.arrays.change[at], slope: this.arrays.slope[at], before: this.arrays.before[at] };
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
