/**
 * The views of what was learned, of one run and of all: error, runs, units, cases,
 * weights. "Your data" and "Records" are made of them.
 */

import { h, s, set, watchWidth } from "./dom.js";
import { scaleLinear } from "./d3.js";
import { counted, fixed, percent } from "./format.js";
import { stepper, toggles } from "./controls.js";
import { explained } from "./levels.js";
import { savePng, saveSvg } from "./export.js";
import { choice, quiet, whole, words } from "./state.js";
import { panel } from "./panel.js";
import { runCurve, runLegend } from "./run_curve.js";
import { strips } from "./strips.js";
import { transport } from "./transport.js";
import { weightGrids } from "./weight_grids.js";
import { VIEW_TEXTS } from "./run_texts.js";

/** @typedef {{message: import("./messages.js").Ensemble, arrays: Record<string, any>}} All */
/** @typedef {{message: import("./messages.js").OneRun, arrays: Record<string, any>}} One */

export const viewSchema = {
  run: whole(0, 0, 2 ** 32),
  sweep: quiet(words("end", /^(end|\d{1,9})$/)),
  case: quiet(words("", /^.{0,120}$/)),
  which: choice("all", ["all", "wrong", "held"]),
};
const SHOWN = 200; // rows of the table of cases

/** A tick or a cross. @param {boolean} right */
const verdict = (right) => h("span", { class: right ? "verdict" : "verdict wrong" }, s("svg", { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" }, s("path", { d: right ? "M3,8.5L6.5,12L13,4.5" : "M4,4L12,12M12,4L4,12" })), h("span", { class: "unseen" }, right ? "right" : "wrong"));

/**
 * @param {import("./state.js").State} state
 * @param {{trouble: (error: unknown) => void, fetch: (run: number, sweep: number) => Promise<One>}} options
 */
export function runViews(state, { trouble, fetch }) {
  /** @type {(() => void)[]} */ const stops = [];
  /** @type {All | null} */ let all = null;
  /** @type {One | null} */ let one = null;
  const explain = (/** @type {string} */ name) => {
    const { element, stop } = explained(state, VIEW_TEXTS[name]);
    stops.push(stop);
    return element;
  };
  const move = (/** @type {number} */ sweep) => state.set({ sweep: all && sweep >= lastOf() ? "end" : String(sweep) });
  const lastOf = () => one?.message.sweeps ?? all?.message.sweeps ?? 1;
  const chosenSweep = () => (state.get("sweep") === "end" ? lastOf() : Math.min(Number(state.get("sweep")), lastOf()));

  // ---- the panels --------------------------------------------------------------------
  const curveFrame = h("div", { class: "frame" });
  const curve = runCurve(curveFrame, { move, title: "The error by sweep" });
  const curveLegend = h("div", {});
  const scores = h("dl", { class: "facts" });
  const errorPanel = panel("error wide", "The error", explain("error"), curveFrame, curveLegend, scores);

  const runsFrame = h("div", { class: "frame" });
  const summary = h("p", { class: "summary" });
  const looks = h("div", { class: "looks" });
  const bars = histogram(runsFrame);
  const which = stepper({ label: "Run shown", value: state.get("run"), low: 0, high: 2 ** 32, whole: true, wide: 4, choose: (run) => chooseRun(run) });
  const runsPanel = panel("others", "All the runs", explain("runs"), summary, runsFrame, h("div", { class: "foot" }, which.element, looks));

  const stripFrame = h("div", { class: "frame" });
  const map = strips(stripFrame, { choose: (place) => one && state.set({ case: one.message.cases[place] }) });
  const numbers = h("div", { class: "numbers" });
  const stripPanel = panel("strip-panel", "What the units say", explain("strips"), stripFrame, numbers);

  const filter = toggles({ label: "Cases", choices: [{ value: "all", text: "all" }, { value: "wrong", text: "wrong" }, { value: "held", text: "held out" }], value: state.get("which"), choose: (value) => state.set({ which: value }) });
  const body = h("tbody", {});
  const rest = h("p", { class: "aside small" });
  const table = h("div", { class: "case-table", tabindex: 0, role: "region", "aria-label": "Table of cases" }, h("table", {}, h("thead", {}, h("tr", {}, ...["case", "wanted", "answer", "", ""].map((text, k) => h(k < 3 ? "th" : "td", k < 3 ? { scope: "col" } : {}, text)))), body));
  const casePanel = panel("case-panel", "Case by case", filter.element, explain("cases"), table, rest);

  const weightFrame = h("div", { class: "frame" });
  const grids = weightGrids(weightFrame);
  const weightPanel = panel("weight-panel", "The weights", explain("weights"), weightFrame);
  stops.push(curve.stop, bars.stop, map.stop, grids.stop);

  const bar = h("div", { class: "bar" });
  /** @type {ReturnType<typeof transport> | null} */ let time = null;
  stops.push(() => time?.stop());
  const taker = (/** @type {string} */ label, /** @type {() => Promise<void>} */ act) => h("button", { type: "button", class: "plain", onclick: () => act().catch(trouble) }, label);
  const drawings = /** @type {[string, SVGSVGElement][]} */ ([["error", curve.svg], ["units", map.svg], ["weights", grids.svg]]);
  const takers = drawings.flatMap(([name, svg]) => [taker(`${name}, SVG`, () => saveSvg(svg, name)), taker(`${name}, PNG`, () => savePng(svg, name))]);

  // ---- showing -----------------------------------------------------------------------
  /** @param {number} run */
  function chooseRun(run) {
    if (!all) return;
    const { first, runs } = all.message;
    state.set({ run: Math.max(first, Math.min(first + runs - 1, run)) });
  }

  let asked = 0;
  let waiting = false;
  /** Ask for what is looked at; of requests that pile up only the last one counts. */
  async function refresh() {
    if (!all) return;
    asked++;
    if (waiting) return;
    waiting = true;
    try {
      for (let at = 0; at !== asked; ) {
        at = asked;
        const { first, runs, sweeps } = all.message;
        const run = Math.max(first, Math.min(first + runs - 1, state.get("run")));
        const got = await fetch(run, state.get("sweep") === "end" ? sweeps : Number(state.get("sweep")));
        if (at === asked || one?.message.run === got.message.run) layRun(got);
      }
    } catch (error) {
      trouble(error);
    } finally {
      waiting = false;
    }
  }

  /** @param {One} next */
  function layRun(next) {
    const isOther = one?.message.run !== next.message.run || one.message.sweeps !== next.message.sweeps || !time;
    one = next;
    if (isOther) layTime();
    const { message, arrays } = next;
    const n = arrays.traced.length;
    const column = (/** @type {number} */ c) => Array.from({ length: n }, (_, k) => arrays.trace[4 * k + c]);
    const heldOut = Boolean(all?.message.held_out);
    layCurve({ sweeps: arrays.recorded, values: arrays.error }, heldOut ? { sweeps: arrays.traced, values: column(1) } : null);
    let k = 0;
    while (k < n - 1 && arrays.traced[k] < message.sweep) k++;
    const nHeld = all?.message.held_out ?? 0;
    const nLearned = (all?.message.cases ?? 0) - nHeld;
    const facts = [
      ["sweep", counted(message.sweep)],
      ["error", fixed(column(0)[k], 4)],
      ["right of those it learns from", `${Math.round(column(2)[k] * nLearned)} of ${nLearned}`],
      ...(heldOut ? [["error, held out", fixed(column(1)[k], 4)], ["right of those held out", `${Math.round(column(3)[k] * nHeld)} of ${nHeld}`]] : []),
      ...(all && all.message.guessing !== null ? [["one answer to all would have", percent(all.message.guessing)]] : []),
    ];
    scores.replaceChildren(...facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
    which.show(message.run);
    map.show(next);
    grids.show(next);
    showCases();
    showCase();
    curve.show(chosenSweep());
    for (const told of listeners) told(next);
  }

  /** @param {import("./run_curve.js").Course} error @param {import("./run_curve.js").Course | null} heldOut @param {number} [last] */
  function layCurve(error, heldOut, last = all?.message.sweeps ?? 1) {
    const fan = all && all.message.runs > 1 ? { sweeps: all.arrays.recorded, rows: all.message.levels.map((_, k) => all?.arrays.quantiles.subarray(k * all.arrays.recorded.length, (k + 1) * all.arrays.recorded.length)) } : null;
    curve.lay({ last, error, heldOut, fan });
    curveLegend.replaceChildren(runLegend(Boolean(heldOut), Boolean(fan)));
  }

  function layTime() {
    time?.stop();
    const { recorded, error } = /** @type {One} */ (one).arrays;
    time = transport({ last: Math.max(1, lastOf()), move });
    bar.replaceChildren(time.element);
    const spread = new Float32Array(lastOf() + 1);
    for (let sweep = 0, k = 0; sweep <= lastOf(); sweep++) {
      while (k < recorded.length - 1 && recorded[k] < sweep) k++;
      spread[sweep] = error[k];
    }
    time.lay(spread, []);
    time.display(chosenSweep());
  }

  function showCases() {
    if (!one) return;
    const { message, arrays } = one;
    const filtered = message.cases.map((_, k) => k).filter((k) => ({ all: true, wrong: !arrays.right[k], held: Boolean(arrays.held_out[k]) })[/** @type {"all"} */ (state.get("which"))]);
    // The rows stay where they are while time goes by: only what they say is changed.
    while (body.children.length > Math.min(SHOWN, filtered.length)) body.lastChild?.remove();
    while (body.children.length < Math.min(SHOWN, filtered.length)) body.append(h("tr", {}, h("th", { scope: "row" }, h("button", { type: "button", class: "case-name", onclick: (/** @type {Event} */ event) => state.set({ case: /** @type {HTMLElement} */ (event.currentTarget).textContent ?? "" }) })), h("td"), h("td"), h("td"), h("td")));
    filtered.slice(0, SHOWN).forEach((k, row) => {
      const [name, wanted, answered, mark, held] = /** @type {any} */ (body.children[row].children);
      body.children[row].classList.toggle("held", Boolean(arrays.held_out[k]));
      body.children[row].classList.toggle("chosen", message.cases[k] === state.get("case"));
      name.firstChild.textContent = message.cases[k];
      wanted.textContent = message.wanted[k];
      answered.textContent = message.answered[k];
      mark.replaceChildren(verdict(Boolean(arrays.right[k])));
      held.replaceChildren(arrays.held_out[k] ? h("span", { class: "tag" }, "held out") : "");
    });
    rest.textContent = filtered.length > SHOWN ? `The first ${SHOWN} of ${counted(filtered.length)} are listed.` : filtered.length ? "" : "There are none.";
  }

  function showCase() {
    if (!one) return;
    const { message, arrays } = one;
    const n = message.cases.length;
    const place = message.cases.indexOf(state.get("case"));
    map.mark(place);
    if (place < 0) return void numbers.replaceChildren(h("p", { class: "aside" }, "Choose a case, in the picture or in the table, to read what each unit says to it."));
    let first = 0;
    const groups = message.layers.filter((layer) => layer.sources.length).map((layer) => {
      const from = first;
      first += layer.size;
      const signs = layer.activation === "tanh" || layer.activation === "linear";
      return h("div", { class: "levels" }, h("h3", {}, layer.name), ...Array.from({ length: Math.min(layer.size, 32) }, (_, k) => {
        const y = arrays.y[(from + k) * n + place];
        const share = Math.min(1, Math.abs(y));
        const meter = s("svg", { viewBox: "0 0 100 10", class: "meter", preserveAspectRatio: "none", "aria-hidden": "true" }, s("rect", { width: 100, height: 10, class: "meter-ground" }), s("rect", { x: signs ? (y < 0 ? 50 - 50 * share : 50) : 0, width: (signs ? 50 : 100) * share, height: 10, class: "activity" }), signs && s("line", { x1: 50, x2: 50, y1: 0, y2: 10, class: "meter-zero" }));
        const name = message.unit_names[from + k];
        return h("span", { class: "level-row" }, h("span", { class: "level-name" }, name.includes("=") ? name.slice(name.indexOf("=") + 1) : name), meter, h("span", { class: "level-value" }, fixed(y, 2)));
      }));
    });
    numbers.replaceChildren(
      h("h3", {}, message.cases[place], h("span", { class: "aside" }, ` is ${message.wanted[place]}; the answer is ${message.answered[place]}, `, arrays.right[place] ? "right" : "wrong", arrays.held_out[place] ? "; it was held out" : "")),
      h("div", { class: "level-groups" }, ...groups),
    );
  }

  stops.push(
    state.subscribe((changed) => {
      if (changed.has("run") || changed.has("sweep")) void refresh();
      if (changed.has("sweep") && one) {
        time?.display(chosenSweep());
        curve.show(chosenSweep());
      }
      if (changed.has("which")) {
        filter.show(state.get("which"));
        showCases();
      }
      if (changed.has("case") && one) {
        showCases();
        showCase();
      }
    }),
  );
  /** @type {Set<(one: One) => void>} */ const listeners = new Set();

  function layAll() {
    const { message, arrays } = /** @type {All} */ (all);
    const share = message.learned / message.runs;
    const ends = [["learned", message.learned], ["stuck", message.stuck], ["diverged", message.diverged], ["not finished", message.unfinished]].filter(([, count]) => count);
    summary.textContent = message.runs === 1 ? `One run: ${ends[0][0]}.` : `${message.runs === message.learned ? `All ${counted(message.runs)}` : `${counted(message.learned)} of ${counted(message.runs)}`} runs learned${message.unfinished ? "" : `: ${percent(share)}, 95 % interval ${percent(message.low)} to ${percent(message.high)}`}. ${ends.slice(message.learned ? 1 : 0).map(([name, count]) => `${counted(Number(count))} ${name}.`).join(" ")}`;
    bars.show(arrays.learned_at, message.sweeps);
    const order = Array.from(arrays.learned_at, (at, k) => [at, k]).filter(([at]) => at).sort((a, b) => a[0] - b[0]);
    const stuck = Array.from(arrays.learned_at).findIndex((at) => !at);
    const places = /** @type {[string, number][]} */ ([["the fastest", order[0]?.[1] ?? -1], ["the middle one", order[order.length >> 1]?.[1] ?? -1], ["the slowest", order[order.length - 1]?.[1] ?? -1], ["one that did not learn", stuck]]);
    looks.replaceChildren(...(message.runs > 1 ? places.filter(([, place]) => place >= 0).map(([name, place]) => h("button", { type: "button", class: "plain", onclick: () => chooseRun(message.first + place) }, name)) : []));
  }

  return {
    panels: [errorPanel, runsPanel, stripPanel, casePanel, weightPanel],
    errorPanel,
    rest: [runsPanel, stripPanel, casePanel, weightPanel],
    bar,
    takers,
    /** @param {All} next */
    async lay(next) {
      all = next;
      one = null;
      layAll();
      await refresh();
    },
    /** A curve that grows. @param {import("./messages.js").LearnedSoFar} soFar @param {number} last */
    live(soFar, last) {
      all = one = null;
      scores.replaceChildren();
      layCurve({ sweeps: soFar.sweeps, values: soFar.errors }, null, last);
      curve.show(soFar.sweep);
    },
    /** @param {(one: One) => void} told */
    onRun: (told) => void listeners.add(told),
    refresh: () => (map.refresh(), undefined),
    stop: () => stops.forEach((stop) => stop()),
  };
}

/** The sweeps in which runs learned, as columns. @param {HTMLElement} frame */
function histogram(frame) {
  const svg = s("svg", { class: "curve bars", role: "img" });
  frame.append(svg);
  let width = 0;
  /** @type {[ArrayLike<number>, number] | null} */ let last = null;
  function draw() {
    if (!last || !width) return;
    const [learned, sweeps] = last;
    const height = 150;
    const never = 70;
    const bins = 25;
    const counts = new Array(bins + 1).fill(0);
    for (let k = 0; k < learned.length; k++) counts[learned[k] ? Math.min(bins - 1, Math.floor(((learned[k] - 1) / sweeps) * bins)) : bins]++;
    const x = scaleLinear([0, sweeps], [8, width - never - 16]);
    const y = scaleLinear([0, Math.max(...counts)], [height - 24, 16]);
    set(svg, { viewBox: `0 0 ${width} ${height}`, width, height, "aria-label": `Runs by the sweep in which they learned; ${counts[bins]} did not.` });
    const column = (/** @type {number} */ from, /** @type {number} */ to, /** @type {number} */ count, /** @type {string} */ cls) =>
      count ? [s("rect", { class: cls, x: from + 0.75, width: Math.max(1, to - from - 1.5), y: y(count), height: y(0) - y(count) }), s("text", { x: (from + to) / 2, y: y(count) - 4, "text-anchor": "middle" }, String(count))] : [];
    svg.replaceChildren(
      ...counts.flatMap((count, k) => (k < bins ? column(x((k * sweeps) / bins), x(((k + 1) * sweeps) / bins), count, "column") : column(width - never, width - 8, count, "column never"))),
      s("line", { x1: 8, x2: width - never - 16, y1: y(0), y2: y(0), class: "axis-line" }),
      ...x.ticks(width < 460 ? 3 : 5).map((/** @type {number} */ value) => s("text", { x: x(value), y: height - 6, "text-anchor": "middle" }, String(value))),
      s("text", { x: width - never / 2 - 4, y: height - 6, "text-anchor": "middle" }, "not yet"),
    );
  }
  const stop = watchWidth(frame, (now) => {
    width = now;
    draw();
  });
  return {
    /** @param {ArrayLike<number>} learned @param {number} sweeps */
    show(learned, sweeps) {
      last = [learned, sweeps];
      draw();
    },
    stop,
  };
}
