/**
 * The plane: examples on top, the network as small planes, and one of them large with
 * the cases. All moments of a run are here at once: time asks nobody.
 */

import { calm, h } from "../shared/dom.js";
import { counted, fixed } from "../shared/format.js";
import { among, stepper, toggles } from "../shared/controls.js";
import { csv } from "../shared/drawn.js";
import { save, saveHtml, savePng, saveSvg } from "../shared/export.js";
import { written } from "../shared/layers.js";
import { explained } from "../shared/levels.js";
import { stand } from "../shared/links.js";
import { ask, kept, post } from "../shared/server.js";
import { choice, quiet, words } from "../shared/state.js";
import { drawTools } from "./draw_tools.js";
import { planeDrawing } from "./drawing.js";
import { exampleChooser } from "./examples.js";
import { planeLegend } from "./legend.js";
import { tables } from "./palette.js";
import { Sheets, nameOf } from "./sheets.js";
import { EMPTY, sketcher } from "./sketch.js";
import { planeTiles } from "./tiles.js";
import { planeNumbers } from "./numbers.js";
import { TEXTS } from "./texts.js";

/** @typedef {import("../shared/messages.js").DataPlan} Plan */
/** @typedef {import("../shared/messages.js").PlanePoints} View */
/** @typedef {import("../shared/one_run.js").OneRun} OneRun */
/** @typedef {import("./tiles.js").Spot} Spot */

export const planeSchema = {
  unit: quiet(words("", /^(\d{1,2}:\d{1,3})?$/)),
  across: words("", /^\d{0,4}$/),
  up: words("", /^\d{0,4}$/),
  lines: choice("yes", ["yes", "no"]),
  weight: quiet(words("", /^\d{0,6}$/)),
};
const FRESH = { predict: "", leave: "auto", classes: "", missing: "refuse", error: "", update: "sweep", start: "", seed: 0, unit: "", across: "", up: "", case: "", weight: "" };
const ALPHAS = [0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98];
const SWEEPS = [50, 100, 200, 400, 800, 1500, 3000, 6000];
const EPSILONS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2];
const ACTIVATIONS = ["tanh", "logistic", "relu", "linear"];

/**
 * @param {import("../shared/state.js").State} state
 * @param {{trouble: (error: unknown) => void, settings: () => any, columns: () => readonly {name: string}[], play: () => void}} options
 */
export function planePanel(state, { trouble, settings, columns, play }) {
  /** @type {Plan | null} */ let plan = null;
  /** @type {View | null} */ let view = null;
  /** @type {Record<string, any>} */ let points = {};
  /** @type {OneRun | null} */ let run = null;
  /** @type {Sheets | null} */ let sheets = null;
  /** @type {number[]} */ let place = []; // of each case among those that the run shows
  /** @type {Spot | null} */ let peeked = null; // what the mouse is over is seen large meanwhile
  let colours = tables();
  let scale = 1; // the largest weight of the run
  let turn = 0;
  let wantsPlay = false;
  let shown = ""; // the table that is painted
  const isDrawn = () => state.get("table") === "drawn" && !kept; // a file is only looked at
  const layers = () => plan?.layers ?? [];
  const name = (/** @type {Spot} */ spot) => nameOf(layers(), spot);
  /** Whether buttons can say all that the network's notation says. */
  const isFree = () => plan !== null && !kept && !/\(|no bias/.test(plan.network);

  /** Take settings and let it learn at once, before one's eyes. @param {Record<string, any>} patch */
  function learn(patch) {
    wantsPlay = !calm();
    state.set({ ...patch, learn: "yes", run: 0, sweep: wantsPlay ? "0" : "end" });
  }
  const learnLayers = (/** @type {readonly import("./sheets.js").Layer[]} */ next) => learn({ network: written(next), unit: "" });

  /** @param {import("./examples.js").Example} example @param {string} table */
  function choose(example, table) {
    // The plane is to be seen, above the slider.
    if (largeFrame.getBoundingClientRect().bottom > innerHeight - 90) element.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
    const { network, epsilon, alpha, sweeps, runs } = example.advice;
    const isSame = state.get("table").split("-")[0] === example.table && state.get("learn");
    learn(isSame ? { table } : { ...FRESH, table, points: "", network, epsilon: epsilon ?? "", alpha: alpha ?? "", sweeps: sweeps ?? "", runs, hold: 0.2 });
  }

  function anotherStart() {
    if (!state.get("learn")) return learn({});
    wantsPlay = !calm();
    state.set({ run: (state.get("run") + 1) % state.get("runs"), sweep: wantsPlay ? "0" : "end" });
  }

  // ---- the parts ---------------------------------------------------------------------
  const button = (/** @type {string} */ label, /** @type {() => unknown} */ act, cls = "plain") => h("button", { type: "button", class: cls, onclick: act }, label);
  const taker = (/** @type {string} */ label, /** @type {() => Promise<void>} */ act) => button(label, () => act().catch(trouble));
  const chooser = exampleChooser({
    choose,
    draw: () => state.set({ ...FRESH, table: "drawn", network: "", epsilon: 0.2, alpha: "", sweeps: 400, runs: 5, hold: 0, learn: "", run: 0, sweep: "end" }),
  });
  const said = h("p", { class: "plane-said" });
  const spoken = h("p", { class: "unseen", role: "status" });
  const score = h("p", { class: "summary" });
  const tileFrame = h("div", { class: "frame" });
  const tiles = planeTiles(tileFrame, {
    choose({ layer, unit }) {
      peeked = null;
      state.set({ unit: state.get("unit") === `${layer}:${unit}` ? "" : `${layer}:${unit}` });
    },
    peek(spot) {
      peeked = spot;
      show();
    },
    change: learnLayers,
    say: (text) => tell(text),
    weigh: (index) => state.set({ weight: String(index) }),
    name,
  });
  const largeFrame = h("div", { class: "frame large-plane" });
  const large = planeDrawing(largeFrame, {
    point,
    choose: (dot) => run && place[dot] >= 0 && state.set({ case: run.message.cases[place[dot]] }),
    stroke: (at, phase) => sketch.stroke(at, phase),
    key: drawingKey,
  });
  const sketch = sketcher(state, { view: () => view ?? EMPTY, tool: () => tools.tool, lay: (dots) => large.lay(view ?? EMPTY, dots, true) });
  const tools = drawTools({ change: sketch.change, undo: sketch.undo, take: () => takeTable().catch(trouble), learn: () => learn({}) });
  const activation = h("select", { onchange: () => learnLayers(layers().map((layer, k) => (k && k < layers().length - 1 ? { ...layer, activation: activation.value } : layer))) }, ...ACTIVATIONS.map((value) => h("option", { value }, value)));
  const activations = h("label", { class: "field" }, h("span", {}, "Hidden units are"), activation);
  const epsilon = stepper({ label: "Epsilon, ε", value: 0.1, low: 0, high: 100, next: among(EPSILONS), wide: 4, choose: (value) => learn({ epsilon: value }) });
  const [alpha, sweeps] = [
    stepper({ label: "Alpha, α", value: 0.9, low: 0, high: 0.999999, next: among(ALPHAS), wide: 4, choose: (value) => learn({ alpha: value }) }),
    stepper({ label: "Sweeps", value: 500, low: 1, high: 20000, whole: true, next: among(SWEEPS), wide: 5, choose: (value) => learn({ sweeps: value }) }),
  ];
  const hold = stepper({ label: "Held out, %", value: 20, low: 0, high: 90, next: (value, way) => Math.max(0, Math.min(90, value + 5 * way)), wide: 3, choose: (value) => learn({ hold: value / 100 }) });
  const update = toggles({ label: "Weights change after each", labelled: true, choices: [{ value: "sweep", text: "sweep" }, { value: "case", text: "case" }], value: state.get("update"), choose: (value) => learn({ update: value }) });
  const rest = h("details", { class: "plane-more" }, h("summary", {}, "More"), h("div", { class: "fields" }, alpha.element, sweeps.element, hold.element, update.element));
  const divided = h("input", { type: "checkbox", onchange: () => state.set({ lines: divided.checked ? "yes" : "no" }) });
  divided.checked = state.get("lines") === "yes";
  stand(epsilon.element, "epsilon");
  stand(alpha.element, "alpha");
  const take = taker("the table, CSV", takeTable);
  const legend = h("div", { class: "plane-legend" });
  const sides = h("div", { class: "plane-sides" });
  const text = explained(state, TEXTS.plane);
  const body = h(
    "section",
    { class: "panel plane-panel", "aria-label": "The plane", hidden: true },
    h("h2", {}, "What each unit says over the plane"),
    h("div", { class: "plane-body" },
      h("div", { class: "plane-net" },
        tools.element,
        text.element,
        h("div", { class: "fields plane-fields" }, button("Watch it learn", () => (state.get("learn") ? play() : learn({})), "strong"), !kept && [button("Another start", anotherStart), activations, epsilon.element]),
        !kept && rest,
        tileFrame,
      ),
      h("div", { class: "plane-large" }, score, said, largeFrame, h("div", { class: "plane-beside" }, legend, h("div", { class: "looks" }, h("label", { class: "check" }, divided, "dividing lines")), sides)),
    ),
    spoken,
  );
  const figures = planeNumbers(state, { trouble, come: () => show(), spot: () => pinned(), fetch: (of, at) => ask("api/data/case", { settings: settings(), run: of, case: at }) });
  body.querySelector(".plane-net")?.append(figures.element);
  const element = h("div", { class: "plane-part" }, !kept && chooser.element, body);
  const busy = (/** @type {boolean} */ is) => body.setAttribute("aria-busy", String(is));

  /** @param {string} key */
  function drawingKey(key) {
    const tool = "abce".indexOf(key.toLowerCase());
    if (!isDrawn() || (tool < 0 && key !== "Backspace")) return false;
    if (key === "Backspace") sketch.drop();
    else tools.choose(tool);
    return true;
  }

  async function takeTable() {
    const table = state.get("table");
    const blob = isDrawn() ? new Blob([csv(state.get("points"))], { type: "text/csv" }) : await (await post("api/table/example/file", { table })).blob();
    await save(blob, `${table}.csv`);
  }

  const keepAll = () => saveHtml("api/data/plane/file", { ...seen(), run: run?.message.run ?? 0, state: new URL(state.link).hash.slice(1) }, state.get("table"));

  // ---- showing -----------------------------------------------------------------------
  const isThere = (/** @type {Spot} */ { layer, unit }) => unit < (layers()[layer]?.size ?? 0);

  /** The unit that is pinned to the large plane. @returns {Spot | null} */
  function pinned() {
    const [layer, unit] = state.get("unit").split(":").map(Number);
    return isThere({ layer, unit }) ? { layer, unit } : null;
  }
  const looked = () => (peeked && isThere(peeked) ? peeked : pinned());

  /** @param {string} words @param {boolean} [aloud] */
  function tell(words, aloud = false) {
    said.textContent = words || (isDrawn() || !sheets ? "" : "Point at the plane to read what is said there; click a case to follow it.");
    if (aloud) spoken.textContent = words;
  }

  function show() {
    if (body.hidden) return;
    const spot = looked();
    const what = isDrawn() ? "The plane to draw on" : spot ? `What ${name(spot)} says over the plane` : "The answer over the plane";
    const keys = isDrawn() ? "Enter puts a point, A, B, C and E choose what is put" : "Enter chooses a case";
    const label = `${what}. Arrow keys move a cross over it and read; ${keys}.`;
    tiles.mark(pinned());
    if (!sheets || !run) {
      large.show(null, label);
      score.textContent = isDrawn() ? "Draw here" : "Press Watch it learn";
      figures.show(null, 0, -1);
      return tell("");
    }
    const [at, one] = [sheets, run];
    const moment = one.nearest(state.get("sweep") === "end" ? one.message.sweeps : Number(state.get("sweep")));
    at.goTo(one.sweep(moment));
    tiles.show({ side: at.side, colour: (/** @type {Spot} */ unit) => at.colouring(unit, colours), weights: one.nParameters ? one.weights(moment) : null, scale });
    large.show(at.look(spot, state.get("lines") === "yes", colours), label);
    const marked = one.message.cases.indexOf(state.get("case"));
    large.mark((k) => place[k] >= 0 && !one.isRight(moment, place[k]), marked < 0 ? -1 : place.indexOf(marked));
    const held = plan?.held_out ?? 0;
    const right = (/** @type {number} */ column, /** @type {number} */ of) => `${Math.round(one.trace(moment, column) * of)} of ${of}`;
    score.textContent = `${spot ? `${name(spot)}, ` : ""}sweep ${counted(one.sweep(moment))}: ${right(2, (plan?.cases ?? 0) - held)} right${held ? `; of those held out ${right(3, held)}` : ""}`;
    figures.show(one, moment, marked);
    if (!said.textContent) tell("");
  }

  /** Read what is said at a point. @param {[number, number] | null} at @param {number} dot a case there, or -1 @param {boolean} aloud */
  function point(at, dot, aloud) {
    if (!view || !at) return tell("");
    const { names, low, high, classes, scale: [least, most] } = view;
    const spot = dot < 0 ? at : [points.points[2 * dot], points.points[2 * dot + 1]];
    const parts = [spot.map((v, k) => `${names[k]} ${Number((low[k] + v * (high[k] - low[k])).toPrecision(3))}`).join(", ").replace(/-/g, "\u2212")];
    if (dot >= 0) {
      const wanted = points.wanted[dot];
      parts.unshift(`${run && place[dot] >= 0 ? run.message.cases[place[dot]] : `case ${dot + 1}`}${points.held_out[dot] ? ", held out" : ""}`);
      parts.push(`wanted ${classes.length ? classes[wanted] : fixed(least + wanted * (most - least), 2)}`);
    }
    if (sheets) parts.push(sheets.reading(looked(), spot));
    tell(`${parts.filter(Boolean).join("; ")}.`, aloud);
  }

  // ---- what the page tells -----------------------------------------------------------
  const numberOr = (/** @type {string} */ key) => (state.get(key) === "" ? null : Number(state.get(key)));
  const seen = () => ({ settings: settings(), across: numberOr("across"), up: numberOr("up"), reach: state.get("table") === "drawn" ? 1 : 0 });

  async function fetchPoints() {
    const mine = ++turn;
    const got = await ask("api/data/points", seen());
    if (mine !== turn) return;
    view = /** @type {View} */ (got.message);
    points = got.arrays;
    if (isDrawn()) sketch.show();
    else large.lay(view, Array.from(points.wanted, (wanted, k) => ({ wanted: Number(wanted), held: points.held_out[k] === 1, at: /** @type {[number, number]} */ ([points.points[2 * k], points.points[2 * k + 1]]) })), false);
    legend.replaceChildren(planeLegend(view, !isDrawn() && points.held_out.includes(1)));
    laySides(view);
    if (run) return fetchSheets(run);
    if (state.get("learn")) return; // it is on its way
    show();
    busy(false);
  }

  /** Which columns are the sides, where there are more than two. @param {View} of */
  function laySides({ columns: can, across, up, fixed: rest }) {
    const side = (/** @type {string} */ key, /** @type {string} */ label, /** @type {number} */ now, /** @type {number} */ other) =>
      h("label", { class: "field" }, h("span", {}, label), h("select", { onchange: (/** @type {Event} */ event) => state.set({ across: String(across), up: String(up), [key]: /** @type {HTMLSelectElement} */ (event.target).value }) }, ...can.filter((k) => k !== other).map((k) => h("option", { value: k, selected: k === now }, columns()[k].name))));
    sides.replaceChildren(
      ...(can.length > 2 ? [side("across", "Across", across, up), side("up", "Up", up, across)] : []),
      ...(rest.length ? [h("p", { class: "aside small" }, `The plane is drawn with ${rest.join(", ")} at the mean; the points are not, so that one may lie on another class’s ground and yet be right.`)] : []),
    );
  }

  /** @param {OneRun} one */
  async function fetchSheets(one) {
    if (!view) return; // the points come first
    const mine = turn;
    const got = await ask("api/data/sheets", { ...seen(), run: one.message.run });
    if (mine !== turn || run !== one || !plan || !view) return;
    sheets = new Sheets(got, plan, view);
    place = new Array(points.wanted.length).fill(-1);
    one.arrays.places.forEach((/** @type {number} */ k, /** @type {number} */ at) => (place[k] = at));
    scale = one.arrays.parameters.reduce((/** @type {number} */ most, /** @type {number} */ w) => (Number.isFinite(w) ? Math.max(most, Math.abs(w)) : most), 1e-6);
    tiles.lay(plan.layers, one.message.blocks, isFree());
    said.textContent = "";
    show();
    busy(false);
    if (wantsPlay) play();
    wantsPlay = false;
  }

  function showTable() {
    chooser.show(state.get("table"));
    take.hidden = !isDrawn() && !chooser.examples.some((one) => one.table === state.get("table").split("-")[0]);
  }

  const unsubscribe = state.subscribe((changed) => {
    divided.checked = state.get("lines") === "yes";
    if ((changed.has("across") || changed.has("up")) && plan && !changed.has("table")) fetchPoints().catch(trouble);
    else if (["unit", "sweep", "lines", "case", "level", "weight"].some((key) => changed.has(key))) show();
  });

  return {
    element,
    examples: chooser.element,
    takers: [...(kept ? [] : [taker("all of it as one HTML file", keepAll), take]), taker("the plane, SVG", () => large.whole((svg) => saveSvg(svg, "plane"))), taker("the plane, PNG", () => large.whole((svg) => savePng(svg, "plane")))],
    busy,
    choose: figures.choose,
    /** @param {import("../shared/messages.js").Examples} examples */
    lay(examples) {
      chooser.lay(examples);
      showTable();
    },
    /** Begin with the first example. */
    first: () => choose(chooser.examples[0], chooser.examples[0].table),
    /** The table that the address names is looked for. */
    begin() {
      busy(true);
      showTable();
      tools.element.hidden = !isDrawn();
      tools.show(state.get("points"), state.get("learn") === "yes");
    },
    /** There is nothing to learn from yet, but a plane to draw on. */
    blank() {
      turn++;
      [plan, view, run, sheets] = [null, null, null, null];
      body.hidden = false;
      body.classList.add("blank");
      sketch.show();
      show();
      busy(false);
    },
    /** What would be learned. @param {Plan} next */
    plan(next) {
      const isOther = JSON.stringify(layers()) !== JSON.stringify(next.layers);
      turn++;
      plan = next;
      run = sheets = null;
      if (isDrawn()) view = null;
      body.hidden = next.plane.length < 2;
      body.classList.remove("blank");
      if (body.hidden) return;
      // What was learned before stays to be seen until it is learned anew.
      if (shown !== state.get("table") || !state.get("learn")) large.show(null, "");
      if (isOther || !state.get("learn")) tiles.lay(next.layers, [], isFree());
      shown = state.get("table");
      activations.hidden = next.layers.length < 3 || !isFree();
      if (!activations.hidden) activation.value = next.layers[1].activation;
      epsilon.show(next.epsilon);
      alpha.show(next.alpha);
      sweeps.show(next.sweeps);
      hold.show(Math.round(100 * state.get("hold")));
      update.show(state.get("update"));
      fetchPoints().catch(trouble);
    },
    /** What was learned. @param {OneRun} one */
    run(one) {
      run = one;
      if (!body.hidden) fetchSheets(one).catch(trouble);
    },
    /** The colours of the theme have changed. */
    refresh() {
      colours = tables();
      if (plan) show();
    },
    stop() {
      for (const stop of [unsubscribe, tiles.stop, large.stop, text.stop, figures.stop]) stop();
    },
  };
}
