/** Family trees: a network that finds out by itself what people have in common. */

import { calm, h, later, renew, set } from "../shared/dom.js";
import { factTable, said } from "../shared/fact_table.js";
import { ask, kept } from "../shared/server.js";
import { explained } from "../shared/levels.js";
import { fixed, signed } from "../shared/format.js";
import { hideNamed, isHidden, panel } from "../shared/panel.js";
import { keptState, saveHtml, takers } from "../shared/export.js";
import { links, partOf } from "../shared/links.js";
import { networkPanel, VIEWS } from "../shared/network_panel.js";
import { onDemand } from "../shared/on_demand.js";
import { State, choice, quiet, sweepUpTo, whole, words } from "../shared/state.js";
import { stepper, toggles } from "../shared/controls.js";
import { telling } from "../shared/telling.js";
import { timeline } from "../shared/timeline.js";
import { transport } from "../shared/transport.js";
import { troubleBox } from "../shared/trouble.js";
import { worded } from "../shared/glossary.js";
import { Answers, Run, Signals, Steps } from "./run.js";
import { CHAPTERS, STAGES, chapter } from "./story.js";
import { RECIPES, TEXTS } from "./texts.js";
import { arcFacts, unitFacts } from "./numbers.js";
import { facts, factsLegend } from "./facts.js";
import { familyTrees, treesLegend } from "./trees.js";
import { fieldsLegend, receptiveFields } from "./fields.js";
import { layersDiagram, layersLegend, nameOf } from "./layers.js";
import { rightCurve, rightLegend } from "./right_curve.js";

/** @typedef {import("../shared/levels.js").Level} Level */
/** @typedef {import("./run.js").Unit} Unit */
/** @typedef {import("./run.js").Arc} Arc */

const SETTINGS = ["recipe", "seed", "run"];
const RECIPE_NAMES = ["learns", "longer", "printed"];
const MOST_RUN = 2 ** 32 - 2001;
const LONGEST = 10_000;

const schema = {
  recipe: choice("learns", RECIPE_NAMES),
  seed: whole(1, 0, Number.MAX_SAFE_INTEGER),
  run: whole(0, 0, MOST_RUN),
  sweep: sweepUpTo(LONGEST),
  person: words("Colin", /^[A-Z][a-z]{2,12}$/),
  relation: words("aunt", /^[a-z]{3,9}$/),
  view: choice("both", VIEWS),
  unit: quiet(words("", /^([a-z ]+:\d+)?$/)), // or a connection, "arc:12"
  silent: words("", /^0?1?2?3?4?5?$/),
};

/** @type {import("../shared/page.js").Page} */
export const page = {
  schema,
  texts: { ...TEXTS, ...RECIPES },
  mount,
};

/** @param {HTMLElement} root @param {import("../shared/page.js").Lab} lab */
function mount(root, { state, line, onTheme }) {
  const isFresh = !State.named().has("sweep");
  const gone = new AbortController();
  /** @type {(() => void)[]} */ const stops = [() => gone.abort()];
  /** @type {Run | null} */ let run = null;
  /** @type {Answers | null} */ let intact = null;
  /** @type {Answers | null} */ let lesioned = null;
  /** @type {Signals | null} */ let signals = null;
  /** @type {Steps | null} */ let steps = null;
  /** @type {Unit | Arc | null} */ let pointed = null;
  /** In a file: the lesion that it holds. */
  const held = kept && String(kept.answers.find((one) => one.path === "api/families/answers" && one.request.silent)?.request.silent ?? "");
  const canSilence = (/** @type {number} */ unit) => held === null || held.includes(String(unit));
  // A file holds no other lesion, so that it offers none.
  const offered = (/** @type {string} */ said) => (kept ? said.replace(/ (Click (one to silence it|for a \[lesion\])|Silence a unit below[^.]*)\./, "") : said);
  const explain = (/** @type {string} */ name) => {
    const { element, stop } = explained(state, TEXTS[name], offered);
    stops.push(stop);
    return element;
  };
  const choose = (/** @type {string} */ key) => (/** @type {any} */ value) => state.set({ [key]: value });
  const atLevel = (/** @type {import("../shared/levels.js").Text} */ text) => worded(text[/** @type {Level} */ (state.get("level"))]);

  // ---- the settings ------------------------------------------------------------------
  const controls = {
    recipe: toggles({
      label: "Recipe",
      labelled: true,
      choices: [
        { value: "learns", text: "One that learns", title: "families: found by search" },
        { value: "longer", text: "Longer", title: "families:long" },
        { value: "printed", text: "As printed", title: "families:printed: the letter’s settings" },
      ],
      value: state.get("recipe"),
      choose: (recipe) => state.set({ recipe, sweep: recipe === "printed" ? 1500 : recipe === "longer" ? LONGEST : 3000 }),
    }),
    seed: stepper({ label: "Seed", value: state.get("seed"), low: 0, high: Number.MAX_SAFE_INTEGER, whole: true, wide: 4, choose: choose("seed") }),
    run: stepper({ label: "Start number", value: state.get("run"), low: 0, high: MOST_RUN, whole: true, wide: 4, choose: choose("run") }),
  };
  const note = h("p", { class: "recipe-note" });
  const settings = h(
    "section",
    { class: "settings", "aria-label": "Settings" },
    controls.recipe.element,
    controls.seed.element,
    controls.run.element,
    h("button", { type: "button", class: "strong", onclick: () => state.set({ run: (state.get("run") + 1) % MOST_RUN }) }, "Another start"),
    note,
  );

  // ---- what is told ------------------------------------------------------------------
  const story = telling(state);
  const problem = troubleBox(gone.signal, () => fetchAll());

  // ---- the trees ---------------------------------------------------------------------
  const treesFrame = h("div", { class: "frame" });
  const trees = familyTrees(treesFrame, { choose: askAbout });
  const question = h("p", { class: "question" });
  const lacking = h("p", { class: "pointed", role: "status" });
  const relations = h("fieldset", { class: "relations" });
  const verdict = h("p", { class: "answer" });
  const secrets = h("div", { class: "secrets", role: "group", "aria-label": "The four questions never told" });
  const treesPanel = panel("kinship", "Two families", explain("trees"), treesFrame, treesLegend(), h("div", { class: "asking" }, lacking, question, relations, verdict), secrets);

  // ---- the layers --------------------------------------------------------------------
  const net = networkPanel({ cls: "net five", title: "Five layers", state, text: explain("layers"), legend: layersLegend });
  const layers = layersDiagram(net.frame, {
    point(part) {
      pointed = part;
      showNumbers();
    },
    choose: (part) => state.set({ unit: state.get("unit") === part.key ? "" : part.key }),
    say: (part) => (run && signals ? said(nameOf(part, run), "from" in part ? arcFacts(place(signals), part) : unitFacts(place(signals), part)) : ""),
  });

  // ---- all the questions, and the units ----------------------------------------------
  const factsFrame = h("div", { class: "frame" });
  const factsSaid = h("p", { class: "summary" });
  const pointedFact = h("p", { class: "pointed" });
  const factsLegendPlace = h("div", {});
  const matrix = facts(factsFrame, {
    choose(q) {
      const asked = run?.message.questions[q];
      if (asked) state.set({ person: asked.person, relation: asked.relation });
    },
    point(q) {
      const asked = q === null ? null : run?.message.questions[q];
      pointedFact.textContent = asked ? `${asked.person}’s ${asked.relation}: ${asked.answers.join(" and ")}` : "";
    },
  });
  const factsPanel = panel("matrix", "All 104 questions", explain("facts"), factsSaid, factsFrame, pointedFact, factsLegendPlace);

  const fieldsFrame = h("div", { class: "frame" });
  const pointedField = h("p", { class: "pointed" });
  const fields = receptiveFields(fieldsFrame, {
    choose: silence,
    canChoose: canSilence,
    point(unit, person) {
      pointedField.textContent = run && unit !== null && person !== null ? `${run.people[person]} into unit ${unit + 1}: ${signed(run.field(row(), unit, person))}` : "";
    },
  });
  const heal = h("button", { type: "button", class: "plain", onclick: () => state.set({ silent: "" }) }, "Let all of them speak");
  const broken = h("p", { class: "summary" });
  const fieldsPanel = panel("units", "What the six units care for", explain("fields"), h("div", { class: "lesioned" }, broken, heal), fieldsFrame, pointedField, fieldsLegend());

  const curveFrame = h("div", { class: "frame" });
  const curve = rightCurve(curveFrame, { move: (sweep) => run && state.set({ sweep: run.row(sweep) * run.every }) });
  const curvePanel = panel("rights", "How many are right", explain("curve"), curveFrame, rightLegend());

  const startsPanel = panel("others-of-four", "Other starts, other secrets", explain("starts"));
  /** @type {ReturnType<typeof import("./starts.js").familyStarts> | null} */ let others = null;

  const code = h("pre", { tabindex: 0, "aria-label": "The same run from Python" });
  const codePanel = h("details", { class: "code" }, h("summary", {}, "The same run from Python"), code);
  const taken = takers({ trees: trees.svg, layers: layers.svg, units: fields.svg, questions: matrix.svg }, "family-", problem.tell, !kept && (() => saveHtml("api/families/file", { ...asked(), question: q(), silent: state.get("silent"), state: keptState(state) }, "family-trees")));

  const bar = h("div", { class: "bar", hidden: true });
  /** @type {ReturnType<typeof transport> | null} */ let time = null;
  stops.push(() => time?.stop(), trees.stop, layers.stop, matrix.stop, fields.stop, curve.stop, () => others?.stop());
  const board = h("div", { class: "board families", "aria-busy": "true" }, treesPanel, net.element, fieldsPanel, factsPanel, curvePanel, !kept && startsPanel);
  const times = timeline(state);
  root.append(settings, problem.element, story.element, board, taken, codePanel, times, bar);
  stops.push(hideNamed(state, { settings, story: story.element, trees: treesPanel, layers: net.element, units: fieldsPanel, questions: factsPanel, curve: curvePanel, others: startsPanel, export: taken, code: codePanel, timeline: times }));
  const linked = links(root, { choose: (key) => chooseNumber(key) });
  stops.push(linked.stop);

  // ---- what is looked at -------------------------------------------------------------
  const row = () => /** @type {Run} */ (run).row(state.get("sweep"));
  const silent = () => [...String(state.get("silent"))].map(Number);
  /** The number of the question; where the address names none, Colin's aunt. */
  function q() {
    const at = /** @type {Run} */ (run);
    const found = at.question(state.get("person"), state.get("relation"));
    return found >= 0 ? found : at.question("Colin", "aunt");
  }
  const asked = () => /** @type {import("../shared/messages.js").FamilySettings} */ (Object.fromEntries(SETTINGS.map((name) => [name, state.get(name)])));
  const place = (/** @type {Signals} */ passed) => ({ run: /** @type {Run} */ (run), row: row(), q: q(), signals: passed, steps, silent: silent() });

  /** Look at what a number stands at. @param {string} key */
  function chooseNumber(key) {
    const found = run?.part(partOf(key).replace("unit:", ""));
    if (found) state.set({ unit: found.key });
  }

  /** Ask about somebody: the same relation if there is one, or the first there is. @param {string} person */
  function askAbout(person) {
    if (!run) return;
    const own = run.message.questions.filter((one) => one.person === person).map((one) => one.relation);
    const relation = own.includes(state.get("relation")) ? state.get("relation") : own[0];
    state.set({ person, relation });
  }

  /** @param {number} unit */
  function silence(unit) {
    if (held !== null) {
      if (canSilence(unit)) state.set({ silent: state.get("silent") ? "" : held });
      return;
    }
    const now = silent();
    const next = now.includes(unit) ? now.filter((one) => one !== unit) : [...now, unit];
    state.set({ silent: next.sort().join("") });
  }

  // ---- showing -----------------------------------------------------------------------
  function showLayers() {
    const now = lesioned ?? intact;
    if (!run || !now) return;
    const [at, number] = [row(), q()];
    layers.show({ view: state.get("view"), row: at, q: number, y: (unit) => now.y(at, number, unit), signals, silent: silent() });
  }

  /** @type {{relation: string, input: HTMLInputElement, mark: HTMLElement, label: HTMLElement}[]} */ let choices = [];
  function layRelations() {
    const at = /** @type {Run} */ (run);
    choices = at.message.relations.map((relation) => {
      const input = h("input", { type: "radio", name: "relation", value: relation, onchange: () => state.set({ relation }) });
      const mark = h("span", { class: "mark-of", "aria-hidden": "true" });
      const label = h("label", {}, input, h("span", {}, relation, mark));
      return { relation, input, mark, label };
    });
    relations.replaceChildren(h("legend", { class: "unseen" }, "Relation"), ...choices.map((one) => one.label));
  }

  function showAnswer() {
    if (!run || !intact) return;
    const now = lesioned ?? intact;
    const { person, relation, answers } = run.message.questions[q()];
    for (const one of choices) {
      const number = run.question(person, one.relation);
      one.input.disabled = number < 0;
      one.input.checked = one.relation === relation;
      one.label.classList.toggle("untold", number >= 0 && !run.told[number]);
      one.mark.textContent = number < 0 ? "" : now.right(row(), number) ? "✓" : "×";
    }
    const isThere = run.question(state.get("person"), state.get("relation")) >= 0;
    const missing = isThere ? "" : `In these trees there is no ${state.get("person")}’s ${state.get("relation")}; this is another question.`;
    if (lacking.textContent !== missing) lacking.textContent = missing;
    question.replaceChildren("Who is ", h("strong", {}, `${person}’s ${relation}`), "?", run.told[q()] ? "" : h("span", { class: "never" }, "never told"));
    const outputs = run.people.map((name, k) => ({ name, y: now.output(row(), q(), k) })).sort((a, b) => b.y - a.y);
    const named = outputs.filter((one) => one.y > 0.5);
    const right = now.right(row(), q());
    const list = (/** @type {string[]} */ names) => (names.length > 4 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(" and "));
    const says = named.length ? `It names ${list(named.map((one) => `${one.name} (${fixed(one.y, 2)})`))}.` : `It names nobody; nearest is ${outputs[0].name} (${fixed(outputs[0].y, 2)}).`;
    verdict.replaceChildren(h("span", { class: right ? "tag right" : "tag wrong" }, right ? "✓ right" : "× wrong"), ` ${says}`, right ? "" : ` Right would be ${answers.join(" and ")}.`);
    const marks = run.message.held_out.map((number) => now.right(row(), number));
    [...secrets.querySelectorAll("button")].forEach((button, k) => {
      const isRight = marks[k];
      button.className = `secret ${isRight ? "right" : "wrong"}`;
      button.setAttribute("aria-pressed", String(run?.message.held_out[k] === q()));
      const verdictOf = /** @type {HTMLElement} */ (button.lastElementChild);
      verdictOf.textContent = isRight ? "✓" : "×";
      verdictOf.setAttribute("aria-label", isRight ? "right" : "wrong");
    });
  }

  function laySecrets() {
    const { held_out, questions } = /** @type {Run} */ (run).message;
    secrets.replaceChildren(
      h("span", { class: "aside" }, "Never told:"),
      ...held_out.map((number) => {
        const { person, relation } = questions[number];
        return h("button", { type: "button", onclick: () => state.set({ person, relation }) }, h("span", { class: "diamond", "aria-hidden": "true" }), `${person}’s ${relation} `, h("span", { role: "img" }));
      }),
    );
  }

  const unitsOf = (/** @type {string[]} */ units) => `unit${units.length > 1 ? "s" : ""} ${units.map((unit) => Number(unit) + 1).join(", ")}`;

  function showCounts() {
    if (!run || !intact) return;
    const at = row();
    const now = lesioned ?? intact;
    const counts = { told: now.count(at, true), untold: now.count(at, false) };
    factsSaid.textContent = `${counts.told} of 100 told are right, ${counts.untold} of 4 never told.`;
    heal.hidden = !lesioned;
    if (!lesioned) {
      broken.textContent = `All six speak.${held === "" ? " This file holds no lesion: the lab can silence units." : held ? ` This file holds one lesion: without ${unitsOf([...held])}.` : ""}`;
      return;
    }
    let lost = 0;
    let won = 0;
    for (let k = 0; k < run.message.questions.length; k++) {
      if (intact.right(at, k) && !lesioned.right(at, k)) lost++;
      if (!intact.right(at, k) && lesioned.right(at, k)) won++;
    }
    broken.textContent = `Without ${unitsOf([...state.get("silent")])} it loses ${lost} of the ${intact.count(at, true) + intact.count(at, false)} answers that it had${won ? `, and gains ${won}` : ""}.`;
  }

  const showNumbers = later(() => {
    const part = pointed ?? run?.part(state.get("unit")) ?? run?.part("person code:0");
    if (!run || !part) return;
    const { person, relation } = run.message.questions[q()];
    const heading = h("h3", {}, nameOf(part, run), h("span", { class: "aside" }, `, ${person}’s ${relation} after sweep ${run.row(state.get("sweep")) * run.every}`));
    renew(net.numbers, heading, ...(signals ? numbersOf(part, place(signals)) : kept ? [h("p", { class: "aside" }, "The numbers of this question are not in this file.")] : []));
    linked.refresh();
  });

  /** @param {Unit | Arc} part @param {import("./numbers.js").Place} at */
  function numbersOf(part, at) {
    const level = state.get("level");
    const isArc = "from" in part;
    if (isArc && level === "maths") void fetchSteps();
    const table = factTable(isArc ? arcFacts(at, part) : unitFacts(at, part), level !== "glance");
    if (level !== "maths" || (!isArc && part.above < 0)) return [table];
    return mathematics.now ? [table, mathematics.now.equations(at, part)] : [table];
  }
  const mathematics = onDemand(() => import("./mathematics.js"), () => showNumbers());

  function showStory() {
    if (!run) return;
    const name = chapter(run, state.get("sweep"), lesioned !== null);
    story.tell(CHAPTERS[name], { lesion: "drop", printed: "stuck", end: "learned" }[name] ?? name);
  }

  function showMoment() {
    if (!run || !intact) return;
    time?.display(row() * run.every);
    trees.show(lesioned ?? intact, row(), q());
    showLayers();
    showAnswer();
    showStory();
    showRest();
  }

  /** What stands further down follows at the next frame. */
  const showRest = later(() => {
    if (!run || !intact) return;
    matrix.show(intact, lesioned, row(), q());
    fields.show(row(), silent(), run.message.questions[q()].person);
    curve.show(row() * run.every);
    showCounts();
    showNumbers();
  });

  function showChoices() {
    for (const [name, control] of Object.entries(controls)) /** @type {{show: (value: any) => void}} */ (control).show(state.get(name));
    note.replaceChildren(...atLevel(RECIPES[state.get("recipe")]));
    net.show();
    layers.mark(state.get("unit"));
    factsLegendPlace.replaceChildren(factsLegend(lesioned !== null));
  }

  function layCurve() {
    if (!run || !intact) return;
    const answers = lesioned ?? intact;
    const rows = run.message.sweeps.map((_, k) => k);
    const { stages } = run.message;
    time?.lay(rows.map((k) => 100 - answers.count(k, true)), []);
    curve.lay({
      sweeps: run.message.sweeps,
      told: rows.map((k) => answers.count(k, true) / 100),
      untold: rows.map((k) => answers.count(k, false) / 4),
      stages: stages.map((stage, k) => ({ ...stage, name: stages.length === 4 ? STAGES[k] : "" })),
    });
  }

  // ---- fetching ----------------------------------------------------------------------
  let fetching = new AbortController();
  stops.push(() => fetching.abort());
  let shown = ""; // the run whose numbers are here

  async function fetchAll() {
    fetching.abort();
    fetching = new AbortController();
    const { signal } = fetching;
    const wanted = asked();
    try {
      const [answer, answers] = await Promise.all([ask("api/families", wanted, signal), ask("api/families/answers", { ...wanted, silent: "" }, signal)]);
      if (signal.aborted) return;
      const next = new Run(answer);
      time ??= transport({ state, pace: 30, move: (sweep) => state.set({ sweep }) });
      time.span({ last: next.last, every: next.every });
      bar.replaceChildren(time.element);
      bar.hidden = false;
      const first = !run;
      run = next;
      intact = new Answers(run, answers.arrays);
      shown = JSON.stringify(wanted);
      signals = null;
      steps = null;
      stepsAsked = "";
      lesioned = null;
      if (first) layRelations();
      trees.lay(run);
      layers.lay(run);
      matrix.lay(run);
      fields.lay(run);
      laySecrets();
      code.textContent = run.message.python;
      await fetchRest(signal);
      if (state.get("level") === "maths") await mathematics.ready();
      if (signal.aborted) return;
      problem.clear();
      board.setAttribute("aria-busy", "false");
      void askOthers();
    } catch (error) {
      if (!signal.aborted && !gone.signal.aborted) problem.tell(error);
    }
  }

  /** The lesion and the question, of the run that is here. @param {AbortSignal} signal */
  async function fetchRest(signal) {
    if (!run || shown !== JSON.stringify(asked())) return;
    const wanted = { ...asked(), silent: state.get("silent") };
    const at = run;
    const [answers, passed] = await Promise.all([
      wanted.silent ? ask("api/families/answers", wanted, signal) : null,
      ask("api/families/signals", { ...wanted, question: q() }, signal).catch((error) => {
        if (kept) return null; // a file has one question's signals
        throw error;
      }),
    ]);
    if (signal.aborted || run !== at) return;
    lesioned = answers ? new Answers(run, answers.arrays) : null;
    signals = passed ? new Signals(run, passed.arrays) : null;
    layCurve();
    showChoices();
    showMoment();
  }

  let refetching = new AbortController();
  function fetchAgain() {
    refetching.abort();
    refetching = new AbortController();
    const { signal } = refetching;
    fetchRest(AbortSignal.any([signal, fetching.signal])).catch((error) => {
      if (!signal.aborted && !fetching.signal.aborted) problem.tell(error);
    });
  }

  /** Let others learn along with this one, once it is here. */
  async function askOthers() {
    if (kept || isHidden(state, "others")) return void others?.leave();
    const { familyStarts } = await import("./starts.js");
    if (gone.signal.aborted) return;
    if (!others) {
      others = familyStarts({ state, line, settings: asked, most: MOST_RUN, own: () => run && intact && intact.count(run.nSweeps - 1, false), trouble: problem.tell });
      startsPanel.append(...others.elements);
    }
    others.ask();
  }

  let stepsAsked = "";
  /** What changed the weights, once it is looked at. */
  async function fetchSteps() {
    if (steps || stepsAsked === shown) return;
    stepsAsked = shown;
    const at = run;
    try {
      const { arrays } = await ask("api/families/steps", asked(), fetching.signal);
      if (run !== at || !at) return;
      steps = new Steps(at, arrays);
      showNumbers();
    } catch (error) {
      stepsAsked = "";
      if (!fetching.signal.aborted) problem.tell(error);
    }
  }

  // ---- the state ---------------------------------------------------------------------
  stops.push(
    state.subscribe((changed) => {
      if (changed.has("page")) return;
      if (changed.has("hide") && run) void askOthers();
      if (SETTINGS.some((name) => changed.has(name))) {
        others?.settle();
        showChoices();
        void fetchAll();
        return;
      }
      if (["person", "relation", "silent"].some((name) => changed.has(name))) {
        signals = null;
        if (changed.has("silent") && !state.get("silent")) lesioned = null;
        fetchAgain();
      }
      if (changed.size > 1 || !changed.has("sweep")) showChoices();
      showMoment();
    }),
    onTheme(() => showMoment()),
  );
  showChoices();
  void fetchAll().then(() => isFresh && run && !calm() && !gone.signal.aborted && time?.begin());
  if (isFresh && calm()) state.set({ sweep: 3000 });
  set(root, { "data-page": "families" });
  return () => stops.forEach((stop) => stop());
}
