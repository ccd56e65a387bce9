/** Your data: a table of one's own, learned before one's eyes. */

import { calm, h } from "../shared/dom.js";
import { counted } from "../shared/format.js";
import { among, stepper, toggles } from "../shared/controls.js";
import { explained } from "../shared/levels.js";
import { links, stand } from "../shared/links.js";
import { hideNamed, panel } from "../shared/panel.js";
import { inOwnUnit, measureOf, nearness } from "../shared/measures.js";
import { outcomeOf } from "../shared/outcome.js";
import { runViews, viewSchema } from "../shared/run_views.js";
import { Refused, ask, askPlain, kept, post } from "../shared/server.js";
import { choice, quiet } from "../shared/state.js";
import { saveHtml, savePng, saveSvg } from "../shared/export.js";
import { written } from "../shared/layers.js";
import { telling } from "../shared/telling.js";
import { timeline } from "../shared/timeline.js";
import { troubleBox } from "../shared/trouble.js";
import { SETTINGS, handIn, settingsOf, tableOf, tableSchema, usesOf } from "../shared/table_settings.js";
import { alike, columnCards, likeNumbers } from "./columns.js";
import { dropAnywhere } from "./drop.js";
import { folds } from "./folds.js";
import { layerControls, scheme } from "./network.js";
import { STORY, TEXTS } from "./texts.js";

/** @typedef {import("../shared/messages.js").TableSeen} TableSeen */
/** @typedef {import("../shared/messages.js").DataPlan} Plan */
/** @typedef {import("../shared/messages.js").DataSettings} Settings */

const EPSILONS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 100];
const ALPHAS = [0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99];
const STARTS = [0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 20];
const SWEEPS = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000];
const NAME = /[\p{L}\p{N}_][\p{L}\p{N}_ .+-]{0,99}/u; // of a record
const RUNS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

const schema = { ...tableSchema, open: quiet(choice("", ["table", "network"])), ...viewSchema };

/** @type {import("../shared/page.js").Page} */
export const page = { schema, texts: TEXTS, mount };

/** When it has learned, as one would say it. @param {Plan} plan */
function inWords(plan) {
  const { criterion } = plan;
  const [rule, share] = criterion.split(":");
  const of = share ? `${share.replace("%", " %")} of the cases` : "all cases";
  if (rule === "winner") return `the right answer is the strongest in ${of}`;
  return /^[\d.]+$/.test(rule) ? `answers are within ${nearness(plan) || rule} in ${of}` : criterion;
}

/** @param {HTMLElement} root @param {import("../shared/page.js").Lab} lab */
function mount(root, { state, line, onTheme }) {
  /** @type {(() => void)[]} */ const stops = [];
  /** @type {TableSeen | null} */ let table = null;
  /** @type {Plan | null} */ let plan = null;
  /** @type {(() => void) | null} */ let cancel = null;
  let isOpen = true;
  let isReady = false; // whether the plan is that of the settings
  let isLacking = false; // whether something must be changed before it can learn
  const explain = (/** @type {string} */ name) => {
    const { element, stop } = explained(state, TEXTS[name]);
    stops.push(stop);
    return element;
  };
  /** Change a setting: what was learned before is another matter then. @param {Record<string, any>} patch */
  const alter = (patch) => state.set({ ...patch, learn: "", run: 0, sweep: "end" });

  // ---- what is told ------------------------------------------------------------------
  const { element: story, say } = telling(state);
  const learnRow = h("div", { class: "learn-row" });
  const gone = new AbortController();
  stops.push(() => gone.abort());
  const problem = troubleBox(gone.signal, () => {
    table = null; // a server that was started again has none
    void prepare();
  });
  const trouble = problem.tell;

  const folding = folds({ toggle: kept ? null : (part) => state.set({ open: state.get("open") === part ? "" : part }) });
  /** Once it learns, what it learns is a line, and opens where it is to be changed. */
  function fold() {
    const folded = Boolean(state.get("learn")) && !isLacking;
    const isShut = (/** @type {string} */ part) => folded && state.get("open") !== part;
    tablePanel.hidden = isShut("table");
    netPanel.hidden = isShut("network");
    rulePanel.hidden = isShut("network");
    folding.element.hidden = !folded || !isReady;
    folding.mark(state.get("open"));
  }

  // ---- the table ---------------------------------------------------------------------
  const file = h("input", { type: "file", accept: ".csv,.tsv,.txt,text/csv", class: "unseen", id: "table-file", onchange: () => file.files?.[0] && takeIn(file.files[0], file.files[0].name) });
  const pasted = h("textarea", { rows: 6, "aria-label": "A table as text", spellcheck: "false", placeholder: "height,weight,animal\n30,4,cat\n60,25,dog\n…" });
  const paste = h("details", { class: "paste" }, h("summary", {}, "Paste a table"), pasted, h("button", { type: "button", class: "plain", onclick: () => takeIn(new Blob([pasted.value]), "pasted.csv") }, "Take it"));
  const drop = h(
    "div",
    { class: "drop" },
    h("p", {}, h("strong", {}, "Drop a CSV anywhere on this page"), ", or"),
    h("div", { class: "drop-ways" }, file, h("label", { for: "table-file", class: "plain as-button" }, "Choose a file"), h("button", { type: "button", class: "plain", onclick: () => alter({ table: "iris", predict: "", leave: "auto", classes: "", network: "" }) }, "Iris, the example"), h("button", { type: "button", class: "plain", onclick: () => (location.hash = "#page=plane") }, "Two numbers, or draw your own"), paste),
    h("p", { class: "aside small" }, "It is read in memory and stays on this machine."),
  );
  const seen = h("p", { class: "summary" });
  const cards = h("div", {});
  const spelt = h("p", { class: "aside small spelt" });
  const onPlane = h("button", { type: "button", class: "plain", hidden: true, onclick: () => state.set({ page: "plane", learn: "yes" }) }, "On a plane: cases, and what each unit says");
  const tablePanel = panel("table-panel", "The table", explain("table"), drop, seen, cards, spelt);
  // Wherever a file is dropped it is taken: a browser would open it, and leave the lab.
  if (!kept) stops.push(dropAnywhere(root, (given) => void takeIn(given, given.name)));

  /** @param {Blob} blob @param {string} name */
  async function takeIn(blob, name) {
    problem.clear();
    try {
      const next = await handIn(blob, name);
      table = next;
      if (state.get("table") === next.table) await prepare();
      else alter({ table: next.table, predict: "", leave: "auto", classes: "", network: "", error: "", missing: next.columns.some((column) => column.present < next.rows) ? "drop" : "refuse", hold: next.rows < 20 ? 0 : 0.2 });
    } catch (error) {
      trouble(error);
    } finally {
      file.value = "";
    }
  }

  const uses = () => usesOf(state, table?.columns ?? []);
  const listed = (/** @type {Set<number>} */ places, /** @type {string} */ none) => [...places].sort((a, b) => a - b).join(",") || none;

  function showTable() {
    if (!table) return;
    seen.textContent = `${table.name}: ${counted(table.rows)} rows, ${counted(table.columns.length)} columns.`;
    spelt.textContent = [likeNumbers(table.columns), alike(table.columns)].filter(Boolean).join(" ");
    const at = document.activeElement?.getAttribute("aria-label");
    cards.replaceChildren(
      columnCards(
        table.columns,
        table.rows,
        uses(),
        (place, use) => {
          const now = uses();
          const word = use === "predict" && table?.columns[place].kind;
          // Words and numbers are not predicted together.
          if (use === "predict" || use === "also") {
            now.predict = use === "also" ? now.predict.add(place) : new Set([place]);
            now.leave.delete(place);
          } else {
            now.predict.delete(place);
            now.leave.delete(place);
            if (use === "leave") now.leave.add(place);
          }
          if (!now.predict.size) return trouble(new Refused("One column must be predicted.", "Choose another one to predict first.")), showTable();
          problem.clear();
          alter({ predict: listed(now.predict, ""), leave: listed(now.leave, "none"), network: "", ...(word ? { error: "" } : {}) });
        },
        (place, isClass) => {
          const { classes } = uses();
          if (isClass) classes.add(place);
          else classes.delete(place);
          alter({ classes: listed(classes, ""), network: "", error: "" });
        },
      ),
    );
    if (at) /** @type {HTMLElement | null} */ (cards.querySelector(`[aria-label="${CSS.escape(at)}"]`))?.focus();
  }

  // ---- the network -------------------------------------------------------------------
  const netFrame = h("div", { class: "frame" });
  const drawing = scheme(netFrame);
  const layers = h("div", {});
  const notation = h("textarea", { rows: 4, spellcheck: "false", "aria-label": "The network in its notation" });
  const useIt = h("button", { type: "button", class: "plain", onclick: () => alter({ network: notation.value.trim() }) }, "Use it");
  const ownNet = h("button", { type: "button", class: "plain", onclick: () => alter({ network: "" }) }, "Back to the recipe’s");
  const netSaid = h("p", { class: "aside small" });
  const netPanel = panel("net-panel", "The network", explain("network"), netFrame, netSaid, layers, h("details", { class: "notation" }, h("summary", {}, "In the notation"), notation, h("div", { class: "looks" }, useIt, ownNet)));
  stops.push(drawing.stop);

  // ---- the rule ----------------------------------------------------------------------
  const choose = (/** @type {string} */ key) => (/** @type {any} */ value) => alter({ [key]: value });
  const fields = {
    hold: stepper({ label: "Held out, %", value: Math.round(100 * state.get("hold")), low: 0, high: 90, next: (value, way) => Math.max(0, Math.min(90, value + 5 * way)), wide: 3, choose: (value) => alter({ hold: value / 100 }) }),
    epsilon: stepper({ label: "Epsilon, ε", value: 0.1, low: 0, high: 100, next: among(EPSILONS), wide: 5, choose: choose("epsilon") }),
    alpha: stepper({ label: "Alpha, α", value: 0.9, low: 0, high: 0.999999, next: among(ALPHAS), wide: 4, choose: choose("alpha") }),
    start: stepper({ label: "Start range, ±", value: 0.3, low: 0, high: 20, next: among(STARTS), wide: 4, choose: choose("start") }),
    sweeps: stepper({ label: "Sweeps", value: 500, low: 1, high: 20000, whole: true, next: among(SWEEPS), wide: 5, choose: choose("sweeps") }),
    runs: stepper({ label: "Runs", value: state.get("runs"), low: 1, high: 1000, whole: true, next: among(RUNS), wide: 4, choose: choose("runs") }),
    seed: stepper({ label: "Seed", value: state.get("seed"), low: 0, high: Number.MAX_SAFE_INTEGER, whole: true, wide: 4, choose: choose("seed") }),
  };
  stand(fields.epsilon.element, "epsilon");
  stand(fields.alpha.element, "alpha");
  const measure = toggles({ label: "Measure of error", labelled: true, choices: [{ value: "squared", text: "squared" }, { value: "cross-entropy", text: "cross-entropy" }], value: "", choose: choose("error") });
  const update = toggles({ label: "Weights change after each", labelled: true, choices: [{ value: "sweep", text: "sweep" }, { value: "case", text: "case" }], value: state.get("update"), choose: choose("update") });
  const missing = toggles({ label: "Rows with missing values", labelled: true, choices: [{ value: "refuse", text: "refuse" }, { value: "drop", text: "leave out" }, { value: "mean", text: "fill with the mean" }], value: state.get("missing"), choose: choose("missing") });
  const learn = h("button", { type: "button", class: "strong", onclick: press }, "Learn");
  const progress = h("progress", { "aria-label": "How far learning has come", max: 1, value: 0, hidden: true });
  const progressSaid = h("span", { role: "status" });
  const warned = h("p", { class: "aside small" });
  const rulePanel = panel("rule-panel", "How it learns", explain("rule"), h("div", { class: "fields" }, ...Object.values(fields).map((one) => one.element), measure.element, update.element, missing.element), warned);
  learnRow.append(learn, onPlane, progress, progressSaid);

  function showPlan() {
    if (!plan) return;
    const { layers: shown, parameters, cases, held_out } = plan;
    const gone = (table?.rows ?? cases) - cases;
    if (table && gone > 0) seen.textContent = `${table.name}: ${counted(table.rows)} rows, ${counted(table.columns.length)} columns. ${counted(gone)} ${gone === 1 ? "row" : "rows"} with a gap ${gone === 1 ? "is" : "are"} left out: ${counted(cases)} ${cases === 1 ? "is" : "are"} used.`;
    drawing.show(shown);
    onPlane.hidden = plan.plane.length < 2;
    netSaid.textContent = `${counted(parameters)} weights and biases; ${counted(cases - held_out)} cases to learn from, ${counted(held_out)} held out. It has learned when ${inWords(plan)}.`;
    const isPlain = !/\(|no bias/.test(plan.network);
    const at = /** @type {HTMLElement | null} */ (document.activeElement);
    const mark = layers.contains(at) ? at?.closest("label, .stepper, button")?.textContent : null;
    layers.replaceChildren(isPlain ? layerControls(shown, (next) => alter({ network: written(next) })) : h("p", { class: "aside small" }, "This network is changed in its notation."));
    if (mark) /** @type {HTMLElement | null} */ ([...layers.querySelectorAll("label, .stepper, button")].find((one) => one.textContent === mark)?.querySelector("input, select"))?.focus();
    notation.value = plan.network;
    ownNet.hidden = !state.get("network");
    fields.hold.show(Math.round(100 * state.get("hold")));
    fields.epsilon.show(plan.epsilon);
    fields.alpha.show(plan.alpha);
    fields.start.show(Number(plan.start.toPrecision(3)));
    fields.sweeps.show(plan.sweeps);
    fields.runs.show(state.get("runs"));
    fields.seed.show(state.get("seed"));
    measure.show(plan.error);
    update.show(state.get("update"));
    missing.show(state.get("missing"));
    missing.element.hidden = !table?.columns.some((column) => column.present < (table?.rows ?? 0));
    warned.textContent = plan.warnings.map((text) => `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/[.]?$/, ".")}`).join(" ");
    python.textContent = plan.python;
    command.textContent = `${plan.command}\n`;
  }

  const settings = () => settingsOf(state, table);

  // ---- what was learned --------------------------------------------------------------
  const views = runViews(state, {
    trouble,
    own: (error, apart) => inOwnUnit(plan, error, apart),
    source: {
      run: (run) => ask("api/data/run", { settings: settings(), run }),
      case: (run, place) => ask("api/data/case", { settings: settings(), run, case: place }),
      file: () => ({ path: "api/data/file", body: { settings: settings() }, name: name.value.trim() || "table" }),
    },
  });
  stops.push(views.stop, links(root, { choose: views.choose }).stop, onTheme(() => setTimeout(views.refresh)));
  const python = h("pre", { tabindex: 0, "aria-label": "The same from Python" });
  const command = h("pre", { tabindex: 0, "aria-label": "The same from the command line" });
  const name = h("input", { type: "text", id: "record-name", value: "iris", maxlength: 90, autocomplete: "off" });
  const saved = h("span", { role: "status" });
  const save = h("button", {
    type: "button",
    class: "plain",
    onclick: async () => {
      try {
        const given = name.value.trim();
        if (NAME.exec(given)?.[0] !== given) throw new Refused(`A record’s name must begin with a letter or a digit, and hold only these, blanks, and . + - _, got “${given}”.`, "Change it, and save again.");
        const answer = await post("api/data/save", { settings: settings(), name: given });
        problem.clear();
        const record = (await answer.json()).name;
        saved.replaceChildren("Saved: ", h("a", { href: `#page=records&record=${encodeURIComponent(record)}` }, record));
      } catch (error) {
        trouble(error);
      }
    },
  }, "Save the record");
  const taker = (/** @type {string} */ label, /** @type {() => Promise<void>} */ act) => h("button", { type: "button", class: "plain", onclick: () => act().catch(trouble) }, label);
  const zip = taker("the record, ZIP", () => saveHtml("api/data/record", settings(), name.value.trim() || "table", "zip"));
  const takers = h(
    "div",
    { class: "takers" },
    h("span", {}, "Take it with you:"),
    ...(kept ? [] : [h("label", { for: "record-name", class: "unseen" }, "Name of the record"), name, save, saved, zip]),
    ...views.takers,
    taker("network, SVG", () => saveSvg(drawing.svg, "network")),
    taker("network, PNG", () => savePng(drawing.svg, "network")),
    !kept && h("p", { class: "aside" }, "The HTML file holds this run and what came of all: the names of the cases and their answers, not the cells of the table."),
  );
  const board = h("div", { class: "board data-board", "aria-busy": "true" }, tablePanel, netPanel, rulePanel);
  const results = h("div", { class: "board results", hidden: true }, ...views.columns);
  const codes = h("div", {}, h("details", { class: "code" }, h("summary", {}, "The same from the command line"), command), h("details", { class: "code" }, h("summary", {}, "The same from Python"), python));
  const times = timeline(state, true);
  root.append(story, kept ? "" : learnRow, problem.element, folding.element, kept ? "" : board, results, takers, codes, times, views.bar);
  takers.hidden = true;
  stops.push(hideNamed(state, { settings: rulePanel, story, learn: learnRow, table: [tablePanel, folding.parts.table], network: [netPanel, folding.parts.network], ...views.parts, export: takers, code: codes, timeline: times }));
  fold();

  /** @type {"before" | "learning"} */ let chapter = "before";
  /** @type {import("../shared/one_run.js").OneRun | null} */ let last = null;
  let stopped = "";

  function showStory() {
    const level = /** @type {import("../shared/levels.js").Level} */ (state.get("level"));
    if (last && plan && !cancel && state.get("learn")) {
      const { heading, mood, scores, advice } = outcomeOf(last, plan, level);
      return say(stopped ? "Stopped" : heading, scores + (stopped || advice), mood);
    }
    const heading = chapter === "learning" ? "Learning" : "Your data";
    say(heading, STORY[chapter][level].replace("%E", measureOf(plan)), chapter);
  }

  let turn = 0;
  /** Ask what the settings stand for, and learn if that is wanted. */
  async function prepare() {
    const mine = ++turn;
    isReady = false;
    cancel?.();
    try {
      const found = await tableOf(state, table);
      if (mine !== turn || !isOpen) return;
      table = found;
      showTable();
      const next = /** @type {Plan} */ (await askPlain("api/data/plan", settings()));
      if (mine !== turn || !isOpen) return;
      problem.clear();
      plan = next;
      showPlan();
      showStory();
      name.value = NAME.exec(found.name.replace(/\.\w+$/, ""))?.[0].trim() ?? "table";
      board.setAttribute("aria-busy", "false");
      learn.disabled = false;
      isReady = true;
      isLacking = false;
      folding.show(/** @type {TableSeen} */ (table), next, uses(), { runs: state.get("runs") });
      fold();
      if (state.get("learn")) begin();
      else {
        last = null;
        learn.textContent = "Learn";
        results.hidden = takers.hidden = views.bar.hidden = true;
        chapter = "before";
        showStory();
      }
    } catch (error) {
      if (mine !== turn || !isOpen) return;
      board.setAttribute("aria-busy", "false");
      isLacking = true;
      fold();
      results.hidden = takers.hidden = views.bar.hidden = true;
      learn.disabled = true;
      fields.hold.show(Math.round(100 * state.get("hold")));
      trouble(error);
      showStory();
    }
  }

  function press() {
    if (cancel) return cancel();
    state.set({ open: "" });
    if (state.get("learn")) begin();
    else state.set({ learn: "yes" });
    scrollTo({ top: 0, behavior: calm() ? "auto" : "smooth" });
  }

  /** Show what was learned with these settings. @param {any} wanted */
  async function showResults(wanted) {
    try {
      const all = /** @type {any} */ (await ask("api/data/ensemble", wanted));
      results.classList.remove("live");
      takers.hidden = false;
      views.bar.hidden = false;
      await views.lay(all);
    } catch (error) {
      trouble(error);
    }
  }

  function begin() {
    const wanted = /** @type {any} */ (settings());
    const sweeps = plan?.sweeps ?? 1;
    problem.clear();
    results.hidden = false;
    fold();
    if (kept) return void showResults(wanted);
    results.classList.add("live");
    takers.hidden = views.bar.hidden = true;
    saved.replaceChildren();
    learn.textContent = "Stop, and keep what it has";
    progress.hidden = false;
    progress.value = 0;
    last = null;
    chapter = "learning";
    const mine = turn;
    const ended = () => {
      cancel = null;
      learn.textContent = "Learn";
      progress.hidden = true;
      progressSaid.textContent = "";
    };
    cancel = line.begin(
      { work: "learn table", settings: wanted },
      {
        progress(said) {
          if (mine !== turn) return;
          const soFar = /** @type {import("../shared/messages.js").LearnedSoFar} */ (said.so_far);
          progress.value = said.done / Math.max(1, said.total);
          progressSaid.textContent = `sweep ${counted(soFar.sweep)}, ${counted(soFar.learned)} of ${counted(soFar.runs)} learned`;
          views.live(soFar, sweeps);
        },
        async done(result) {
          if (mine !== turn) return;
          ended();
          learn.textContent = "Learn again";
          const { finished, runs } = result ?? { finished: 0, runs: 0 };
          stopped = finished < runs ? ` It was stopped when ${counted(finished)} of ${counted(runs)} [runs|run] had come to their end; what they had learned is kept.` : "";
          if (!result || !isOpen) return;
          await showResults(wanted);
        },
        refused(error) {
          ended();
          if (mine === turn) trouble(error);
        },
      },
    );
    showStory();
  }

  views.onRun((one) => {
    last = one;
    showStory();
  });
  stops.push(
    state.subscribe((changed) => {
      if (SETTINGS.some((key) => changed.has(key)) || (changed.has("learn") && state.get("learn"))) {
        if (changed.size > 1 || !changed.has("learn")) void prepare();
        else if (isReady) begin(); // else the plan that is on its way does
      } else if (changed.has("learn")) void prepare();
      if (changed.has("level")) showStory();
      if (changed.has("open")) fold();
    }),
  );
  showStory();
  void prepare();
  return () => {
    isOpen = false;
    turn++;
    cancel?.();
    for (const stop of stops) stop();
  };
}
