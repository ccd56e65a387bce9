/** One cell: its settings, its numbers, and how the errors of its runs went. */

import { h, s, set, watchWidth } from "../shared/dom.js";
import { scaleLinear } from "../shared/d3.js";
import { counted, fixed, percent } from "../shared/format.js";
import { SETTINGS, raised } from "./axes.js";

/** @typedef {{message: import("../shared/messages.js").MapCell, arrays: Record<string, import("../shared/packing.js").Numbers>}} Cell */

const HEIGHT = 230;
const TAIL = 20; // sweeps that decide whether a run comes to rest
const LOWEST = -4;
const HIGHEST = 6;

/** @param {string} key what a symbol calls it @param {string} name @param {string} value */
const fact = (key, name, value) => h("div", { "data-key": key }, h("dt", {}, name), h("dd", {}, value));
const named = (/** @type {string} */ name) => (name === "epsilon" ? "step size ε" : name === "alpha" ? "momentum α" : SETTINGS[name].name);

/**
 * @param {import("./map.js").Shown} shown
 * @param {import("./sheet.js").Came} came
 * @param {{x: string, y: string}} at
 * @param {number} runs
 * @param {import("../shared/messages.js").MapPlan | null} plan
 */
export function facts(shown, came, at, runs, plan) {
  const made = [fact("x", named(shown.x), at.x), fact("y", named(shown.y), at.y)];
  if (shown.show === "convergence") {
    made.push(fact("comes", runs > 1 ? "the middle run" : "it", came.convergence < 0 ? "learns" : "does not learn"), fact("measure", "measure of convergence", signedSize(came.convergence)));
  } else {
    const learned = Math.round(came.share * runs);
    const interval = plan?.intervals[learned];
    made.push(fact("median", "sweeps, median", Number.isNaN(came.median) ? "none learned" : fixed(came.median, came.median % 1 ? 1 : 0)));
    made.push(fact("share", "learned", `${learned} of ${runs}, ${percent(came.share)}`));
    if (interval) made.push(fact("interval", "95 % interval", `${Math.round(100 * interval[0])} to ${Math.round(100 * interval[1])} %`));
    if (came.diverged > 0) made.push(fact("diverged", "diverged", `${Math.round(came.diverged * runs)} of ${runs}`));
  }
  for (const name of /** @type {const} */ (["epsilon", "alpha"])) if (plan && shown.lettered && ![shown.x, shown.y].includes(name)) made.push(fact(name, named(name), String(plan[name])));
  return h("dl", { class: "facts" }, ...made);
}

/** @param {number} value */
function signedSize(value) {
  const text = Math.abs(value) >= 1e5 ? `${(value / 10 ** Math.floor(Math.log10(Math.abs(value)))).toFixed(1)}·10${raised(Math.floor(Math.log10(Math.abs(value))))}` : String(Number(value.toPrecision(4)));
  return text.replace("-", "−");
}

/** The same in a sentence, for ears. @param {import("./map.js").Shown} shown @param {import("./sheet.js").Came} came @param {{x: string, y: string}} at */
export function said(shown, came, at) {
  const where = `${SETTINGS[shown.x].name} ${at.x}, ${SETTINGS[shown.y].name} ${at.y}: `;
  if (shown.show === "convergence") return where + (came.convergence < 0 ? "learns" : "does not learn");
  if (came.diverged === 1) return `${where}all diverged`;
  if (came.share === 0) return `${where}none learned`;
  return `${where}${percent(came.share)} learned, in ${fixed(came.median, 0)} sweeps`;
}

/** The errors of a cell's runs, as multiples of the first, on a logarithmic scale. @param {HTMLElement} frame */
export function errorLines(frame) {
  const ground = s("g", { class: "grid" });
  const runs = s("g", {});
  const tail = s("rect", { class: "cell-tail" });
  const note = s("text", { class: "cell-note", "text-anchor": "middle" });
  const svg = s("svg", { class: "cell-errors", role: "img" }, tail, ground, runs, note);
  frame.append(svg);
  let width = 0;
  /** @type {Cell | null} */ let cell = null;
  /** @type {boolean | undefined} */ let all;

  /** An empty frame, while its lines are on their way. */
  function drawEmpty() {
    runs.replaceChildren();
    tail.removeAttribute("width");
    ground.replaceChildren(...[0.25, 0.5, 0.75].map((place) => s("line", { x1: 50, x2: width - 8, y1: 10 + place * (HEIGHT - 36), y2: 10 + place * (HEIGHT - 36) })));
  }

  function draw() {
    if (!width) return;
    set(note, { x: (50 + width - 8) / 2, y: HEIGHT / 2 - 6 });
    if (!cell) return drawEmpty();
    const { recorded } = cell.message;
    const { error, learned_at: learnedAt } = cell.arrays;
    const last = recorded[recorded.length - 1] ?? 1;
    const n = recorded.length;
    let [low, high] = [0, 0.3];
    for (const value of error) {
      const at = Math.log10(value);
      if (Number.isFinite(at)) [low, high] = [Math.min(low, at), Math.max(high, at)];
    }
    low = Math.max(LOWEST, Math.min(-1, Math.floor(low)));
    high = Math.min(HIGHEST, high > 0.5 ? Math.ceil(high) : 0.3);
    const x = scaleLinear([1, Math.max(2, last)], [50, width - 8]);
    const y = scaleLinear([low, high], [HEIGHT - 26, 10]);
    const powers = Array.from({ length: Math.floor(high) - low + 1 }, (_, k) => low + k).filter((power, _, all) => all.length < 8 || power % 2 === 0);
    set(tail, { x: x(Math.max(1, last - TAIL)), width: x(last) - x(Math.max(1, last - TAIL)), y: 10, height: HEIGHT - 36 });
    ground.replaceChildren(
      ...powers.flatMap((power) => [
        s("line", { x1: 50, x2: width - 8, y1: y(power), y2: y(power), class: power === 0 ? "first" : null }),
        s("text", { x: 42, y: y(power) + 4.5, "text-anchor": "end" }, power === 0 ? "start" : power < 0 && power >= -3 ? `1/${counted(10 ** -power)}` : power < 0 ? `10${raised(power)}` : power <= 3 ? `${counted(10 ** power)}×` : `10${raised(power)}`),
      ]),
      ...x.ticks(width < 300 ? 3 : 5).map((/** @type {number} */ sweep) => s("text", { x: x(sweep), y: HEIGHT - 6, "text-anchor": "middle" }, String(sweep))),
    );
    runs.replaceChildren(
      ...[...learnedAt.keys()].map((row) => {
        let path = "";
        for (let k = 0; k < n; k++) {
          const value = Math.log10(error[row * n + k]);
          if (Number.isNaN(value)) break;
          path += `${path ? "L" : "M"}${x(recorded[k]).toFixed(1)},${y(Math.max(low, Math.min(high, value))).toFixed(1)}`;
        }
        return s("path", { d: path, class: all ?? learnedAt[row] > 0 ? "learned" : "not" });
      }),
    );
  }
  const stop = watchWidth(frame, (now) => {
    width = now;
    set(svg, { viewBox: `0 0 ${now} ${HEIGHT}`, width: now, height: HEIGHT });
    draw();
  });
  return {
    svg,
    stop,
    /** @param {Cell | null} next @param {boolean} [learns] what all of its runs do, where that is known */
    show(next, learns) {
      cell = next;
      all = learns;
      svg.classList.remove("waiting");
      note.textContent = "";
      set(svg, { "aria-label": next ? `Errors of ${next.arrays.learned_at.length} runs, sweep by sweep, as multiples of the first` : "No errors are shown" });
      draw();
    },
    /** Say what is coming; lines that are there stay, but pale. @param {string} words @param {boolean} clear */
    wait(words, clear) {
      if (clear) cell = null;
      svg.classList.add("waiting");
      note.textContent = words;
      draw();
    },
    /** @param {readonly string[]} keys */
    hint(keys) {
      svg.classList.toggle("hinted", keys.includes("curves"));
      svg.classList.toggle("tail", keys.includes("last"));
      svg.classList.toggle("few", keys.includes("learned"));
    },
  };
}

/** The runs of a cell in the order in which they learned, each a link to its page. @param {Cell} cell @param {number} sweeps @param {boolean} linked */
export function runLinks({ message, arrays }, sweeps, linked) {
  const order = [...arrays.learned_at.keys()].sort((a, b) => (arrays.learned_at[a] || Infinity) - (arrays.learned_at[b] || Infinity) || a - b);
  return h(
    "p",
    { class: "cell-runs", "data-key": "learned" },
    h("span", {}, order.length === 1 ? "Its run:" : "Its runs, by the sweep in which they learned:"),
    ...order.map((row) => {
      const at = arrays.learned_at[row];
      const text = arrays.diverged_at[row] ? "diverged" : at ? String(at) : "not";
      const about = `Run ${message.first + row}: ${at ? `learned in sweep ${at}` : arrays.diverged_at[row] ? `diverged in sweep ${arrays.diverged_at[row]}` : `not learned in ${sweeps} sweeps`}`;
      return linked ? h("a", { href: `#${message.links[row]}`, title: about, "aria-label": about }, text) : h("b", { title: about }, text);
    }),
  );
}

/** A button that copies a text. @param {string} label @param {string} text @param {string} title */
export function copier(label, text, title) {
  const button = h("button", { type: "button", class: "plain", title }, label);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text).then(
      () => (button.textContent = "Copied"),
      () => (button.textContent = "This browser does not let it be copied"),
    );
    setTimeout(() => (button.textContent = label), 1600);
  });
  return button;
}
