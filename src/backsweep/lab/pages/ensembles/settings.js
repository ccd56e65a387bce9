/** What a map is made of: its keys in the address, and the controls that set them. */

import { h } from "../shared/dom.js";
import { among, stepper, toggles } from "../shared/controls.js";
import { choice, quiet, whole, words } from "../shared/state.js";
import { SETTINGS } from "./axes.js";
import { OTHERWISE, PRESETS } from "./presets.js";

const TASKS = ["xor", "and", "or", "nand", "xnor", "parity:3", "encoder:8-3", "symmetry", "trainability:8", "trainability:16"];
const LOGIC = TASKS.slice(0, 6);
const NAMES = { "parity:3": "Parity of 3", "encoder:8-3": "Encoder 8-3-8", symmetry: "Symmetry", "trainability:8": "Trainability, 8 units", "trainability:16": "Trainability, 16 units" };
const CELLS = [16, 32, 64, 128, 256, 512];
const RUNS = [1, 2, 4, 8, 16, 32, 64, 128, 256];
export const MADE_OF = ["task", "x", "y", "show", "cells", "runs", "sweeps", "seed", "hidden", "epsilon", "alpha", "start", "update", "window"];

const optional = () => words("", /^\d+(\.\d+)?(e-?\d+)?$/);
export const schema = {
  task: choice("xor", TASKS),
  x: choice("epsilon", Object.keys(SETTINGS)),
  y: choice("alpha", Object.keys(SETTINGS)),
  show: choice("share", ["share", "median", "convergence"]),
  window: words("", /^-?[\d.e-]+(,-?[\d.e-]+){3}$/),
  cells: choice("128", CELLS.map(String)),
  runs: whole(16, 1, 256),
  sweeps: whole(600, 1, 20_000),
  seed: whole(1, 0, Number.MAX_SAFE_INTEGER),
  hidden: whole(2, 0, 8),
  epsilon: optional(),
  alpha: optional(),
  start: optional(),
  update: choice("sweep", ["sweep", "case"]),
  cell: quiet(words("", /^\d+,\d+$/)),
};
const fallback = (/** @type {string} */ key) => schema[/** @type {keyof typeof schema} */ (key)].fallback;

/** @param {string} label @param {readonly {value: string, text: string}[]} choices @param {(value: string) => void} choose */
function picker(label, choices, choose) {
  const select = h("select", { onchange: () => choose(select.value) }, ...choices.map(({ value, text }) => h("option", { value }, text)));
  const element = h("label", { class: "picker" }, h("span", {}, label), select);
  return { element, show: (/** @type {any} */ value) => void (select.value = String(value)) };
}

/** @param {import("../shared/state.js").State} state */
export function mapControls(state) {
  const choose = (/** @type {string} */ key) => (/** @type {any} */ value) => state.set({ [key]: value, cell: "" });
  /** What else a choice changes: a window belongs to its axes. @param {string} key */
  const chooseAnew = (key) => (/** @type {any} */ value) => {
    const other = key === "x" ? "y" : key === "y" ? "x" : "";
    const swapped = other && state.get(other) === value ? { [other]: state.get(key) } : {};
    state.set({ [key]: value, ...swapped, window: "", cell: "" });
  };
  const axes = Object.entries(SETTINGS).map(([value, { name, short }]) => ({ value, text: name + (short.length === 1 ? `, ${short}` : "") }));
  const controls = {
    task: picker("Task", TASKS.map((task) => ({ value: task, text: /** @type {Record<string, string>} */ (NAMES)[task] ?? task.toUpperCase() })), chooseAnew("task")),
    x: picker("To the right", axes, chooseAnew("x")),
    y: picker("Upward", axes, chooseAnew("y")),
    cells: picker("Cells", CELLS.map((n) => ({ value: String(n), text: `${n} × ${n}` })), choose("cells")),
    runs: stepper({ label: "Runs to a cell", value: state.get("runs"), low: 1, high: 256, whole: true, wide: 3, next: among(RUNS), choose: choose("runs") }),
    sweeps: stepper({ label: "Sweeps", value: state.get("sweeps"), low: 1, high: 20_000, whole: true, wide: 5, next: among([50, 100, 200, 300, 600, 1000, 2000, 5000, 10_000, 20_000]), choose: choose("sweeps") }),
    hidden: stepper({ label: "Hidden units", value: state.get("hidden"), low: 0, high: 8, whole: true, wide: 1, choose: choose("hidden") }),
    seed: stepper({ label: "Seed", value: state.get("seed"), low: 0, high: Number.MAX_SAFE_INTEGER, whole: true, wide: 3, choose: choose("seed") }),
  };
  const presets = toggles({
    label: "Maps",
    choices: PRESETS.map(({ name }) => ({ value: name, text: name })),
    value: "",
    choose: (name) => {
      const preset = PRESETS.find((one) => one.name === name);
      const plain = Object.fromEntries(MADE_OF.map((key) => [key, fallback(key)]));
      if (preset) state.set({ ...plain, ...preset.state, cells: String(preset.state.cells), cell: "" });
    },
  });
  const drawer = h("div", { class: "drawer" }, ...Object.values(controls).map((one) => one.element));
  const element = h("section", { class: "settings", "aria-label": "Settings" }, presets.element, h("details", { class: "more folded" }, h("summary", {}, "Change it"), drawer));

  /** Whether the state is a preset's, the window aside or not. @param {boolean} aside */
  const matching = (aside) => PRESETS.find((one) => MADE_OF.every((key) => (key === "window" && aside && !one.state.window) || String(state.get(key)) === String(one.state[key] ?? fallback(key))));
  return {
    element,
    /** Show what is set, and give what is told of such a map. */
    show() {
      for (const [name, control] of Object.entries(controls)) control.show(state.get(name));
      controls.hidden.element.hidden = !LOGIC.includes(state.get("task"));
      const preset = matching(false) ?? matching(true);
      presets.show(preset?.name ?? "");
      return preset ?? PRESETS.find((one) => ["task", "x", "y", "show"].every((key) => state.get(key) === one.state[key])) ?? OTHERWISE;
    },
  };
}
