/** The training curve: one small network learning, forward and backward in time. */

import { calm, h, later, renew, set } from "../shared/dom.js";
import { among, stepper, toggles } from "../shared/controls.js";
import { curveLegend, errorCurve } from "../shared/error_curve.js";
import { hideNamed, panel } from "../shared/panel.js";
import { links, partOf } from "../shared/links.js";
import { networkPanel, VIEWS } from "../shared/network_panel.js";
import { onDemand } from "../shared/on_demand.js";
import { explained } from "../shared/levels.js";
import { legend, networkDiagram } from "../shared/network_diagram.js";
import { Painter, plane } from "../shared/plane.js";
import { keptState, saveHtml, takers } from "../shared/export.js";
import { ask, kept } from "../shared/server.js";
import { State, choice, number, quiet, sweepUpTo, whole, words } from "../shared/state.js";
import { timeline } from "../shared/timeline.js";
import { transport } from "../shared/transport.js";
import { troubleBox } from "../shared/trouble.js";
import { worded } from "../shared/glossary.js";
import { Run } from "../shared/run.js";
import { chapter, told as toldAt } from "./story.js";
import { TEXTS } from "./texts.js";
import { factTable, named, refill, said } from "../shared/part_numbers.js";
import { truthTable } from "./truth_table.js";
import { PATTERN, read, written } from "./edits.js";

/** @typedef {import("../shared/network_diagram.js").Part} Part */
/** @typedef {import("../shared/messages.js").CurveSettings} Settings */

const LAST = 600;
const LAST_RUN = 2 ** 32 - 2001;
const TASKS = ["xor", "and", "or", "nand", "xnor", "parity:3"];
const SETTINGS = ["task", "hidden", "epsilon", "alpha", "start", "update", "seed", "run"];
const OTHER_WEIGHTS = ["hidden", "start", "seed", "run"]; // what a start is drawn from
const EPSILONS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 10, 20, 50, 100];
const ALPHAS = [0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99];
const STARTS = [0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1, 1.5, 2, 3, 5, 10, 20];
const REST_MS = 1500; // before a run plays by itself: time to read how it begins

const schema = {
  task: choice("xor", TASKS),
  hidden: whole(2, 0, 8),
  epsilon: number(0.5, 0, 100),
  alpha: number(0.9, 0, 0.999999),
  start: number(0.5, 0, 20),
  update: choice("sweep", ["sweep", "case"]),
  seed: whole(1, 0, Number.MAX_SAFE_INTEGER),
  run: whole(0, 0, LAST_RUN),
  sweep: sweepUpTo(LAST),
  case: words("10", /^([01]{2,3}|all)$/),
  view: choice("both", VIEWS),
  part: quiet(words("", /^((unit|arc):\d+)?$/)),
  over: words("output", /^(output|[0-7])$/),
  edit: words("", PATTERN),
  keep: words("", /^[\w:.,/-]{0,1500}$/), // what it holds the server looks at
};

/** @type {import("../shared/page.js").Page} */
export const page = {
  schema,
  texts: TEXTS,
  mount,
};

/** @param {HTMLElement} root @param {import("../shared/page.js").Lab} lab */
function mount(root, { state, line, onTheme }) {
  const isFresh = !State.named().has("sweep");
  const gone = new AbortController();
  /** @type {(() => void)[]} */ const stops = [() => gone.abort()];
  /** @type {Run | null} */ let run = null;
  let crowd = /** @type {import("./others.js").Crowd | null} */ (null);
  /** @type {Part | null} */ let pointed = null;
  const explain = (/** @type {string} */ name) => {
    const { element, stop } = explained(state, TEXTS[name]);
    stops.push(stop);
    return element;
  };

  // ---- the settings
  /** Take a setting; what was set by hand goes where the weights are others. @param {Record<string, any>} patch */
  function take(patch) {
    const bits = patch.task === "parity:3" ? 3 : 2;
    const isWider = "task" in patch && (bits === 3) !== (state.get("task") === "parity:3");
    const isOther = isWider || OTHER_WEIGHTS.some((key) => key in patch);
    state.set({ ...(isWider && state.get("case") !== "all" && { case: bits === 3 ? "100" : "10" }), ...(isOther && { edit: "" }), ...patch });
  }
  const choose = (/** @type {string} */ key) => (/** @type {any} */ value) => take({ [key]: value });
  const field = (/** @type {string} */ key, /** @type {string} */ label, /** @type {{high: number, next?: ReturnType<typeof among>, whole?: boolean, wide: number}} */ options) => stepper({ label, value: state.get(key), low: 0, choose: choose(key), ...options });
  const controls = {
    task: toggles({
      label: "Task",
      labelled: true,
      choices: TASKS.map((task) => ({ value: task, text: task === "parity:3" ? "Parity of 3" : task.toUpperCase() })),
      value: state.get("task"),
      choose: choose("task"),
    }),
    hidden: field("hidden", "Hidden units", { high: 8, whole: true, wide: 1 }),
    epsilon: field("epsilon", "Epsilon, ε", { high: 100, next: among(EPSILONS), wide: 4 }),
    alpha: field("alpha", "Alpha, α", { high: 0.999999, next: among(ALPHAS), wide: 4 }),
    start: field("start", "Start range, ±", { high: 20, next: among(STARTS), wide: 3 }),
    update: toggles({ label: "Weights change after each", labelled: true, choices: ["sweep", "case"].map((value) => ({ value, text: value })), value: state.get("update"), choose: choose("update") }),
    seed: field("seed", "Seed", { high: Number.MAX_SAFE_INTEGER, whole: true, wide: 4 }),
    run: field("run", "Start number", { high: LAST_RUN, whole: true, wide: 4 }),
  };
  const settings = h(
    "section",
    { class: "settings", "aria-label": "Settings" },
    controls.task.element,
    controls.hidden.element,
    h(
      "details",
      { class: "more" },
      h("summary", {}, "Rule"),
      h("div", { class: "drawer" }, controls.epsilon.element, controls.alpha.element, controls.start.element, controls.update.element, controls.seed.element, controls.run.element),
    ),
    h("button", { type: "button", class: "strong", onclick: () => take({ run: (state.get("run") + 1) % LAST_RUN }) }, "Another start"),
  );
  const drawer = /** @type {HTMLDetailsElement} */ (settings.querySelector("details"));
  const roomy = matchMedia("(min-width: 1400px)");
  const openDrawer = () => (drawer.open = roomy.matches);
  openDrawer();
  roomy.addEventListener("change", openDrawer, { signal: gone.signal });

  // ---- what is told
  const story = h("section", { class: "story", "aria-label": "What happens now", "aria-live": "polite" });
  const storyTitle = h("h1", {});
  const storyText = h("p", { class: "lead" });
  story.append(storyTitle, storyText);
  const problem = troubleBox(gone.signal, () => fetchAll());
  const trouble = problem.tell;
  let tale = "";
  let toldText = "";

  // ---- the drawings
  const netPanel = networkPanel({ cls: "net", title: "The network", state, text: explain("network"), legend });
  const net = networkDiagram(netPanel.frame, {
    point(part) {
      pointed = part;
      showNumbers();
    },
    choose: (part) => state.set({ part: state.get("part") === `${part.kind}:${part.index}` ? "" : `${part.kind}:${part.index}` }),
    say: (part) => (run ? said(place(part)) : ""),
  });
  const told = h("div", { class: "told" });
  /** @type {ReturnType<typeof import("./by_hand.js").byHand> | null} */ let hand = null;
  netPanel.numbers.append(told);
  const truthFrame = h("div", {});
  const truth = truthTable(truthFrame, { choose: choose("case") });
  const truthPanel = panel("truth", "Its answers", explain("truth"), truthFrame);

  const planeFrame = h("div", { class: "frame plane-frame" });
  const bigPlane = plane(planeFrame, { choose: (k) => run && state.set({ case: cornerCases()[k] }) });
  const small = h("div", { class: "small-planes", role: "group", "aria-label": "Whose answer" });
  const slice = h("p", { class: "slice" });
  const planePanel = panel("planes", "The plane", explain("plane"), planeFrame, slice, small);

  const curveFrame = h("div", { class: "frame" });
  const curve = errorCurve(curveFrame, { move: (sweep) => state.set({ sweep }), last: LAST, title: "The mean squared error by sweep" });
  const curveKey = h("div", {});
  const pinPlace = h("div", { class: "kept" });
  /** @type {ReturnType<typeof import("./pins.js").pins> | null} */ let pinned = null;
  const curvePanel = panel("error", "The error", explain("curve"), curveFrame, curveKey, pinPlace);

  const dotsFrame = h("div", { class: "frame" });
  const crowdSaid = h("p", { class: "summary" });
  const looks = h("div", { class: "looks" });
  /** @type {ReturnType<typeof import("./others.js").otherStarts> | null} */ let cloud = null;
  const cloudOptions = {
    choose: kept ? null : choose("run"),
    peek(/** @type {number | null} */ row) {
      if (row === null || !crowd || !run) return curve.peek(null);
      const { recorded } = crowd.message;
      const half = run.nCases / 2;
      curve.peek([recorded, crowd.arrays.error.subarray(row * recorded.length, (row + 1) * recorded.length).map((E) => E / half)]);
    },
  };
  const more = h("div", { class: "job" });
  /** @type {ReturnType<typeof import("./more.js").veryMany> | null} */ let many = null;
  const othersPanel = panel("others", "A thousand other starts", explain("others"), crowdSaid, dotsFrame, h("div", { class: "foot" }, looks, more));

  const code = h("pre", { tabindex: 0, "aria-label": "The same run from Python" });
  const codePanel = h("details", { class: "code" }, h("summary", {}, "The same run from Python"), code);

  const taken = takers({ network: net.svg, curve: curve.svg }, "", trouble, !kept && (() => saveHtml("api/curve/file", { settings: askedRun(), beside: pinned?.asked() ?? null, state: keptState(state) }, "training-curve")));

  /** @type {Float32Array | null} */ let pace = null;
  const zones = h("div", { class: "zones", "aria-hidden": "true" });
  const time = transport({ state, move: (sweep) => state.set({ sweep }), pace: (sweep) => pace?.[sweep] ?? 55, above: zones });
  time.span({ last: LAST });
  const next = h("div", { class: "next", role: "status", hidden: true });
  const bar = h("div", { class: "bar" }, next, time.element);
  stops.push(time.stop, net.stop, curve.stop, bigPlane.stop, () => cloud?.stop(), () => many?.stop());
  const board = h("div", { class: "board of-curve", "aria-busy": "true" }, netPanel.element, curvePanel, truthPanel, planePanel, othersPanel);
  if (kept) more.hidden = looks.hidden = true;
  const times = timeline(state);
  root.append(settings, problem.element, story, board, taken, codePanel, times, bar);
  stops.push(hideNamed(state, { settings, story, network: netPanel.element, truth: truthPanel, plane: planePanel, curve: curvePanel, others: othersPanel, export: taken, code: codePanel, timeline: times }));
  const linked = links(root, { choose: (key) => chooseNumber(key) });
  stops.push(linked.stop);

  // ---- what is looked at
  /** The chosen case as a number, or null for all of them. */
  function chosenCase() {
    if (!run || state.get("case") === "all") return null;
    const at = run.message.case_names.indexOf(state.get("case"));
    return at < 0 ? run.nCases >> 1 : at;
  }

  /** @param {Part} part */
  function place(part) {
    return { run: /** @type {Run} */ (run), sweep: state.get("sweep"), k: chosenCase(), part, parts: net.parts };
  }

  /** Look at what a number stands at. @param {string} key */
  function chooseNumber(key) {
    const part = partOf(key);
    if (net.parts.some((one) => `${one.kind}:${one.index}` === part)) state.set({ part });
  }

  /** The part whose numbers are shown: pointed at, chosen, or the output. */
  function lookedAt() {
    const key = state.get("part");
    return pointed ?? net.parts.find((part) => `${part.kind}:${part.index}` === key) ?? net.parts.find((part) => part.kind === "unit" && part.index === (run ? run.nInputs + run.nUnits - 1 : 0));
  }

  /** The value of the third input that the plane is cut at: a slice, and its cases. */
  function cut() {
    const at = /** @type {Run} */ (run);
    const k = chosenCase();
    return at.nSlices === 1 ? 0 : k === null ? 0 : at.message.inputs[k][2];
  }

  function cornerCases() {
    const at = /** @type {Run} */ (run);
    return at.message.case_names.filter((_, k) => at.nSlices === 1 || at.message.inputs[k][2] === cut());
  }

  /** The unit above the inputs whose plane is shown. */
  function over() {
    const at = /** @type {Run} */ (run);
    const wanted = state.get("over");
    return wanted === "output" || Number(wanted) >= at.nHidden ? at.nUnits - 1 : Number(wanted);
  }

  // ---- showing
  function showNetwork() {
    if (!run) return;
    const sweep = state.get("sweep");
    const k = chosenCase();
    const at = run;
    const cases = k === null ? at.message.inputs.map((_, c) => c) : [k];
    net.show({
      view: state.get("view"),
      y: Array.from({ length: at.nInputs + at.nUnits }, (_, unit) => cases.map((c) => at.activity(sweep, c, unit))),
      dE_dx: Array.from({ length: at.nUnits }, (_, unit) => at.blame(sweep, k, unit)),
      weights: at.weights(sweep),
      dE_dw: at.gradient(sweep, k),
      weightScale: at.weightScale,
      blameScale: k === null ? at.summedScale : at.blameScale,
      gradientScale: k === null ? at.summedScale : at.gradientScale,
      desired: k === null ? null : at.message.desired[k][0],
    });
  }

  let laid = "";
  function showNumbers() {
    const part = run && lookedAt();
    if (!run || !part) return;
    const where = place(part);
    const { k, sweep } = where;
    const level = state.get("level");
    const key = [part.kind, part.index, k === null, level === "glance", run.nInputs, run.nUnits].join();
    if (key !== laid) {
      laid = key;
      told.replaceChildren(h("h3", {}, named(run, part), h("span", { class: "aside" })), factTable(where, level !== "glance"), h("div", {}));
    }
    const [title, table] = told.children;
    /** @type {Element} */ (title.lastElementChild).textContent = `${k === null ? ", all cases" : `, case ${run.message.case_names[k]}`} after sweep ${sweep}`;
    refill(table, where);
    showHand();
    showEquations();
  }

  // Equations are many small parts: they follow at the next frame.
  const showEquations = later(() => {
    const part = run && lookedAt();
    if (!run || !part || !told.lastElementChild) return;
    const where = place(part);
    const maths = state.get("level") === "maths" && mathematics.now?.equations(where);
    renew(told.lastElementChild, ...(maths ? [maths] : []));
    linked.refresh();
  });
  const mathematics = onDemand(() => import("../shared/part_equations.js"), () => showEquations());

  async function fetchHand() {
    const { byHand } = await import("./by_hand.js");
    if (!hand) {
      hand = byHand({ set: (edit) => state.set({ edit }), go: (sweep) => state.set({ sweep }), hold: () => time.pause(), last: LAST });
      netPanel.numbers.append(hand.place, hand.below);
    }
    hand.list(read(state.get("edit")), setting);
    showHand();
  }

  /** The field for the chosen weight, and what was set. */
  function showHand() {
    if (!run || !hand) return;
    const at = run;
    const part = net.parts.find((one) => one.kind === "arc" && `arc:${one.index}` === state.get("part"));
    const sweep = state.get("sweep");
    hand.show(part ? { label: named(at, part), parameter: part.index, value: at.weights(sweep)[part.index] } : null, sweep);
  }

  /** What was set by hand, in words: without the sweep. @param {import("../shared/messages.js").WeightSet} one */
  function setting({ parameter, value }) {
    const part = net.parts.find((one) => one.kind === "arc" && one.index === parameter);
    return `${run && part ? named(run, part) : `weight ${parameter}`} set to ${String(value).replace("-", "\u2212")}`;
  }

  const marked = () => read(state.get("edit")).map((one) => ({ at: one.sweep, said: `At sweep ${one.sweep} ${setting(one)}` }));

  /** @type {Painter[]} */ let painters = [];
  function layPlanes() {
    const at = /** @type {Run} */ (run);
    painters = [];
    const units = at.nHidden ? [...Array(at.nHidden).keys(), at.nHidden] : [];
    small.replaceChildren(
      ...units.map((unit) => {
        const canvas = h("canvas", { "aria-hidden": "true" });
        painters.push(new Painter(canvas));
        const value = unit === at.nHidden ? "output" : String(unit);
        return h("button", { type: "button", class: "small-plane", "data-over": value, onclick: () => state.set({ over: value }) }, canvas, h("span", {}, unit === at.nHidden ? "Out" : `H${unit + 1}`, h("span", { class: "unseen" }, ": show on the plane")));
      }),
    );
  }

  function showPlane() {
    if (!run) return;
    const at = run;
    const sweep = state.get("sweep");
    const cutAt = cut();
    const shown = over();
    const w = at.weights(sweep);
    const first = at.message.blocks[0];
    const third = (/** @type {number} */ unit) => (at.nInputs === 3 ? w[first.start + unit * 3 + 2] * cutAt : 0);
    const lines = Array.from({ length: at.nHidden || 1 }, (_, unit) => ({
      name: at.nHidden ? `H${unit + 1}` : "",
      weights: [w[first.start + unit * at.nInputs], w[first.start + unit * at.nInputs + 1], w[at.bias(unit)] + third(unit)],
      chosen: unit === shown,
    }));
    const k = chosenCase();
    const corners = cornerCases().map((name) => {
      const c = at.message.case_names.indexOf(name);
      return { at: /** @type {[number, number]} */ (at.message.inputs[c].slice(0, 2)), desired: at.message.desired[c][0], name, chosen: c === k };
    });
    const who = at.label(at.nInputs + shown);
    const divided = bigPlane.show(at.sheet(sweep, cutAt, shown), lines, corners, `${who} over the unit square after sweep ${sweep}`);
    painters.forEach((painter, unit) => painter.paint(at.sheet(sweep, cutAt, unit)));
    const said = [
      at.nSlices > 1 && `Cut where the third input is ${cutAt}${k === null ? "" : ", as in the chosen case"}.`,
      !divided && `No border within the square: ${who} gives every corner the same verdict.`,
    ];
    slice.textContent = said.filter(Boolean).join(" ");
  }

  function showStory() {
    if (!run) return;
    const sweep = state.get("sweep");
    const name = chapter(run, sweep);
    const key = `${name} ${state.get("level")}`;
    if (key === tale) return;
    tale = key;
    showPace();
    const { title, text } = toldAt(run, sweep, state.get("level"));
    if (text === toldText) return; // what is written anew is read out anew
    toldText = text;
    story.dataset.chapter = name;
    storyTitle.textContent = title;
    storyText.replaceChildren(...worded(text));
  }

  function showPace() {
    if (run) pace = pacing.now?.paces(run, state.get("level")) ?? null;
  }
  const pacing = onDemand(() => import("./paces.js"), showPace);

  /** At the end: what to try next. */
  function showNext() {
    if (!run || kept) return;
    next.hidden = state.get("sweep") !== LAST;
    if (next.hidden || !ideas.now || next.dataset.of === JSON.stringify(askedRun())) return;
    next.dataset.of = JSON.stringify(askedRun());
    next.replaceChildren(
      h("span", {}, "That was all of it. Try next:"),
      ...ideas.now.nextOnes(run.message).map(({ text, patch }) =>
        h("button", { type: "button", class: "plain", onclick: () => { watching = !calm(); take({ ...patch, sweep: 0 }); } }, text),
      ),
    );
  }

  const ideas = onDemand(() => import("./next.js"), () => showNext());

  function showMoment() {
    if (!run) return;
    const sweep = state.get("sweep");
    time.display(sweep);
    for (const { dataset, classList } of /** @type {Iterable<HTMLElement>} */ (/** @type {unknown} */ (zones.children))) classList.toggle("here", sweep >= Number(dataset.from) && sweep <= Number(dataset.to));
    showNetwork();
    truth.show(run, sweep, chosenCase() === null ? "all" : run.message.case_names[chosenCase() ?? 0]);
    showPlane();
    curve.show(sweep);
    showStory();
    showNumbers();
    showNext();
  }

  function showChoices() {
    for (const [name, control] of Object.entries(controls)) /** @type {{show: (value: any) => void}} */ (control).show(state.get(name));
    netPanel.show();
    net.mark(state.get("part"));
    if (!run) return;
    const shown = over();
    for (const button of small.children) button.setAttribute("aria-pressed", String(/** @type {HTMLElement} */ (button).dataset.over === (shown === run.nUnits - 1 ? "output" : String(shown))));
  }

  function layCrowd() {
    if (!crowd || !run || !cloud) return;
    const { levels, first } = crowd.message;
    const half = run.nCases / 2;
    const n = LAST + 1;
    const { quantiles } = crowd.arrays;
    const rows = levels.map((_, k) => quantiles.subarray(k * n, (k + 1) * n).map((E) => E / half));
    curve.layFan({ levels: [...levels], rows });
    cloud.lay(crowd, state.get("run") - first);
    const untouched = state.get("edit") === "" ? "" : "As drawn, without what you set by hand: ";
    crowdSaid.textContent = untouched + cloud.summary(crowd, run.message);
    looks.replaceChildren(
      h("span", {}, "Look at "),
      ...cloud.worthALook(crowd).map(({ name, run: number }) => h("button", { type: "button", class: "plain", onclick: () => take({ run: number }) }, name)),
    );
  }

  // ---- fetching
  const asked = () => /** @type {Settings} */ (Object.fromEntries(SETTINGS.map((name) => [name, state.get(name)])));
  const askedRun = () => ({ ...asked(), by_hand: read(state.get("edit")) });
  let watching = false; // whether the run that is fetched plays by itself
  let fetching = new AbortController();
  stops.push(() => fetching.abort());
  let crowdKey = "";

  async function fetchAll() {
    fetching.abort();
    fetching = new AbortController();
    const { signal } = fetching;
    const wanted = asked();
    many?.of(wanted);
    board.setAttribute("aria-busy", "true");
    othersPanel.setAttribute("aria-busy", "true");
    try {
      const answer = await ask("api/curve", askedRun(), signal);
      if (signal.aborted) return;
      problem.clear();
      const thousand = askCrowd(wanted, signal); // they learn while the run is drawn
      run = new Run(/** @type {any} */ (answer));
      const { message } = run;
      const at = run;
      truth.lay(run);
      layPlanes();
      net.lay({ layers: message.layers, blocks: message.blocks, label: (layer, unit) => at.label(unit + (layer === "input" ? 0 : layer === "output" ? at.nInputs + at.nHidden : at.nInputs)) });
      const { untouched = null } = run.arrays;
      const half = run.nCases / 2;
      curve.lay({ error: run.meanError, marks: message.marks, ceiling: 0.3, untouched: untouched && Array.from(untouched, (E) => E / half), marked: marked() });
      curveKey.replaceChildren(curveLegend(untouched !== null));
      time.lay(run.meanError, [message.marks.plateau, message.marks.drop], marked());
      zones.replaceChildren(
        ...Object.entries(message.marks).flatMap(([name, zone]) => {
          if (!zone) return [];
          const said = h("span", { "data-from": zone[0], "data-to": zone[1] }, name);
          said.style.left = `${(100 * zone[0]) / LAST}%`;
          said.style.width = `${(100 * (zone[1] - zone[0])) / LAST}%`;
          return [said];
        }),
      );
      code.textContent = message.python;
      laid = tale = "";
      showChoices();
      showMoment();
      if (state.get("level") === "maths") await mathematics.ready();
      if (signal.aborted) return;
      board.setAttribute("aria-busy", "false");
      board.classList.add("laid");
      if (watching) time.begin(REST_MS);
      watching = false;
      await Promise.all([!kept && fetchHand(), fetchPins(), showCrowd(wanted, thousand, signal)]);
    } catch (error) {
      if (signal.aborted) return;
      board.setAttribute("aria-busy", String(!run));
      othersPanel.setAttribute("aria-busy", "false");
      trouble(error);
    }
  }

  let pinsKey = "";

  async function fetchPins() {
    const { pins } = await import("./pins.js");
    pinned ??= pins(pinPlace, {
      change: (keep) => state.set({ keep }),
      open: ({ by_hand = [], ...settings }) => state.set({ ...settings, edit: written(by_hand) }),
      present: () => askedRun(),
      fixed: kept !== null,
    });
    pinned.show(state.get("keep"));
    const runs = pinned.asked();
    const key = state.get("keep");
    if (key === pinsKey) return;
    pinsKey = key;
    if (!runs) return curve.keep([]);
    try {
      const { arrays } = await ask("api/curve/errors", runs, gone.signal);
      const n = LAST + 1;
      if (key === pinsKey) curve.keep(runs.runs.map((_, k) => /** @type {Float32Array} */ (arrays.mean_squared).subarray(k * n, (k + 1) * n)));
    } catch (error) {
      if (gone.signal.aborted) return;
      pinsKey = "";
      curve.keep([]);
      trouble(error);
    }
  }

  const keyOf = (/** @type {Settings} */ wanted) => JSON.stringify({ ...wanted, run: Math.floor((wanted.run ?? 0) / 1000) });

  /** Ask for the thousand, unless they are here. @param {Settings} wanted @param {AbortSignal} signal */
  function askCrowd(wanted, signal) {
    const coming = crowd && keyOf(wanted) === crowdKey ? null : ask("api/curve/others", wanted, signal);
    coming?.catch(() => {}); // told by whoever waits for it
    return coming;
  }

  /** @param {Settings} wanted @param {ReturnType<typeof askCrowd>} coming @param {AbortSignal} signal */
  async function showCrowd(wanted, coming, signal) {
    if (crowd && !coming) {
      // The same thousand: only this start's place among them is another.
      const own = crowd.arrays.learned_at[(wanted.run ?? 0) - crowd.message.first];
      crowd.message = { ...crowd.message, faster: crowd.arrays.learned_at.filter((at) => at > 0 && at < (own || LAST + 1)).length };
    } else {
      crowd = /** @type {any} */ (await coming);
      crowdKey = keyOf(wanted);
    }
    const { otherStarts } = await import("./others.js");
    const { veryMany } = await import("./more.js");
    if (signal.aborted) return;
    cloud ??= otherStarts(dotsFrame, cloudOptions);
    many ??= veryMany(more, { line, trouble });
    many.of(asked());
    layCrowd();
    othersPanel.setAttribute("aria-busy", "false");
  }

  // ---- the state
  stops.push(
    state.subscribe((changed) => {
      if ([...SETTINGS, "edit"].some((name) => changed.has(name))) {
        showChoices();
        void fetchAll();
      } else if (changed.size === 1 && changed.has("sweep")) showMoment();
      else {
        void fetchPins();
        showChoices();
        showMoment();
      }
    }),
    onTheme(() => {
      bigPlane.refresh();
      for (const painter of painters) painter.refresh();
      showPlane();
      cloud?.refresh();
    }),
  );
  showChoices();
  watching = isFresh && !calm();
  void fetchAll();
  set(root, { "data-page": "curve" });

  return () => stops.forEach((stop) => stop());
}
