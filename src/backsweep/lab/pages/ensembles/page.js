/** Ensembles: a map of what very many networks learn over two settings. */

import { h, s, set } from "../shared/dom.js";
import { counted, percent } from "../shared/format.js";
import { toggles } from "../shared/controls.js";
import { explained } from "../shared/levels.js";
import { keptState, savePng, saveSvg } from "../shared/export.js";
import { LOST, Refused, ask, kept, post } from "../shared/server.js";
import { timeline } from "../shared/timeline.js";
import { troubleBox } from "../shared/trouble.js";
import { worded } from "../shared/glossary.js";
import { PAGES } from "../contents.js";
import { SETTINGS, readWindow, setting, whole, within, writeWindow } from "./axes.js";
import { copier, errorLines, facts, runLinks, said } from "./cell.js";
import { mapView } from "./map.js";
import { hideNamed, panel } from "../shared/panel.js";
import { onDemand } from "../shared/on_demand.js";
import { MADE_OF, mapControls, schema } from "./settings.js";
import { Sheet } from "./sheet.js";
import { inWords } from "./summary.js";
import { making } from "./take.js";
import { SOURCES, TEXTS } from "./texts.js";
import { duration, stopwatch } from "./timing.js";

/** @typedef {import("./axes.js").Window} Window */
/** @typedef {import("./map.js").Place} Place */
/** @typedef {import("../shared/messages.js").MapPlan} Plan */
/** @typedef {import("../shared/messages.js").MapSettings} Settings */
/** @typedef {import("../shared/messages.js").MapSummary} Summary */

const KEPT_CELLS = 3_000_000; // of maps that were drawn before, for going back
const REST_MS = 90; // how long a pointer rests until its cell is asked for
const LONG_S = 120; // a map that takes longer is asked about first
const CLOSEST = 8; // cells of a map in a file that are shown at least

/** @type {import("../shared/page.js").Page} */
export const page = { schema, texts: TEXTS, mount };

/** @param {HTMLElement} root @param {import("../shared/page.js").Lab} lab */
function mount(root, { state, line, onTheme }) {
  const gone = new AbortController();
  /** @type {(() => void)[]} */ const stops = [() => gone.abort()];
  const explain = (/** @type {string} */ name) => {
    const { element, stop } = explained(state, TEXTS[name]);
    stops.push(stop);
    return element;
  };

  // ---- the settings
  const show = toggles({
    label: "Colour by",
    choices: [
      { value: "share", text: "Share learned" },
      { value: "median", text: "Speed" },
      { value: "convergence", text: "Convergence" },
    ],
    value: state.get("show"),
    choose: (value) => state.set({ show: value }),
  });
  const { element: settings, show: showSettings } = mapControls(state);

  // ---- what is told
  const storyTitle = h("h1", {});
  const storyText = h("p", { class: "lead" });
  const came = h("p", { class: "summary", "aria-live": "polite" });
  const story = h("section", { class: "story", "aria-label": "What this map shows" }, storyTitle, storyText, came);
  const problem = troubleBox(gone.signal, () => fetchMap());

  // ---- the map
  /** @type {string[]} */ const trail = []; // windows to go back to
  const icon = (/** @type {string} */ d) => s("svg", { viewBox: "0 0 20 20", width: 20, height: 20, class: "line-icon", "aria-hidden": "true" }, s("path", { d }));
  const tool = (/** @type {string} */ label, /** @type {string} */ d, /** @type {() => void} */ act) => h("button", { type: "button", class: "round", "aria-label": label, title: label, onclick: act }, icon(d));
  const closer = tool("Closer", "M10,4V16M4,10H16", () => map.zoomBy(0.5));
  const further = tool("Further out", "M4,10H16", () => map.zoomBy(2));
  const back = tool("Back to the window before", "M8,5L4,9L8,13M4,9H12A4,4 0 0 1 12,17H9", () => goBack());
  const all = tool("The whole map", "M4,8V4H8M12,4H16V8M16,12V16H12M8,16H4V12", () => goTo(null));
  const drags = toggles({ label: "Dragging", choices: [{ value: "zoom", text: "Zoom", title: "Dragging draws a rectangle to zoom into" }, { value: "move", text: "Move", title: "Dragging moves the map" }], value: "zoom", choose: (value) => (dragging = /** @type {"zoom" | "move"} */ (value)) });
  let dragging = /** @type {"zoom" | "move"} */ ("zoom");
  const status = h("span", { class: "map-status", role: "status" });
  const bar = h("progress", { max: 1, value: 0, "aria-label": "Cells that are done" });
  const stopIt = h("button", { type: "button", class: "plain" }, "Stop");
  const goOn = h("button", { type: "button", class: "plain", onclick: () => agree() }, "Go on");
  const toolbar = h("div", { class: "map-tools" }, h("div", { class: "map-buttons", role: "group", "aria-label": "Where to look" }, closer, further, back, all), drags.element, show.element);
  story.append(h("div", { class: "map-job" }, bar, status, stopIt, goOn));
  const asking = h("div", { class: "map-asking", hidden: true });
  const frame = h("div", { class: "frame map-place" }, asking);
  const keys = h("p", { class: "map-keys", id: "map-keys" }, "Keys: arrows point, with Shift by one cell; + and − zoom; 0 the whole map; Backspace goes back; Enter chooses, and once more opens. Two fingers pinch; the wheel zooms with Ctrl, or once the map is clicked.");
  const heard = h("p", { class: "unseen", "aria-live": "polite" });
  const map = mapView(frame, {
    zoom: (window) => goTo(window),
    point: (place) => {
      pointed = place;
      lookSoon();
    },
    choose: (place) => {
      const finest = mapSettings().cells;
      const key = `${place.column},${place.row}`;
      const link = cell && sameCell(cellPlace, place) ? openingLink() : "";
      if (state.get("cell") === key && place.level === finest && link) location.hash = link;
      else if (place.level === finest) state.set({ cell: key });
      else lookSoon();
    },
    key: (event) => {
      if (event.key === "Backspace" || event.key === "u") goBack();
      else if (event.key === "0" || event.key === "Home") goTo(null);
      else if (event.key === "Escape") state.set({ cell: "" });
      else return false;
      return true;
    },
    drags: () => dragging,
    within: (window) => bounded(window),
  });
  const tableBody = h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "The map as a table" });
  const tableFold = h("details", { class: "code map-table", ontoggle: () => layTable() }, h("summary", {}, "The map as a table"), tableBody);
  const table = onDemand(() => import("./table.js"), () => layTable());
  function layTable() {
    const sheet = current?.sheets.at(-1);
    if (tableFold.open && sheet && table.now) tableBody.replaceChildren(table.now.tableOf(sheet, shownNow()));
  }
  const inFile = h("p", {}, "This file holds the map as it was drawn: zooming magnifies it. For more detail, and for the networks of every cell, open the lab: backsweep lab.");
  const mapPanel = h("section", { class: "panel map-panel", "aria-label": "The map" }, toolbar, frame, h("h2", { class: "unseen" }, "The map"), h("div", { class: "map-notes" }, explain("map"), kept ? inFile : keys), heard, tableFold);

  // ---- the cell
  const cellFacts = h("div", { class: "cell-facts" });
  const curvesFrame = h("div", { class: "frame" });
  const curves = errorLines(curvesFrame);
  const opens = h("div", { class: "cell-opens" });
  const errorPart = h("div", {}, h("p", { class: "chart-name", "data-key": "curves" }, "error, as a multiple of the first, by sweep"), curvesFrame, opens);
  const cellPanel = panel("cell-panel", "This cell", explain("cell"), cellFacts, errorPart);

  const numbers = h("div", {});
  const numbersPanel = panel("numbers-panel", "This cell in the equations", explain("numbers"), numbers);
  const bowlsPlace = h("div", { "data-key": "bowls" });
  const edgePanel = panel("edge-panel", "Why there is an edge", explain("edge"), bowlsPlace);
  void (async () => bowlsPlace.append((await import("./bowls.js")).bowls()))();
  const mathematics = onDemand(() => import("./numbers.js"), () => showCell());
  /** Show where the number of a symbol stands. @param {string[]} keys */
  function hint(keys) {
    for (const one of root.querySelectorAll("[data-key]")) one.classList.toggle("hinted", keys.includes(/** @type {HTMLElement} */ (one).dataset.key ?? ""));
    map.hint(keys);
    curves.hint(keys);
  }
  const sources = h("section", { class: "timeline sources", "aria-label": "Sources" }, h("h2", {}, "Where this comes from"), h("ol", {}, ...SOURCES.map((one) => h("li", {}, h("strong", {}, String(one.year)), h("span", { class: "who" }, one.who), h("p", {}, one.what), h("cite", {}, one.source)))));

  const command = h("pre", { tabindex: 0, "aria-label": "The same map from the command line" });
  const python = h("pre", { tabindex: 0, "aria-label": "The same map from Python" });
  const code = h("details", { class: "code" }, h("summary", {}, "The same map from the command line, and from Python"), command, python);
  const taker = (/** @type {string} */ label, /** @type {() => Promise<void>} */ act) => {
    const button = h("button", { type: "button", class: "plain" }, label);
    button.addEventListener("click", async () => {
      button.disabled = true;
      await act().catch(trouble);
      button.disabled = false;
    });
    return button;
  };
  const made = making(line, trouble);
  stops.push(made.stop);
  /** @param {string} label @param {() => Parameters<typeof made.begin>[0]} wanted */
  const maker = (label, wanted) => h("button", { type: "button", class: "plain", onclick: () => made.begin(wanted(), `${mapSettings().task.replace(":", "-")}-map`) }, label);
  const allOfIt = maker("all of it as one HTML file", () => ({ form: "page", settings: mapSettings(), cell: keptCell(), state: keptState(state) }));
  const record = maker("record, zip", () => ({ form: "record", settings: mapSettings(), cell: null, state: "" }));
  const takers = h("div", { class: "takers" }, h("span", {}, "Take it with you:"), !kept && allOfIt, taker("map, PNG", () => drawing(savePng)), taker("map, SVG", () => drawing(saveSvg)), !kept && record, !kept && made.element);

  numbersPanel.hidden = true;
  const board = h("div", { class: "board maps", "aria-busy": "true" }, story, mapPanel, cellPanel, numbersPanel, edgePanel);
  const times = timeline(state, true);
  root.append(kept ? "" : settings, problem.element, board, takers, code, sources, times);
  stops.push(hideNamed(state, { settings, story, map: mapPanel, cell: cellPanel, numbers: numbersPanel, edge: edgePanel, export: takers, code, timeline: [sources, times] }));
  stops.push(map.stop, curves.stop);

  /** @param {(svg: SVGSVGElement, name: string) => Promise<void>} save */
  async function drawing(save) {
    const picture = map.picture();
    map.svg.prepend(picture);
    await save(map.svg, "map").finally(() => picture.remove());
  }

  // ---- what is asked for
  /** @returns {Window} */
  function shownWindow() {
    const found = readWindow(state.get("window"));
    if (file) return found ? bounded(found) : ownWindow(file);
    return found ? within(found, state.get("x"), state.get("y")) : whole(state.get("task"), state.get("x"), state.get("y"));
  }
  /** The window of a map. @param {Settings} of @returns {Window} */
  const ownWindow = ({ x, y }) => ({ x0: x.low, x1: x.high, y0: y.low, y1: y.high });
  /** Keep a window within what there is to be seen. @param {Window} window @returns {Window} */
  function bounded(window) {
    if (!file) return within(window, state.get("x"), state.get("y"));
    const own = ownWindow(file);
    const least = CLOSEST / file.cells;
    const keep = (/** @type {number} */ low, /** @type {number} */ high, /** @type {number} */ from, /** @type {number} */ to) => {
      const width = Math.min(to - from, Math.max(high - low, least * (to - from)));
      const start = Math.max(from, Math.min(to - width, (low + high - width) / 2));
      return [start, start + width];
    };
    const [[x0, x1], [y0, y1]] = [keep(window.x0, window.x1, own.x0, own.x1), keep(window.y0, window.y1, own.y0, own.y1)];
    return { x0, x1, y0, y1 };
  }
  /** @returns {Settings} */
  function asked() {
    if (file) return { ...file, show: measureOf(file) === "convergence" || state.get("show") === "convergence" ? file.show : state.get("show") };
    const { x0, x1, y0, y1 } = shownWindow();
    const given = (/** @type {string} */ key) => (state.get(key) === "" ? null : Number(state.get(key)));
    return {
      task: state.get("task"),
      x: { setting: state.get("x"), low: x0, high: x1 },
      y: { setting: state.get("y"), low: y0, high: y1 },
      show: state.get("show"),
      cells: /** @type {Settings["cells"]} */ (Number(state.get("cells"))),
      runs: state.get("runs"),
      sweeps: state.get("sweeps"),
      seed: state.get("seed"),
      hidden: state.get("hidden"),
      epsilon: given("epsilon"),
      alpha: given("alpha"),
      start: given("start"),
      decay: 0,
      update: state.get("update"),
    };
  }
  /** Of the map that a file holds. @type {Settings | null} */ let file = null;
  /** Its cell with curves. @type {readonly number[] | null} */ let fileCell = null;
  const measureOf = (/** @type {Settings} */ one) => (one.show === "convergence" ? "convergence" : "learning");
  /** What maps must share to be drawn behind each other. @param {Settings} one */
  const kinOf = (one) => JSON.stringify([one.task, one.x.setting, one.y.setting, measureOf(one), one.runs, one.sweeps, one.seed, one.hidden, one.epsilon, one.alpha, one.start, one.update]);
  /** @param {Settings} one */
  const keyOf = (one) => JSON.stringify([kinOf(one), one.x, one.y, one.cells]);
  const mapSettings = () => current?.settings ?? asked();
  function shownNow() {
    const { x, y, cells, show } = asked();
    const lettered = state.get("level") === "maths";
    return { x: x.setting, y: y.setting, window: shownWindow(), cells, show, lettered, lines: lettered && x.setting === "epsilon" && y.setting === "alpha" };
  }

  // ---- where to look
  /** A cell is of its window; but those of a file stay what they are. */
  const stays = () => (kept ? state.get("cell") : "");
  /** @param {Window | null} to null: the whole map */
  function goTo(to) {
    const next = to ? writeWindow(bounded(to), asked().cells) : "";
    if (next === state.get("window")) return;
    trail.push(state.get("window"));
    state.set({ window: next, cell: stays() });
  }
  function goBack() {
    const before = trail.pop();
    if (before !== undefined) state.set({ window: before, cell: stays() });
  }

  // ---- drawing
  /** A map that was asked for. @typedef {{settings: Settings, key: string, kin: string, plan: Plan | null, sheets: Sheet[], summary: Summary | null}} Drawn */
  /** @type {Drawn | null} */ let current = null;
  /** @type {Drawn[]} */ let before = [];
  /** @type {(() => void) | null} */ let cancel = null;
  /** @type {(() => void) | null} */ let whenFree = null;
  let share = 0;
  /** Maps that take long and are wanted all the same, wherever they lie. @type {Set<string>} */ const agreed = new Set();
  const sizeOf = (/** @type {Settings} */ one) => kinOf(one) + one.cells;
  let watch = stopwatch();

  function agree() {
    agreed.add(sizeOf(asked()));
    void fetchMap();
  }

  /** Say what a long map costs, before anything learns. @param {Plan | null} plan */
  function askFirst(plan) {
    asking.hidden = !plan;
    if (!plan) return asking.replaceChildren();
    asking.replaceChildren(
      h("p", {}, h("strong", {}, `${counted(plan.networks)} networks would learn, for about ${duration(plan.seconds)}.`)),
      h("p", { class: "aside" }, "The map fills from coarse to fine and can be stopped. With fewer cells, runs or sweeps it is there sooner."),
      h("button", { type: "button", class: "strong", onclick: () => agree() }, "Draw it"),
    );
  }

  /** Lay out the map of the file that this page is. */
  async function openFile() {
    const { message, arrays } = await ask("api/map/kept", {});
    const told = /** @type {import("../shared/messages.js").MapFinished} */ (message);
    file = told.settings;
    fileCell = told.cell;
    const sheet = new Sheet(ownWindow(file), file.cells, measureOf(file));
    sheet.fill(/** @type {Float32Array} */ (arrays.values));
    current = { settings: file, key: keyOf(file), kin: kinOf(file), plan: told.plan, sheets: [sheet], summary: told.summary };
    command.textContent = told.plan.command;
    python.textContent = told.plan.python;
    if (measureOf(file) === "convergence") show.element.hidden = true;
    else for (const input of show.element.querySelectorAll("input")) /** @type {HTMLElement} */ (input.parentElement).hidden = input.value === "convergence";
    board.setAttribute("aria-busy", "false");
    showChoices();
    layMap();
    showCame();
    lookSoon();
  }

  async function fetchMap() {
    if (kept) {
      if (!file) return openFile().catch(trouble);
      layMap(true);
      return lookSoon();
    }
    const wanted = asked();
    const key = keyOf(wanted);
    problem.clear();
    if (!SETTINGS[wanted.x.setting] || wanted.x.setting === wanted.y.setting) {
      return trouble(new Refused("A map must vary two different settings.", "Choose another one for one of its sides."));
    }
    if (current && current.key !== key && current.sheets.length) before = [...before.filter((one) => one.key !== current?.key), current];
    while (before.length > 1 && before.reduce((sum, one) => sum + one.sheets.reduce((cells, sheet) => cells + sheet.level ** 2, 0), 0) > KEPT_CELLS) before.shift();
    const known = current?.key === key ? current : before.find((one) => one.key === key);
    before = before.filter((one) => one !== known);
    current = known ?? { settings: wanted, key, kin: kinOf(wanted), plan: null, sheets: [], summary: null };
    current.settings = wanted;
    const drawn = current;
    cancel?.();
    cell = null;
    askFirst(null);
    layMap();
    showCame();
    try {
      const plan = /** @type {Plan} */ (await (await post("api/map/plan", wanted, gone.signal)).json());
      if (drawn !== current || gone.signal.aborted) return;
      drawn.plan = plan;
      command.textContent = plan.command;
      python.textContent = plan.python;
      showCame();
      if (!drawn.summary && plan.seconds > LONG_S && !agreed.has(sizeOf(wanted))) {
        askFirst(plan);
        showJob();
        board.setAttribute("aria-busy", "false");
        came.textContent = "";
      } else if (drawn.summary) {
        board.setAttribute("aria-busy", "false");
        showCame();
        lookSoon();
      } else if (cancel) whenFree = () => begin(drawn);
      else begin(drawn);
    } catch (error) {
      if (drawn === current && !gone.signal.aborted) trouble(error);
    }
  }

  /** Let the drawing begin, or go on. @param {Drawn} drawn */
  function begin(drawn) {
    if (drawn !== current || gone.signal.aborted || !drawn.plan) return;
    drawn.sheets = [];
    const { window } = shownNow();
    const free = () => {
      cancel = null;
      const next = whenFree;
      whenFree = null;
      next?.();
      showJob();
      if (!next && drawn === current && !drawn.summary) came.textContent = "It was stopped: what was drawn so far is here to be looked at.";
    };
    share = 0;
    watch = stopwatch(drawn.plan.seconds);
    cancel = line.begin(
      { work: "draw map", settings: drawn.settings },
      {
        progress(report) {
          /** @type {import("../shared/messages.js").MapPart} */ const part = report.so_far;
          if (part.columns) {
            let sheet = drawn.sheets.find((one) => one.level === part.level);
            const isNew = !sheet;
            if (!sheet) drawn.sheets.push((sheet = new Sheet(window, part.level, measureOf(drawn.settings))));
            sheet.take(part);
            if (drawn === current) {
              share = report.done / report.total;
              if (isNew) {
                layMap(true);
                showLook();
              } else map.grown();
              board.setAttribute("aria-busy", "false");
            }
          }
          if (part.summary) drawn.summary = part.summary;
          if (drawn === current) {
            showJob();
            if (part.summary) {
              showCame();
              layTable();
              lookSoon();
            }
          }
        },
        done: free,
        refused(refusal) {
          free();
          if (drawn === current && !gone.signal.aborted) trouble(refusal);
        },
      },
    );
    showJob();
  }
  stops.push(() => cancel?.());
  stopIt.addEventListener("click", () => cancel?.());

  /** @param {boolean} [keep] the choice of the map */
  function layMap(keep = false) {
    if (!current) return;
    const kin = current.kin;
    const pointedBefore = keep ? pointed : null;
    map.lay(shownNow(), current.sheets, before.filter((one) => one.kin === kin && one.sheets.length && one.settings.x.setting === state.get("x")).flatMap((one) => one.sheets.slice(-2)));
    pointed = pointedBefore;
    map.choose(chosenPlace());
    map.markBest(current.summary?.best ? { level: current.settings.cells, column: current.summary.best.column, row: current.summary.best.row } : null);
    back.disabled = !trail.length;
    const seen = shownWindow();
    all.disabled = file ? JSON.stringify(seen) === JSON.stringify(ownWindow(file)) : state.get("window") === "";
    if (!keep) showLook();
  }

  function showJob() {
    const drawn = current;
    const isBusy = cancel !== null;
    bar.hidden = stopIt.hidden = !isBusy;
    bar.value = share;
    goOn.hidden = isBusy || !drawn?.plan || drawn.summary !== null || !asking.hidden;
    const level = drawn?.sheets.at(-1)?.level;
    status.textContent = isBusy ? (level ? `${level} × ${level} cells, ${watch(share)}` : "") : goOn.hidden || !asking.hidden ? "" : `stopped at ${percent(share)}`;
  }

  function showCame() {
    const drawn = current;
    const done = drawn?.summary;
    showJob();
    const plan = drawn?.plan;
    came.textContent = done ? inWords(drawn.settings, done).replace(/ %/g, "\u00a0%") : plan ? `${counted(plan.networks)} networks learn, for about ${duration(plan.seconds)}: the map gets finer as they do.` : "Networks are learning: the map gets finer as they do.";
    allOfIt.disabled = !done;
    if (drawn && done?.best) map.markBest({ level: drawn.settings.cells, column: done.best.column, row: done.best.row });
  }

  // ---- one cell
  /** @type {Place | null} */ let pointed = null;
  /** @type {import("./cell.js").Cell | null} */ let cell = null;
  /** @type {Place | null} */ let cellPlace = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ let resting;
  let asks = new AbortController();
  const sameCell = (/** @type {Place | null} */ a, /** @type {Place | null} */ b) => Boolean(a && b && a.level === b.level && a.column === b.column && a.row === b.row);

  /** @returns {Place | null} */
  function chosenPlace() {
    const [column, row] = String(state.get("cell")).split(",").map(Number);
    const level = mapSettings().cells;
    return state.get("cell") && column < level && row < level ? { level, column, row } : null;
  }
  /** The cell that is looked at: pointed at, chosen, or the best. */
  function lookedAt() {
    const best = current?.summary?.best;
    return pointed ?? chosenPlace() ?? (best ? { level: mapSettings().cells, column: best.column, row: best.row } : null);
  }

  function lookSoon() {
    showLook();
    clearTimeout(resting);
    resting = setTimeout(() => void fetchCell(), REST_MS);
  }

  function showLook() {
    const place = lookedAt();
    const sheet = place && current?.sheets.find((one) => one.level === place.level);
    const isKnown = sheet && place && place.column < sheet.filled;
    errorPart.hidden = !isKnown;
    map.look(isKnown ? place : null);
    if (!isKnown || !place) {
      cellFacts.replaceChildren(h("p", { class: "cell-none" }, current?.sheets.length ? "Point at the map." : "As soon as some networks have learned, point at the map: here stands what came of them."));
      return;
    }
    const shown = shownNow();
    const at = written(place, sheet, shown);
    const what = sheet.at(place.column, place.row);
    cellFacts.replaceChildren(facts(shown, what, at, mapSettings().runs, current?.plan ?? null));
    opens.inert = !sameCell(place, cellPlace); // still of the cell before
    if (opens.inert) curves.wait(kept && !isFileCell(place) ? "The file has the curves of the marked cell." : "", kept !== null);
    if (pointed && document.activeElement === map.hand) heard.textContent = said(shown, what, at);
  }

  /** A cell's two settings, as its numbers are written. @param {Place} place @param {Sheet} sheet @param {import("./map.js").Shown} shown */
  function written({ level, column, row }, { window }, shown) {
    const [wide, high] = [(window.x1 - window.x0) / level, (window.y1 - window.y0) / level];
    return { x: setting(shown.x, window.x0 + (column + 0.5) * wide, wide), y: setting(shown.y, window.y0 + (row + 0.5) * high, high) };
  }
  const isFileCell = (/** @type {Place} */ place) => Boolean(fileCell && fileCell[0] === place.column && fileCell[1] === place.row);
  /** The cell whose curves a file would carry. @returns {[number, number] | null} */
  function keptCell() {
    const best = current?.summary?.best;
    const place = chosenPlace() ?? best;
    return place ? [place.column, place.row] : null;
  }

  async function fetchCell() {
    const place = lookedAt();
    if (!place || !current?.plan) return;
    if (sameCell(place, cellPlace) && cell) return showCell();
    const sheet = current.sheets.find((one) => one.level === place.level);
    if (!sheet || place.column >= sheet.filled) return;
    asks.abort();
    asks = new AbortController();
    const { signal } = asks;
    if (kept && !isFileCell(place)) {
      cell = null;
      cellPlace = null;
      return showCell();
    }
    if (!cell) curves.wait("Its networks learn once more …", true);
    try {
      const answer = await ask("api/map/cell", kept ? { ...place } : { settings: current.settings, ...place }, signal);
      if (signal.aborted || gone.signal.aborted) return;
      cell = /** @type {any} */ (answer);
      cellPlace = place;
      showCell();
    } catch (error) {
      if (signal.aborted || gone.signal.aborted) return;
      if (!(error instanceof Refused) || error.status === LOST) return trouble(error);
      cell = null;
      curves.show(null);
      numbersPanel.hidden = true;
      opens.replaceChildren(h("p", { class: "aside" }, `${error.message} ${error.hint ?? ""}`));
    }
  }

  /** The state that opens the cell's network: of its runs the one in the middle. */
  function openingLink() {
    if (!cell || !PAGES.some(({ name }) => cell?.message.links[0].startsWith(`page=${name}&`))) return "";
    const at = cell.arrays.learned_at;
    const order = [...at.keys()].sort((a, b) => (at[a] || Infinity) - (at[b] || Infinity) || a - b);
    const learned = order.filter((row) => at[row]);
    const row = learned.length ? learned[learned.length >> 1] : order[0];
    return cell.message.links[row];
  }

  function showCell() {
    const sheet = cellPlace && current?.sheets.find((one) => one.level === cellPlace?.level);
    const came = cell && sheet && cellPlace ? sheet.at(cellPlace.column, cellPlace.row) : null;
    if (!cell || !came || !sheet || !cellPlace) {
      numbersPanel.hidden = true;
      opens.replaceChildren();
      if (!kept) curves.show(null);
      else curves.wait("The file has the curves of the marked cell.", true);
      return;
    }
    opens.inert = false;
    const shown = shownNow();
    curves.show(cell, shown.show === "convergence" ? came.convergence < 0 : undefined);
    const { message } = cell;
    const runs = mapSettings().runs;
    numbersPanel.hidden = !shown.lettered;
    const equations = shown.lettered && mathematics.now?.equations;
    if (equations) numbers.replaceChildren(equations({ message, shown, came, at: written(cellPlace, sheet, shown), runs, intervals: current?.plan?.intervals ?? [] }, hint));
    const link = openingLink();
    const random = mapSettings().task.startsWith("trainability");
    opens.replaceChildren(
      h(
        "p",
        { class: "cell-buttons" },
        link && !kept ? h("a", { class: "strong", href: `#${link}` }, "Open this network") : "",
        copier("Copy command", message.command, "The same settings, with the first starts of all"),
        copier("Copy Python", message.python, "These very runs"),
      ),
      message.links[0] ? runLinks(cell, mapSettings().sweeps, !kept) : h("p", { class: "aside" }, random ? "Its random cases have no page of their own: the line above is all of it." : "Networks with these settings have no page of their own."),
    );
  }

  // ---- trouble
  /** @param {unknown} error */
  function trouble(error) {
    problem.tell(error);
    board.setAttribute("aria-busy", "false");
    came.textContent = "";
  }

  // ---- the state
  function showChoices() {
    const { title, text } = showSettings();
    show.show(state.get("show"));
    storyTitle.textContent = title;
    root.dataset.level = state.get("level");
    storyText.replaceChildren(...worded(text[/** @type {import("../shared/levels.js").Level} */ (state.get("level"))]));
  }

  stops.push(
    state.subscribe((changed) => {
      if (gone.signal.aborted || state.get("page") !== "ensembles") return;
      showChoices();
      if (MADE_OF.some((name) => name !== "window" && name !== "show" && changed.has(name))) trail.length = 0;
      if (MADE_OF.some((name) => changed.has(name))) void fetchMap();
      else if (changed.has("level")) {
        layMap(true);
        showLook();
        showCell();
      }
      if (changed.has("cell")) {
        map.choose(chosenPlace());
        lookSoon();
      }
    }),
    onTheme(() => map.refresh()),
    () => clearTimeout(resting),
  );
  showChoices();
  curves.show(null);
  void fetchMap();
  set(root, { "data-page": "ensembles" });
  return () => stops.forEach((stop) => stop());
}
