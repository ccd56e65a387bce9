/** Symmetry: two hidden units that become a mirror detector. */

import { calm, h, later, renew, set } from "../shared/dom.js";
import { among, stepper } from "../shared/controls.js";
import { ask, askPlain, kept } from "../shared/server.js";
import { counted, fixed } from "../shared/format.js";
import { factTable, named, said } from "../shared/part_numbers.js";
import { explained } from "../shared/levels.js";
import { hideNamed, isHidden, panel } from "../shared/panel.js";
import { keptState, saveHtml, takers } from "../shared/export.js";
import { legend, networkDiagram } from "../shared/network_diagram.js";
import { links, partOf, stand } from "../shared/links.js";
import { networkPanel, VIEWS } from "../shared/network_panel.js";
import { onDemand } from "../shared/on_demand.js";
import { State, choice, number, quiet, sweepUpTo, whole, words } from "../shared/state.js";
import { telling } from "../shared/telling.js";
import { timeline } from "../shared/timeline.js";
import { transport } from "../shared/transport.js";
import { troubleBox } from "../shared/trouble.js";
import { Run } from "./run.js";
import { told } from "./story.js";
import { TEXTS } from "./texts.js";
import { grid, gridLegend, isSymmetric } from "./grid.js";
import { mirrors, mirrorsLegend, verdict } from "./mirrors.js";

/** @typedef {import("../shared/network_diagram.js").Part} Part */
/** @typedef {import("../shared/messages.js").SymmetrySettings} Settings */

const SETTINGS = ["epsilon", "alpha", "start", "seed", "run"];
const EPSILONS = [0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2, 5, 10];
const ALPHAS = [0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99];
const STARTS = [0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1, 1.5, 2, 3, 5, 10, 20];
const MOST_RUN = 2 ** 32 - 20_001;
const FIRST_SEEN = 272; // learns in about as many sweeps as the letter’s run did
const LIMIT = 20_000;
const HELD = "api/symmetry/starts"; // in a file: what it holds of other starts

const schema = {
  epsilon: number(0.1, 0, 10),
  alpha: number(0.9, 0, 0.999999),
  start: number(0.3, 0, 20),
  seed: whole(1, 0, Number.MAX_SAFE_INTEGER),
  run: whole(FIRST_SEEN, 0, MOST_RUN),
  sweep: sweepUpTo(LIMIT),
  case: words("011110", /^[01]{6}$/),
  view: choice("forward", VIEWS),
  part: quiet(words("", /^((unit|arc):\d+)?$/)),
};

/** @type {import("../shared/page.js").Page} */
export const page = { schema, texts: TEXTS, mount };

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

  // ---- the settings
  const controls = {
    epsilon: stepper({ label: "Epsilon, ε", value: state.get("epsilon"), low: 0, high: 10, next: among(EPSILONS), wide: 4, choose: choose("epsilon") }),
    alpha: stepper({ label: "Alpha, α", value: state.get("alpha"), low: 0, high: 0.999999, next: among(ALPHAS), wide: 4, choose: choose("alpha") }),
    start: stepper({ label: "Start range, ±", value: state.get("start"), low: 0, high: 20, next: among(STARTS), wide: 3, choose: choose("start") }),
    seed: stepper({ label: "Seed", value: state.get("seed"), low: 0, high: Number.MAX_SAFE_INTEGER, whole: true, wide: 4, choose: choose("seed") }),
    run: stepper({ label: "Start number", value: state.get("run"), low: 0, high: MOST_RUN, whole: true, wide: 4, choose: choose("run") }),
  };
  for (const name of /** @type {const} */ (["epsilon", "alpha"])) stand(controls[name].element, name);
  const settings = h(
    "section",
    { class: "settings", "aria-label": "Settings" },
    ...Object.values(controls).map((control) => control.element),
    h("button", { type: "button", class: "strong", onclick: () => state.set({ run: (state.get("run") + 1) % MOST_RUN }) }, "Another start"),
  );

  // ---- what is told
  const story = telling(state);
  const problem = troubleBox(gone.signal, () => fetchAll());

  // ---- the network
  const shown = networkPanel({ cls: "net of-symmetry", title: "The network", state, text: explain("network"), legend });
  const net = networkDiagram(shown.frame, {
    point(part) {
      pointed = part;
      showNumbers();
    },
    choose: (part) => choosePart(`${part.kind}:${part.index}`),
    say: (part) => (run ? said(place(part)) : ""),
    weights: true,
  });
  const choosePart = (/** @type {string} */ key) => state.set({ part: state.get("part") === key ? "" : key });

  // ---- the grid, and the row that is chosen
  const bits = Array.from({ length: 6 }, (_, k) => h("button", { type: "button", class: "flip", onclick: () => flip(k) }));
  bits.forEach((button, k) => stand(button, `y:${k}`));
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

  // ---- the weights about the middle
  const mirrorsFrame = h("div", { class: "frame" });
  const mirrorsSaid = h("p", { class: "summary mirrors-said" });
  const sides = mirrors(mirrorsFrame, { largest: () => largestIn, choose: choosePart });
  const ratio = h("div", { class: "numbers" });
  let largestIn = 1;
  const mirrorsPanel = panel("mirror-weights", "Left against right", explain("mirrors"), mirrorsSaid, mirrorsFrame, mirrorsLegend(), ratio);

  // ---- other starts
  const times = timeline(state);
  let many = 0; // starts that are told of
  const aboutStarts = explained(state, TEXTS.others, (said) => said.replace("{many}", many ? counted(many) : "many"));
  stops.push(aboutStarts.stop);
  const startsPanel = panel("others-of-symmetry", "How long it takes", aboutStarts.element);
  /** @type {ReturnType<typeof import("./starts.js").symmetryStarts> | null} */ let others = null;
  if (kept && !kept.answers.some((one) => one.path === HELD)) startsPanel.hidden = true;

  const code = h("pre", { tabindex: 0, "aria-label": "The same run from Python" });
  const codePanel = h("details", { class: "code" }, h("summary", {}, "The same run from Python"), code);
  const taken = takers({ network: net.svg, grid: cells.svg, weights: sides.svg }, "symmetry-", problem.tell, !kept && (() => saveHtml("api/symmetry/file", { settings: asked(), others: lot(), state: keptState(state) }, "symmetry")));

  const bar = h("div", { class: "bar", hidden: true });
  /** @type {ReturnType<typeof transport> | null} */ let time = null;
  stops.push(() => time?.stop(), net.stop, cells.stop, sides.stop, () => others?.stop());
  const board = h("div", { class: "board symmetry", "aria-busy": "true" }, shown.element, gridPanel, mirrorsPanel, startsPanel);
  root.append(settings, problem.element, story.element, board, taken, codePanel, times, bar);
  stops.push(hideNamed(state, { settings, story: story.element, network: shown.element, grid: gridPanel, weights: mirrorsPanel, others: startsPanel, export: taken, code: codePanel, timeline: times }));
  const linked = links(root, { choose: (key) => chooseNumber(key) });
  stops.push(linked.stop);

  // ---- what is looked at
  const row = () => /** @type {Run} */ (run).row(state.get("sweep"));
  const chosen = () => /** @type {string} */ (state.get("case"));
  const k = () => /** @type {Run} */ (run).message.case_names.indexOf(chosen());
  const asked = () => /** @type {Settings} */ (Object.fromEntries(SETTINGS.map((name) => [name, state.get(name)])));
  const place = (/** @type {Part} */ part) => ({ run: /** @type {Run} */ (run), sweep: row(), k: k(), part, parts: net.parts });

  /** Look at what a number stands at. @param {string} key */
  function chooseNumber(key) {
    const part = partOf(key);
    if (net.parts.some((one) => `${one.kind}:${one.index}` === part)) state.set({ part });
  }

  /** @param {number} at */
  function flip(at) {
    state.set({ case: [...chosen()].map((bit, i) => (i === at ? String(1 - Number(bit)) : bit)).join("") });
  }

  /** The part whose numbers are shown: pointed at, chosen, or the first hidden unit. */
  function lookedAt() {
    const key = state.get("part");
    return pointed ?? net.parts.find((part) => `${part.kind}:${part.index}` === key) ?? net.parts.find((part) => part.kind === "unit" && part.index === 6);
  }

  // ---- showing
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

  /** What stands beside follows at the next frame: a slider that moves fast need not wait. */
  const showNumbers = later(() => {
    const part = run && lookedAt();
    if (!run || !part) return;
    const level = state.get("level");
    const where = place(part);
    mirrorsSaid.textContent = verdict(run, where.sweep);
    const heading = h("h3", {}, named(run, part), h("span", { class: "aside" }, `, row ${chosen()} after sweep ${run.sweep(where.sweep)}`));
    const { equations, ratioEquations } = (level === "maths" && mathematics.now) || {};
    renew(shown.numbers, heading, factTable(where, level !== "glance"), ...(equations ? [equations(where)] : []));
    renew(ratio, ...(ratioEquations ? [ratioEquations(run, where.sweep)] : []));
    ratio.hidden = !ratioEquations;
    linked.refresh();
  });
  const mathematics = onDemand(() => import("./mathematics.js"), () => showNumbers());

  function showStory() {
    if (!run) return;
    const { name, ...chapter } = told(run, row());
    story.tell(chapter, { settled: "learned", deaf: "plateau", later: "plateau", slow: "plateau" }[name] ?? name);
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
    shown.show();
    net.mark(state.get("part"));
  }

  // ---- fetching
  let fetching = new AbortController();
  stops.push(() => fetching.abort());
  /** Who looks at the end of one run wants to see the end of the next, unless a link says where. */
  let follows = false;

  async function fetchAll() {
    fetching.abort();
    fetching = new AbortController();
    const { signal } = fetching;
    try {
      const answered = await ask("api/symmetry", asked(), signal);
      if (signal.aborted) return;
      problem.clear();
      const next = new Run(/** @type {any} */ (answered));
      run = next;
      largestIn = 0;
      for (let at = 0; at <= next.last; at++) for (const unit of [0, 1]) for (const w of next.into(at, unit)) if (Math.abs(w) > largestIn && Number.isFinite(w)) largestIn = Math.abs(w);
      time ??= transport({ state, pace: 45, move: (at) => run && state.set({ sweep: run.sweep(at) }) });
      time.span({ last: next.last, named: (at) => next.sweep(at) });
      const { message } = next;
      const zones = [message.marks.plateau, message.marks.drop].map((zone) => zone && zone.map((sweep) => next.row(sweep)));
      time.lay(next.meanError, zones);
      bar.replaceChildren(time.element);
      bar.hidden = false;
      const offset = Object.fromEntries(message.layers.map((layer, at) => [layer.name, message.layers.slice(0, at).reduce((sum, one) => sum + one.units.length, 0)]));
      net.lay({ layers: message.layers, blocks: message.blocks, label: (layer, unit) => next.label(offset[layer] + unit) });
      code.textContent = message.python;
      if (follows) state.set({ sweep: next.sweep(next.last) });
      showChoices();
      showMoment();
      if (state.get("level") === "maths") await mathematics.ready();
      if (signal.aborted) return;
      board.setAttribute("aria-busy", "false");
      void askOthers();
    } catch (error) {
      if (!signal.aborted) problem.tell(error);
    }
  }

  /** The other starts that a file takes along. */
  function lot() {
    const tally = isHidden(state, "others") ? null : others?.lot();
    return tally ? { first: tally.first, learned_at: tally.learned_at, diverged: tally.diverged } : null;
  }

  /** Say how many starts are told of. @param {number} runs */
  function tellMany(runs) {
    if (runs === many) return;
    many = runs;
    if (state.get("level") === "glance") aboutStarts.show();
  }

  /** Let others learn along with this one, once it is here. */
  async function askOthers() {
    if (startsPanel.hidden || isHidden(state, "others")) return void others?.leave();
    const held = kept && (await askPlain(HELD, {}));
    const { symmetryStarts } = await import("./starts.js");
    if (gone.signal.aborted) return;
    if (!others) {
      others = symmetryStarts({ state, line, settings: asked, limit: LIMIT, most: MOST_RUN, trouble: problem.tell, told: tellMany, held });
      startsPanel.append(...others.elements);
      taken.append(...others.takers);
    }
    others.ask();
  }

  // ---- the state
  stops.push(
    state.subscribe((changed) => {
      if (changed.has("page")) return;
      if (changed.has("hide") && run) void askOthers();
      const isOther = SETTINGS.some((name) => changed.has(name));
      if (isOther || changed.has("sweep")) follows = !changed.has("sweep") && run !== null && row() === run.last;
      if (isOther) {
        others?.settle();
        showChoices();
        void fetchAll();
        return;
      }
      if (changed.size > 1 || !changed.has("sweep")) showChoices();
      showMoment();
    }),
    onTheme(() => showMoment()),
  );
  showChoices();
  void fetchAll().then(() => {
    if (!isFresh || !run || gone.signal.aborted) return;
    if (calm()) state.set({ sweep: run.sweep(run.last) });
    else time?.begin();
  });
  set(root, { "data-page": "symmetry" });
  return () => stops.forEach((stop) => stop());
}
