/**
 * The views of what was learned, of one run and of all: error, runs, units, cases,
 * weights. "Your data" and "Records" are made of them.
 */

import { h, s } from "./dom.js";
import { counted, fixed, percent } from "./format.js";
import { stepper, toggles } from "./controls.js";
import { explained } from "./levels.js";
import { saveHtml, savePng, saveSvg } from "./export.js";
import { kept } from "./server.js";
import { choice, quiet, whole, words } from "./state.js";
import { panel } from "./panel.js";
import { onDemand } from "./on_demand.js";
import { OneRun } from "./one_run.js";
import { runCurve, runLegend } from "./run_curve.js";
import { shortName, strips } from "./strips.js";
import { transport } from "./transport.js";
import { VIEW_TEXTS } from "./run_texts.js";

/** @typedef {{message: import("./messages.js").Ensemble, arrays: Record<string, any>}} All */
/** @typedef {{message: any, arrays: Record<string, any>}} Answer */
/**
 * Where a page has its numbers from.
 * @typedef {Object} Source
 * @property {(run: number) => Promise<Answer>} run a `messages.OneRun`
 * @property {(run: number, place: number) => Promise<Answer>} case a `messages.OneCase`; the place is that in the task
 * @property {() => {path: string, body: object, name: string}} file where all of it is had as one file
 */
/**
 * A view that a page adds to these.
 * @typedef {Object} View
 * @property {HTMLElement} element a panel
 * @property {(one: OneRun, all: All) => void} lay another run is looked at
 * @property {(moment: number) => void} show at another moment, by its place among `one`'s
 * @property {(place: number) => void} mark the chosen case by its place among those shown, or -1
 * @property {() => void} refresh colours have changed
 * @property {() => void} stop
 */

export const viewSchema = {
  run: whole(0, 0, 2 ** 32),
  sweep: quiet(words("end", /^(end|\d{1,9})$/)),
  case: quiet(words("", /^.{0,120}$/)),
  unit: quiet(words("", /^\d{0,5}$/)),
  weight: quiet(words("", /^\d{0,6}$/)),
  which: choice("all", ["all", "wrong", "held"]),
};
const SHOWN = 200; // rows of the table of cases

/** A tick or a cross. @param {boolean} right */
const verdict = (right) => h("span", { class: right ? "verdict" : "verdict wrong" }, s("svg", { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" }, s("path", { d: right ? "M3,8.5L6.5,12L13,4.5" : "M4,4L12,12M12,4L4,12" })), h("span", { class: "unseen" }, right ? "right" : "wrong"));

/**
 * @param {import("./state.js").State} state
 * @param {{trouble: (error: unknown) => void, source: Source, more?: View[], own?: (error: number, apart: number | null) => [string, string][]}} options
 *   `more` are views that stand beside that of the error; `own` says an error in other units
 */
export function runViews(state, { trouble, source, more = [], own = () => [] }) {
  /** @type {(() => void)[]} */ const stops = more.map((view) => view.stop);
  /** @type {All | null} */ let all = null;
  /** @type {OneRun | null} */ let one = null;
  const explain = (/** @type {string} */ name) => {
    const { element, stop } = explained(state, VIEW_TEXTS[name]);
    stops.push(stop);
    return element;
  };
  const moment = () => (one ? (state.get("sweep") === "end" ? one.nMoments - 1 : one.nearest(Number(state.get("sweep")))) : 0);
  /** Go to a moment. @param {number} place */
  const goTo = (place) => one && state.set({ sweep: place === one.nMoments - 1 ? "end" : String(one.sweep(place)) });

  // ---- the panels --------------------------------------------------------------------
  const curveFrame = h("div", { class: "frame" });
  const curve = runCurve(curveFrame, { move: (sweep) => one && goTo(one.nearest(sweep)), title: "The error by sweep" });
  const curveLegend = h("div", {});
  const scores = h("dl", { class: "facts" });
  const stopsAt = h("p", { class: "aside small" });
  const errorPanel = panel("error wide", "The error", explain("error"), curveFrame, curveLegend, scores, stopsAt);

  const runsFrame = h("div", { class: "frame" });
  const summary = h("p", { class: "summary" });
  const looks = h("div", { class: "looks" });
  const which = stepper({ label: "Run shown", value: state.get("run"), low: 0, high: 2 ** 32, whole: true, wide: 4, choose: (run) => chooseRun(run) });
  const runsPanel = panel("others", "All the runs", explain("runs"), summary, runsFrame, h("div", { class: "foot" }, kept ? h("p", { class: "aside small" }, "This file holds the run that is shown. To look at others, open the lab: backsweep lab.") : which.element, !kept && looks));

  const stripFrame = h("div", { class: "frame" });
  const map = strips(stripFrame, { choose: (place, unit) => one && state.set({ ...(place >= 0 ? { case: one.message.cases[place] } : {}), ...(unit === null ? {} : { unit: String(unit) }) }) });
  const numbers = h("div", { class: "numbers" });
  const stripPanel = panel("strip-panel", "What the units say", explain("strips"), stripFrame, numbers);

  const filter = toggles({ label: "Cases", choices: [{ value: "all", text: "all" }, { value: "wrong", text: "wrong" }, { value: "held", text: "held out" }], value: state.get("which"), choose: (value) => state.set({ which: value }) });
  const body = h("tbody", {});
  const rest = h("p", { class: "aside small" });
  const table = h("div", { class: "case-table", tabindex: 0, role: "region", "aria-label": "Table of cases" }, h("table", {}, h("thead", {}, h("tr", {}, ...["case", "wanted", "answer", "", ""].map((text, k) => h(k < 3 ? "th" : "td", k < 3 ? { scope: "col" } : {}, text)))), body));
  const casePanel = panel("case-panel", "Case by case", filter.element, explain("cases"), table, rest);

  const weightFrame = h("div", { class: "frame" });
  // What only a run has to show is fetched with the first one.
  /** @type {ReturnType<typeof import("./weight_grids.js").weightGrids>} */ let grids;
  /** @type {ReturnType<typeof import("./case_levels.js").caseLevels>} */ let levels;
  /** @type {ReturnType<typeof import("./case_equations.js").caseEquations>} */ let formulas;
  const weightPanel = panel("weight-panel", "The weights", explain("weights"), weightFrame);
  stops.push(curve.stop, () => bars?.stop(), map.stop);

  const bar = h("div", { class: "bar" });
  /** @type {ReturnType<typeof transport> | null} */ let time = null;
  stops.push(() => time?.stop());
  const taker = (/** @type {string} */ label, /** @type {() => Promise<void>} */ act) => h("button", { type: "button", class: "plain", disabled: true, onclick: () => act().catch(trouble) }, label);
  const drawings = /** @type {[string, () => SVGSVGElement][]} */ ([["error", () => curve.svg], ["units", map.whole], ["weights", () => grids.svg]]);
  const file = async () => {
    const { path, body, name } = source.file();
    const place = chosenCase();
    await saveHtml(path, { ...body, run: one?.message.run ?? 0, case: one && place >= 0 ? one.arrays.places[place] : null, state: new URL(state.link).hash.slice(1) }, name);
  };
  const takers = (kept ? [] : [taker("all of it as one HTML file", file)]).concat(drawings.flatMap(([name, drawn]) => [taker(`${name}, SVG`, () => saveSvg(drawn(), name)), taker(`${name}, PNG`, () => savePng(drawn(), name))]));

  // ---- showing -----------------------------------------------------------------------
  /** @param {number} run */
  function chooseRun(run) {
    if (!all) return;
    const { first, runs } = all.message;
    state.set({ run: Math.max(first, Math.min(first + runs - 1, run)) });
  }

  let turn = 0;
  /** What was learned is another matter now: what is still asked for comes too late. @param {All | null} next */
  function forget(next) {
    turn++;
    formulas?.forget();
    all = next;
    one = null;
    for (const button of takers) button.disabled = true;
  }

  /** Ask for the run that is looked at; the last one that was asked for counts. */
  async function refresh() {
    if (!all) return;
    const mine = ++turn;
    const { first, runs } = all.message;
    const run = Math.max(first, Math.min(first + runs - 1, state.get("run")));
    if (one?.message.run === run) return;
    try {
      const [got, grider, caser, writer] = await Promise.all([source.run(run), import("./weight_grids.js"), import("./case_levels.js"), import("./case_equations.js")]);
      if (mine !== turn) return;
      if (!grids) {
        grids = grider.weightGrids(weightFrame, { choose: (index) => state.set({ weight: String(index) }) });
        levels = caser.caseLevels({ choose: (unit) => state.set({ unit: state.get("unit") === String(unit) ? "" : String(unit) }) });
        formulas = writer.caseEquations(state, {
          fetch: source.case,
          come() {
            layCase();
            showCase();
          },
          trouble,
          lacking: "This file has no equations for this case: they come with the case that was chosen when it was saved.",
          also: "a square below among the weights",
        });
        stops.push(grids.stop);
      }
      layRun(new OneRun(got));
    } catch (error) {
      if (mine === turn) trouble(error);
    }
  }

  /** @param {OneRun} next */
  function layRun(next) {
    one = next;
    for (const button of takers) button.disabled = false;
    const { arrays, nMoments, message } = next;
    const heldOut = all?.message.held_out ? { sweeps: arrays.moments, values: Float32Array.from({ length: nMoments }, (_, k) => next.trace(k, 1)) } : null;
    layCurve({ sweeps: arrays.recorded, values: arrays.error }, heldOut);
    layTime();
    stopsAt.textContent = nMoments === 1 ? "Of this run only the end is known: to learn it again would take longer than one waits." : nMoments <= message.sweeps ? `The slider stops at ${counted(nMoments)} moments, from the start to sweep ${counted(message.sweeps)}.` : "";
    which.show(message.run);
    map.lay(next, moment());
    grids.lay(next, moment());
    for (const view of more) view.lay(next, /** @type {All} */ (all));
    layCase();
    showMoment();
    for (const told of listeners) told(next);
  }

  function showMoment() {
    if (!one) return;
    const at = one;
    const now = moment();
    const nHeld = all?.message.held_out ?? 0;
    const nLearned = (all?.message.cases ?? 0) - nHeld;
    const facts = [
      ["sweep", counted(at.sweep(now))],
      ["error", fixed(at.trace(now, 0), 4)],
      ["right of those it learns from", `${Math.round(at.trace(now, 2) * nLearned)} of ${nLearned}`],
      ...(nHeld ? [["error, held out", fixed(at.trace(now, 1), 4)], ["right of those held out", `${Math.round(at.trace(now, 3) * nHeld)} of ${nHeld}`]] : []),
      ...own(at.trace(now, 0), nHeld ? at.trace(now, 1) : null),
      ...(all && all.message.guessing !== null ? [["one answer to all would have", percent(all.message.guessing)]] : []),
    ];
    scores.replaceChildren(...facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
    time?.display(now);
    curve.show(at.sweep(now), at.trace(now, 0));
    map.show(now);
    grids.show(now);
    for (const view of more) view.show(now);
    showCases();
    showCase();
  }

  /** @param {import("./run_curve.js").Course} error @param {import("./run_curve.js").Course | null} heldOut @param {number} [last] */
  function layCurve(error, heldOut, last = all?.message.sweeps ?? 1) {
    const fan = all && all.message.runs > 1 ? { sweeps: all.arrays.recorded, rows: all.message.levels.map((_, k) => all?.arrays.quantiles.subarray(k * all.arrays.recorded.length, (k + 1) * all.arrays.recorded.length)) } : null;
    curve.lay({ last, error, heldOut, fan });
    curveLegend.replaceChildren(runLegend(Boolean(heldOut && heldOut.values.length), Boolean(fan && fan.sweeps.length > 1)));
  }

  function layTime() {
    const at = /** @type {OneRun} */ (one);
    const last = Math.max(1, at.nMoments - 1);
    time ??= transport({ state, move: goTo, pace: 18 });
    time.span({ last, named: (place) => at.sweep(Math.min(place, at.nMoments - 1)) });
    bar.replaceChildren(...(at.nMoments > 1 ? [time.element] : []));
    time.lay(Float32Array.from({ length: last + 1 }, (_, k) => at.trace(Math.min(k, at.nMoments - 1), 0)), []);
  }

  /** What each row of the table says: only what is another one is changed. @type {string[]} */
  let rowSaid = [];

  function showCases() {
    if (!one) return;
    const at = one;
    const { message } = one;
    const now = moment();
    const wanted = state.get("which");
    const filtered = message.cases.map((_, k) => k).filter((k) => wanted === "all" || (wanted === "wrong" ? !at.isRight(now, k) : at.isHeldOut(k)));
    // The rows stay where they are while time goes by.
    while (body.children.length > Math.min(SHOWN, filtered.length)) body.lastChild?.remove();
    while (body.children.length < Math.min(SHOWN, filtered.length)) body.append(h("tr", {}, h("th", { scope: "row" }, h("button", { type: "button", class: "case-name", onclick: (/** @type {Event} */ event) => state.set({ case: /** @type {HTMLElement} */ (event.currentTarget).textContent ?? "" }) })), h("td"), h("td"), h("td"), h("td")));
    rowSaid.length = body.children.length;
    filtered.slice(0, SHOWN).forEach((k, row) => {
      const isChosen = message.cases[k] === state.get("case");
      const parts = [message.cases[k], at.wanted(k), at.answered(now, k)];
      const key = JSON.stringify([parts, at.isRight(now, k), at.isHeldOut(k), isChosen]);
      if (rowSaid[row] === key) return;
      rowSaid[row] = key;
      const [name, wants, answers, mark, held] = /** @type {any} */ (body.children[row].children);
      body.children[row].classList.toggle("held", at.isHeldOut(k));
      body.children[row].classList.toggle("chosen", isChosen);
      [name.firstChild.textContent, wants.textContent, answers.textContent] = parts;
      mark.replaceChildren(verdict(at.isRight(now, k)));
      held.replaceChildren(at.isHeldOut(k) ? h("span", { class: "tag" }, "held out") : "");
    });
    casePanel.classList.toggle("long", filtered.length > 8);
    const some = all && message.cases.length < all.message.cases ? `Shown are ${counted(message.cases.length)} of the ${counted(all.message.cases)} cases, some of each answer. ` : "";
    rest.textContent = some + (filtered.length > SHOWN ? `The first ${SHOWN} of ${counted(filtered.length)} are listed.` : filtered.length ? "" : "There are none.");
  }

  // ---- one case ----------------------------------------------------------------------
  /** The chosen case by its place among those shown, or -1. */
  const chosenCase = () => one?.message.cases.indexOf(state.get("case")) ?? -1;

  /** @param {readonly string[]} keys */
  function hint(keys) {
    map.hint(keys);
    grids?.hint(keys);
  }

  for (const kind of ["pointerover", "focusin"]) stripPanel.addEventListener(kind, (event) => hint(/** @type {Element} */ (event.target).closest("[data-stands]")?.getAttribute("data-stands")?.split(" ") ?? []));
  for (const kind of ["pointerleave", "focusout"]) stripPanel.addEventListener(kind, () => hint([]));

  /** The unit that is chosen; where equations are wanted, the first output else. */
  function chosenUnit() {
    const unit = state.get("unit") === "" ? -1 : Number(state.get("unit"));
    if (one && unit < one.nUnits && unit >= 0) return unit;
    return one && state.get("level") === "maths" && chosenCase() >= 0 ? one.above[one.above.length - 1].first : -1;
  }

  /** Another case, or another run, or another level. */
  function layCase() {
    if (!one) return;
    const place = chosenCase();
    map.mark(place);
    for (const view of more) view.mark(place);
    if (place < 0) return void numbers.replaceChildren(h("p", { class: "aside" }, "Choose a case, in the picture or in the table, to read what each unit says to it."));
    numbers.replaceChildren(levels.element, formulas.element);
    levels.lay(one, place, formulas.signals(one, place)?.arrays ?? null);
  }

  function showCase() {
    if (!one) return;
    const unit = chosenUnit();
    map.markUnit(unit);
    grids.markUnit(unit);
    const place = chosenCase();
    if (place < 0) return;
    levels.show(moment());
    levels.mark(unit);
    formulas.show(one, moment(), place, unit);
  }

  stops.push(
    state.subscribe((changed) => {
      if (changed.has("run")) void refresh();
      if (changed.has("which")) filter.show(state.get("which"));
      if (changed.has("case") || changed.has("level")) layCase();
      if (changed.has("sweep")) showMoment();
      else if (["which", "case", "unit", "weight", "level"].some((key) => changed.has(key))) {
        showCases();
        showCase();
      }
    }),
  );
  /** @type {Set<(one: OneRun) => void>} */ const listeners = new Set();

  function layAll() {
    const { message, arrays } = /** @type {All} */ (all);
    const share = message.learned / message.runs;
    const ends = [["learned", message.learned], ["stuck", message.stuck], ["diverged", message.diverged], ["not finished", message.unfinished]].filter(([, count]) => count);
    summary.textContent = message.runs === 1 ? `One run: ${ends[0][0]}.` : `${message.runs === message.learned ? `All ${counted(message.runs)}` : `${counted(message.learned)} of ${counted(message.runs)}`} runs learned${message.unfinished ? "" : `: ${percent(share)}, 95 % interval ${percent(message.low)} to ${percent(message.high)}`}. ${ends.slice(message.learned ? 1 : 0).map(([name, count]) => `${counted(Number(count))} ${name}.`).join(" ")}`;
    showBars();
    const order = Array.from(arrays.learned_at, (at, k) => [at, k]).filter(([at]) => at).sort((a, b) => a[0] - b[0]);
    const stuck = Array.from(arrays.learned_at).findIndex((at) => !at);
    const places = /** @type {[string, number][]} */ ([["the fastest", order[0]?.[1] ?? -1], ["the middle one", order[order.length >> 1]?.[1] ?? -1], ["the slowest", order[order.length - 1]?.[1] ?? -1], ["one that did not learn", stuck]]);
    looks.replaceChildren(...(message.runs > 1 ? places.filter(([, place]) => place >= 0).map(([name, place]) => h("button", { type: "button", class: "plain", onclick: () => chooseRun(message.first + place) }, name)) : []));
  }

  /** @type {ReturnType<typeof import("./learned_bars.js").learnedBars> | null} */ let bars = null;
  const drawer = onDemand(() => import("./learned_bars.js"), () => showBars());
  function showBars() {
    if (!drawer.now || !all) return;
    bars ??= drawer.now.learnedBars(runsFrame);
    bars.show(all.arrays.learned_at, all.message.sweeps);
  }

  const left = h("div", { class: "column-of" }, errorPanel, stripPanel, weightPanel);
  const right = h("div", { class: "column-of" }, runsPanel, casePanel);
  const roomy = matchMedia("(min-width: 1200px)");
  const place = () => {
    const added = more.map((view) => view.element);
    if (roomy.matches) right.prepend(...added);
    else errorPanel.after(...added);
  };
  place();
  const gone = new AbortController();
  roomy.addEventListener("change", place, { signal: gone.signal });
  stops.push(() => gone.abort());

  return {
    columns: [left, right],
    parts: { error: errorPanel, runs: runsPanel, units: stripPanel, cases: casePanel, weights: weightPanel },
    bar,
    takers,
    /** Choose what a symbol of an equation stands for. @param {string} key */
    choose: (key) => formulas.choose(key, one, (above) => state.set({ unit: String(above) })),
    /** @param {All} next */
    async lay(next) {
      forget(next);
      layAll();
      await refresh();
    },
    /** A curve that grows. @param {import("./messages.js").LearnedSoFar} soFar @param {number} last */
    live(soFar, last) {
      forget(null);
      scores.replaceChildren();
      layCurve({ sweeps: soFar.sweeps, values: soFar.errors }, null, last);
      curve.show(soFar.sweep);
    },
    /** @param {(one: OneRun) => void} told */
    onRun: (told) => void listeners.add(told),
    refresh() {
      map.refresh();
      for (const view of more) view.refresh();
    },
    stop() {
      forget(null);
      stops.forEach((stop) => stop());
    },
  };
}
