/** Symmetry: two hidden units that become a mirror detector. */

import { calm, h, set } from "../shared/dom.js";
import { among, stepper, toggles } from "../shared/controls.js";
import { counted, fixed } from "../shared/format.js";
import { equations, factTable, named, said } from "../shared/part_numbers.js";
import { explained } from "../shared/levels.js";
import { legend, networkDiagram } from "../shared/network_diagram.js";
import { saveHtml, savePng, saveSvg } from "../shared/export.js";
import { Refused, ask, kept, untilBack } from "../shared/server.js";
import { State, choice, number, quiet, whole, words } from "../shared/state.js";
import { timeline } from "../shared/timeline.js";
import { transport } from "../shared/transport.js";
import { worded } from "../shared/glossary.js";
import { Run } from "./run.js";
import { CHAPTERS, chapter } from "./story.js";
import { TEXTS } from "./texts.js";
import { grid, gridLegend, isSymmetric } from "./grid.js";
import { histogram, summary, worthALook } from "./histogram.js";
import { mirrors, mirrorsLegend, verdict } from "./mirrors.js";

/** @typedef {import("../shared/network_diagram.js").Part} Part */
/** @typedef {import("../shared/levels.js").Level} Level */
/** @typedef {import("../shared/messages.js").SymmetrySettings} Settings */
/** @typedef {import("../shared/messages.js").SymmetryTally} Tally */

const SETTINGS = ["epsilon", "alpha", "start", "seed", "run"];
const VIEWS = ["both", "forward", "backward"];
const EPSILONS = [0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2, 5, 10];
const ALPHAS = [0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99];
const STARTS = [0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1, 1.5, 2, 3, 5, 10, 20];
const MOST_RUN = 2 ** 32 - 20_001;
const FIRST_SEEN = 272; // learns in about as many sweeps as the letter’s run did
const LIMIT = 20_000;
const PUBLISHED = 1425;
const SOME = 1000; // others that learn along with this one
const MANY = 10_000;

const schema = {
  epsilon: number(0.1, 0, 10),
  alpha: number(0.9, 0, 0.999999),
  start: number(0.3, 0, 20),
  seed: whole(1, 0, Number.MAX_SAFE_INTEGER),
  run: whole(FIRST_SEEN, 0, MOST_RUN),
  sweep: quiet(whole(0, 0, LIMIT)),
  case: words("011110", /^[01]{6}$/),
  view: choice("forward", VIEWS),
  part: quiet(words("", /^((unit|arc):\d+)?$/)),
};

/** @type {import("../shared/page.js").Page} */
export const page = { schema, texts: TEXTS, mount };

/** @param {string} cls @param {string} title @param {...any} children */
const panel = (cls, title, ...children) => h("section", { class: `panel ${cls}`, "aria-label": title }, h("h2", {}, title), ...children);

/** @param {HTMLElement} root @param {import("../shared/page.js").Lab} lab */
function mount(root, { state, line, onTheme }) {
  const isFresh = !State.named().has("sweep");
  const gone = new AbortController();
  /** @type {(() => void)[]} */ const stops = [() => gone.abort()];
  /** @type {Run | null} */ let run = null;
  /** @type {Part | null} */ let pointed = null;
  const explain = (/** @type {string} */ name) => {
    const { element, stop } = explained(state, TEXTS[name]);
    stops.push(stop);
    return element;
  };
  const choose = (/** @type {string} */ key) => (/** @type {any} */ value) => state.set({ [key]: value });

  // ---- the settings ------------------------------------------------------------------
  const controls = {
    epsilon: stepper({ label: "Epsilon, ε", value: state.get("epsilon"), low: 0, high: 10, next: among(EPSILONS), wide: 4, choose: choose("epsilon") }),
    alpha: stepper({ label: "Alpha, α", value: state.get("alpha"), low: 0, high: 0.999999, next: among(ALPHAS), wide: 4, choose: choose("alpha") }),
    start: stepper({ label: "Start range, ±", value: state.get("start"), low: 0, high: 20, next: among(STARTS), wide: 3, choose: choose("start") }),
    seed: stepper({ label: "Seed", value: state.get("seed"), low: 0, high: Number.MAX_SAFE_INTEGER, whole: true, wide: 4, choose: choose("seed") }),
    run: stepper({ label: "Start number", value: state.get("run"), low: 0, high: MOST_RUN, whole: true, wide: 4, choose: choose("run") }),
  };
  const settings = h(
    "section",
    { class: "settings", "aria-label": "Settings" },
    ...Object.values(controls).map((control) => control.element),
    h("button", { type: "button", class: "strong", onclick: () => state.set({ run: (state.get("run") + 1) % MOST_RUN }) }, "Another start"),
  );

  // ---- what is told ------------------------------------------------------------------
  const storyTitle = h("h1", {});
  const storyText = h("p", { class: "lead" });
  const story = h("section", { class: "story", "aria-label": "What happens now", "aria-live": "polite" }, storyTitle, storyText);
  const problem = h("div", { class: "trouble", role: "alert", hidden: true });
  let told = "";

  // ---- the network -------------------------------------------------------------------
  const netFrame = h("div", { class: "frame" });
  const net = networkDiagram(netFrame, {
    point(part) {
      pointed = part;
      showNumbers();
    },
    choose: (part) => state.set({ part: state.get("part") === `${part.kind}:${part.index}` ? "" : `${part.kind}:${part.index}` }),
    say: (part) => (run ? said(place(part)) : ""),
  });
  const view = toggles({
    label: "Show",
    choices: [
      { value: "forward", text: "Forward", title: "Activity, flowing up" },
      { value: "both", text: "Both" },
      { value: "backward", text: "Backward", title: "Blame, flowing back" },
    ],
    value: state.get("view"),
    choose: choose("view"),
  });
  const legendPlace = h("div", {});
  const numbers = h("div", { class: "numbers" });
  const netPanel = panel("net of-symmetry", "The network", view.element, explain("network"), netFrame, legendPlace, numbers);

  // ---- the grid, and the row that is chosen -------------------------------------------
  const bits = Array.from({ length: 6 }, (_, k) => h("button", { type: "button", class: "flip", onclick: () => flip(k) }));
  const answer = h("p", { class: "answer" });
  const chosenRow = h("div", { class: "flips", role: "group", "aria-label": "The chosen row: press a bit to flip it" }, ...bits.slice(0, 3), h("span", { class: "flip-middle", "aria-hidden": "true" }), ...bits.slice(3));
  const gridFrame = h("div", { class: "frame" });
  const gridSaid = h("p", { class: "summary grid-said" });
  const pointedCell = h("p", { class: "pointed" });
  const cells = grid(gridFrame, {
    choose: choose("case"),
    point(name) {
      pointedCell.textContent = run && name ? `${name}: ${fixed(run.output(row(), run.message.case_names.indexOf(name)), 3)}` : "";
    },
  });
  const gridPanel = panel("rows-of-six", "All 64 rows", explain("grid"), gridSaid, gridFrame, pointedCell, gridLegend(), h("div", { class: "asking" }, chosenRow, answer));

  // ---- the weights about the middle ----------------------------------------------------
  const mirrorsFrame = h("div", { class: "frame" });
  const mirrorsSaid = h("p", { class: "summary mirrors-said" });
  const sides = mirrors(mirrorsFrame, { largest: () => largestIn });
  let largestIn = 1;
  const mirrorsPanel = panel("mirror-weights", "Left against right", explain("mirrors"), mirrorsSaid, mirrorsFrame, mirrorsLegend());

  // ---- other starts --------------------------------------------------------------------
  const startsFrame = h("div", { class: "frame" });
  const startsSaid = h("p", { class: "summary starts-said" });
  const looks = h("div", { class: "looks" });
  const job = h("div", { class: "job" });
  const times = timeline();
  const bars = histogram(startsFrame, { choose: (start) => state.set({ run: start }), limit: LIMIT, published: PUBLISHED });
  const startsPanel = panel("others-of-symmetry", "How long it takes", explain("others"), startsSaid, startsFrame, h("div", { class: "foot" }, looks, job));
  if (kept) startsPanel.hidden = true;

  const code = h("pre", { tabindex: 0, "aria-label": "The same run from Python" });
  const codePanel = h("details", { class: "code" }, h("summary", {}, "The same run from Python"), code);
  /** @param {string} label @param {() => Promise<void>} act */
  const taker = (label, act) => h("button", { type: "button", class: "plain", onclick: () => act().catch(trouble) }, label);
  const takers = h(
    "div",
    { class: "takers" },
    h("span", {}, "Take it with you:"),
    !kept && taker("all of it as one HTML file", () => saveHtml("api/symmetry/file", { settings: asked(), state: `${new URL(state.link).hash.slice(1)}&hide=settings` }, "symmetry")),
    ...[/** @type {const} */ (["network", net.svg]), /** @type {const} */ (["grid", cells.svg]), /** @type {const} */ (["weights", sides.svg])].flatMap(([name, svg]) => [taker(`${name}, SVG`, () => saveSvg(svg, `symmetry-${name}`)), taker(`${name}, PNG`, () => savePng(svg, `symmetry-${name}`))]),
  );

  const bar = h("div", { class: "bar" });
  /** @type {ReturnType<typeof transport> | null} */ let time = null;
  stops.push(() => time?.stop(), net.stop, cells.stop, sides.stop, bars.stop);
  const board = h("div", { class: "board symmetry", "aria-busy": "true" }, netPanel, gridPanel, mirrorsPanel, startsPanel);
  root.append(settings, problem, story, board, takers, codePanel, times, bar);
  for (const name of String(state.get("hide")).split(",")) {
    const hidden = /** @type {Record<string, HTMLElement>} */ ({ settings, story, network: netPanel, grid: gridPanel, weights: mirrorsPanel, others: startsPanel, code: codePanel, timeline: times })[name];
    if (hidden) hidden.hidden = true;
  }

  // ---- what is looked at ---------------------------------------------------------------
  const row = () => /** @type {Run} */ (run).row(state.get("sweep"));
  const chosen = () => /** @type {string} */ (state.get("case"));
  const k = () => /** @type {Run} */ (run).message.case_names.indexOf(chosen());
  const asked = () => /** @type {Settings} */ (Object.fromEntries(SETTINGS.map((name) => [name, state.get(name)])));
  const place = (/** @type {Part} */ part) => ({ run: /** @type {Run} */ (run), sweep: row(), k: k(), part, parts: net.parts });

  /** @param {number} at */
  function flip(at) {
    state.set({ case: [...chosen()].map((bit, i) => (i === at ? String(1 - Number(bit)) : bit)).join("") });
  }

  /** The part whose numbers are shown: pointed at, chosen, or the first hidden unit. */
  function lookedAt() {
    const key = state.get("part");
    return pointed ?? net.parts.find((part) => `${part.kind}:${part.index}` === key) ?? net.parts.find((part) => part.kind === "unit" && part.index === 6);
  }

  // ---- showing -------------------------------------------------------------------------
  function showNetwork() {
    if (!run) return;
    const [at, now, c] = [run, row(), k()];
    net.show({
      view: state.get("view"),
      y: Array.from({ length: at.nInputs + at.nUnits }, (_, unit) => [at.activity(now, c, unit)]),
      dE_dx: Array.from({ length: at.nUnits }, (_, unit) => at.blame(now, c, unit)),
      weights: at.weights(now),
      dE_dw: at.gradient(now, c),
      weightScale: at.weightScale,
      blameScale: at.blameScale,
      gradientScale: at.gradientScale,
      desired: at.message.desired[c][0],
    });
  }

  function showAnswer() {
    if (!run) return;
    const [now, c, name] = [row(), k(), chosen()];
    const y = run.output(now, c);
    const right = run.isRight(now, c);
    bits.forEach((button, at) => {
      button.textContent = name[at];
      set(button, { "aria-pressed": String(name[at] === "1"), "aria-label": `Bit ${at + 1} is ${name[at]}` });
      button.classList.toggle("unmatched", name[at] !== name[5 - at]);
    });
    answer.replaceChildren(
      h("span", { class: right ? "tag right" : "tag wrong" }, right ? "✓ right" : "× wrong"),
      ` It says ${fixed(y, 2)}: ${y > 0.5 ? "symmetric" : "not symmetric"}.`,
      right ? "" : ` It ${isSymmetric(name) ? "is" : "is not"}.`,
    );
    const names = run.message.case_names;
    const symmetric = names.filter((one, c) => isSymmetric(one) && run?.isRight(now, c)).length;
    gridSaid.textContent = `${run.right(now)} of 64 are right, ${symmetric} of the 8 on the diagonal.`;
  }

  let restWaiting = false;
  /** What stands beside follows at the next frame: a slider that moves fast need not wait. */
  function showNumbers() {
    if (restWaiting) return;
    restWaiting = true;
    requestAnimationFrame(() => {
      restWaiting = false;
      const part = run && lookedAt();
      if (!run || !part) return;
      const where = place(part);
      mirrorsSaid.textContent = verdict(run, where.sweep);
      numbers.replaceChildren(
        h("h3", {}, named(run, part), h("span", { class: "aside" }, `, row ${chosen()} after sweep ${run.sweep(where.sweep)}`)),
        factTable(where, state.get("level") !== "glance"),
        ...(state.get("level") === "maths" ? [equations(where, (keys) => net.hint(keys))] : []),
      );
    });
  }

  function showStory() {
    if (!run) return;
    const name = chapter(run, row());
    const key = `${name} ${state.get("level")}`;
    if (key === told) return;
    told = key;
    const { title, text } = CHAPTERS[name];
    story.dataset.chapter = name === "settled" ? "learned" : name;
    storyTitle.textContent = title;
    storyText.replaceChildren(...worded(text[/** @type {Level} */ (state.get("level"))]));
  }

  function showMoment() {
    if (!run) return;
    time?.display(row());
    showNetwork();
    cells.show(run, row(), chosen());
    sides.show(run, row(), chosen());
    showAnswer();
    showStory();
    showNumbers();
  }

  function showChoices() {
    for (const [name, control] of Object.entries(controls)) /** @type {{show: (value: any) => void}} */ (control).show(state.get(name));
    view.show(state.get("view"));
    net.mark(state.get("part"));
    legendPlace.replaceChildren(legend(state.get("view") !== "forward"));
  }

  // ---- fetching ------------------------------------------------------------------------
  let fetching = new AbortController();

  async function fetchAll() {
    fetching.abort();
    fetching = new AbortController();
    const { signal } = fetching;
    try {
      const answered = await ask("api/symmetry", asked(), signal);
      if (signal.aborted) return;
      problem.hidden = true;
      const next = new Run(/** @type {any} */ (answered));
      // Who looks at the end of one run wants to see the end of the next.
      const atEnd = run !== null && row() === run.last;
      run = next;
      largestIn = 0;
      for (let at = 0; at <= next.last; at++) for (const unit of [0, 1]) for (const w of next.into(at, unit)) if (Math.abs(w) > largestIn && Number.isFinite(w)) largestIn = Math.abs(w);
      time?.stop();
      time = transport({ last: next.last, named: (at) => next.sweep(at), pace: 45, move: (at) => state.set({ sweep: next.sweep(at) }) });
      const { message } = next;
      const zones = [message.marks.plateau, message.marks.drop].map((zone) => zone && zone.map((sweep) => next.row(sweep)));
      time.lay(next.meanError, zones);
      bar.replaceChildren(time.element);
      const offset = Object.fromEntries(message.layers.map((layer, at) => [layer.name, message.layers.slice(0, at).reduce((sum, one) => sum + one.units.length, 0)]));
      net.lay({ layers: message.layers, blocks: message.blocks, label: (layer, unit) => next.label(offset[layer] + unit) });
      code.textContent = message.python;
      told = "";
      if (atEnd) state.set({ sweep: next.sweep(next.last) });
      showChoices();
      showMoment();
      board.setAttribute("aria-busy", "false");
      askStarts();
    } catch (error) {
      if (signal.aborted || gone.signal.aborted) return;
      trouble(error);
    }
  }

  /** @param {unknown} error */
  function trouble(error) {
    const refused = error instanceof Refused ? error : new Refused(String(error));
    problem.hidden = false;
    problem.replaceChildren(h("strong", {}, refused.message), refused.hint ? ` ${refused.hint}` : "");
    if (refused === error && refused.status === 0) void untilBack(gone.signal).then(() => (gone.signal.aborted ? undefined : fetchAll()));
  }

  // ---- other starts ----------------------------------------------------------------------
  /** @type {(() => void) | null} */ let cancel = null;
  /** @type {Tally | null} */ let tally = null;
  let tallied = "";
  let wanted = SOME;
  const first = () => Math.floor(state.get("run") / SOME) * SOME;

  /** Whether the tally that is here, or under way, holds this start. */
  function isTallied() {
    const [key, from] = JSON.parse(tallied || "[0, 0]");
    return key === lot() && state.get("run") >= from && state.get("run") < from + wanted;
  }
  const lot = () => JSON.stringify(["epsilon", "alpha", "start", "seed"].map((name) => state.get(name)));

  /** @param {number} [done] */
  function showStarts(done = 0) {
    bars.show(tally, state.get("run"));
    startsSaid.textContent = tally ? summary(tally, state.get("run"), PUBLISHED) : "";
    looks.replaceChildren(...(tally && !cancel ? [h("span", {}, "Look at "), ...worthALook(tally, PUBLISHED).map(({ name, run: start }) => h("button", { type: "button", class: "plain", onclick: () => state.set({ run: start }) }, name))] : []));
    job.replaceChildren(
      ...(cancel
        ? [h("progress", { max: 1, value: done, "aria-label": "Starts that have ended" }), h("span", { role: "status" }, `${counted(tally?.runs ?? 0)} of ${counted(wanted)}`), h("button", { type: "button", class: "plain", onclick: () => cancel?.() }, "Stop")]
        : [SOME, MANY].filter((many) => many > (tally?.runs ?? 0)).map((many) => h("button", { type: "button", class: "plain", onclick: () => askStarts(many) }, `Let ${counted(many)} learn`))),
    );
  }

  /** Let the others learn; the same lot need not learn twice. @param {number} [many] */
  function askStarts(many) {
    if (kept || startsPanel.hidden || gone.signal.aborted) return;
    if (!many && isTallied()) return showStarts(tally ? tally.runs / wanted : 0);
    cancel?.();
    wanted = many ?? SOME;
    const from = Math.min(first(), MOST_RUN - wanted);
    tallied = JSON.stringify([lot(), from]);
    tally = null;
    const mine = {};
    current = mine;
    const end = () => {
      if (current !== mine) return;
      cancel = null;
      showStarts();
    };
    cancel = line.begin(
      { work: "symmetry starts", settings: asked(), first: from, runs: wanted },
      {
        progress: (report) => {
          if (current !== mine) return;
          tally = report.so_far;
          showStarts(report.done / report.total);
        },
        done: end,
        refused: (refused) => {
          end();
          trouble(refused);
        },
      },
    );
    showStarts();
  }
  /** @type {object | null} */ let current = null;
  stops.push(() => cancel?.());

  // ---- the state -------------------------------------------------------------------------
  stops.push(
    state.subscribe((changed) => {
      if (changed.has("page")) return;
      if (SETTINGS.some((name) => changed.has(name))) {
        showChoices();
        void fetchAll();
        return;
      }
      if (changed.has("level")) told = "";
      if (changed.size > 1 || !changed.has("sweep")) showChoices();
      showMoment();
    }),
    onTheme(() => showMoment()),
  );
  showChoices();
  showStarts();
  void fetchAll().then(() => {
    if (!isFresh || !run || gone.signal.aborted) return;
    if (calm()) state.set({ sweep: run.sweep(run.last) });
    else time?.begin();
  });
  set(root, { "data-page": "symmetry" });
  return () => stops.forEach((stop) => stop());
}
