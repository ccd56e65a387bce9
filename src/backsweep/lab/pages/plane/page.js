/** Points on a plane: what each unit says there, while it learns and after. */

import { h } from "../shared/dom.js";
import { counted, fixed, percent } from "../shared/format.js";
import { worded } from "../shared/glossary.js";
import { enough } from "../shared/drawn.js";
import { links } from "../shared/links.js";
import { hideNamed } from "../shared/panel.js";
import { OneRun } from "../shared/one_run.js";
import { measureOf, nearness } from "../shared/measures.js";
import { Refused, ask, askPlain, kept } from "../shared/server.js";
import { State, quiet, whole, words } from "../shared/state.js";
import { SETTINGS, settingsOf, tableOf, tableSchema } from "../shared/table_settings.js";
import { timeline } from "../shared/timeline.js";
import { transport } from "../shared/transport.js";
import { troubleBox } from "../shared/trouble.js";
import { planePanel, planeSchema } from "./panel.js";
import { STORY, TEXTS } from "./texts.js";

/** @typedef {import("../shared/messages.js").DataPlan} Plan */

const schema = {
  ...tableSchema,
  ...planeSchema,
  run: whole(0, 0, 2 ** 32),
  sweep: quiet(words("end", /^(end|\d{1,9})$/)),
  case: quiet(words("", /^.{0,120}$/)),
};

/** @type {Record<string, string>} */
const HEADINGS = { before: "Points on a plane", drawing: "Draw your own", start: "The start", learning: "Learning", learned: "Learned", stuck: "Not learned", diverged: "Diverged", unfinished: "Stopped" };

/** @type {import("../shared/page.js").Page} */
export const page = { schema, texts: TEXTS, mount };

/** @param {HTMLElement} root @param {import("../shared/page.js").Lab} lab */
function mount(root, { state, line, onTheme }) {
  /** @type {(() => void)[]} */ const stops = [];
  /** @type {import("../shared/messages.js").TableSeen | null} */ let table = null;
  /** @type {Plan | null} */ let plan = null;
  /** @type {OneRun | null} */ let one = null;
  /** @type {(() => void) | null} */ let cancel = null;
  /** @type {ReturnType<typeof transport> | null} */ let time = null;
  /** @type {keyof typeof STORY} */ let chapter = "before";
  let isOpen = true;
  let turn = 0;
  const settings = () => settingsOf(state, table);

  const title = h("h1", {});
  const lead = h("p", { class: "lead" });
  const story = h("section", { class: "story", "aria-label": "What happens now", "aria-live": "polite" }, title, lead);
  const stop = h("button", { type: "button", class: "plain", onclick: () => cancel?.() }, "Stop, and keep what it has");
  const progress = h("progress", { "aria-label": "How far learning has come", max: 1, value: 0 });
  const job = h("div", { class: "job", hidden: true }, progress, stop);
  const bar = h("div", { class: "bar", hidden: true });
  const everything = h("button", { type: "button", class: "plain", onclick: () => state.set({ page: "data" }) }, "Everything about these runs: error, cases, weights, record, code");

  const gone = new AbortController();
  const problem = troubleBox(gone.signal, () => {
    table = null; // a server that was started again has none
    return prepare();
  });
  /** @param {unknown} error */
  function trouble(error) {
    planes.busy(false);
    problem.tell(error);
  }

  function play() {
    time?.display(0);
    time?.begin();
  }
  const planes = planePanel(state, { trouble, settings, columns: () => table?.columns ?? [], play });
  stops.push(planes.stop, onTheme(() => setTimeout(planes.refresh)));
  const takers = h("div", { class: "takers" }, h("span", {}, "Take it with you:"), ...planes.takers, !kept && everything);
  stops.push(links(root, { choose: planes.choose }).stop);
  const times = timeline(state, true);
  root.append(story, problem.element, planes.element, job, takers, times, bar);
  hideNamed(state, { story, examples: planes.examples, export: takers, timeline: times });

  // ---- what is told ------------------------------------------------------------------
  /** @param {OneRun} run @returns {string} */
  function chapterOf(run) {
    const sweep = run.sweep(momentOf(run));
    const { outcome, sweeps, learned_at: learned } = run.message;
    if (sweep === 0) return "start";
    return sweep < (outcome === "learned" ? learned : sweeps) ? "learning" : outcome;
  }

  /** @param {OneRun} run */
  function resultOf(run) {
    const { sweeps, right, held_out_right: held, outcome, diverged_at: at } = run.message;
    const { cases, held_out: apart } = /** @type {Plan} */ (plan);
    const level = state.get("level");
    const near = nearness(/** @type {Plan} */ (plan));
    const meant = near ? ` Right means within ${near} of what is wanted.` : "";
    const advice = { learned: "", stuck: " More [sweeps|sweep], more units or another start may help.", diverged: ` In sweep ${at} its error ceased to be a number: a smaller [epsilon] often helps.`, unfinished: " What it had learned until it was stopped is kept." }[outcome];
    const begun = level === "glance" ? "" : level === "depth" ? `After ${counted(sweeps)} [sweeps|sweep] ` : `Going down ${measureOf(plan)}, for ${counted(sweeps)} [sweeps|sweep] to ${fixed(run.trace(run.nMoments - 1, 0), 4)}: `;
    return `${begun}${right} of the ${cases - apart} [cases|case] that it learned from are right${apart ? `, and ${held} of the ${apart} that it never saw: ${percent(held / apart)}` : ""}.${meant}${advice}`;
  }

  let told = "";
  function showStory() {
    const level = /** @type {import("../shared/levels.js").Level} */ (state.get("level"));
    const run = one && plan ? one : null;
    // Only what is another chapter is told anew: what changes with each sweep stands by the plane.
    const now = run ? chapterOf(run) : chapter;
    const name = now in STORY ? now : now === "learned" ? "learned" : "stuck";
    const heading = HEADINGS[now];
    const text = run && !(now in STORY) ? resultOf(run) : STORY[/** @type {keyof typeof STORY} */ (now)][level].replace("%E", measureOf(plan));
    if (told === heading + text) return;
    told = heading + text;
    story.dataset.chapter = name;
    title.textContent = heading;
    lead.replaceChildren(...worded(text));
  }

  // ---- learning ----------------------------------------------------------------------
  async function prepare() {
    const mine = ++turn;
    cancel?.();
    planes.begin();
    const isDrawn = state.get("table") === "drawn";
    problem.clear();
    try {
      if (isDrawn && !enough(state.get("points")).can) {
        bar.hidden = takers.hidden = true;
        one = plan = null;
        chapter = "drawing";
        planes.blank();
        return showStory();
      }
      const found = await tableOf(state, table);
      if (mine !== turn || !isOpen) return;
      table = found;
      const next = /** @type {Plan} */ (await askPlain("api/data/plan", settings()));
      if (mine !== turn || !isOpen) return;
      plan = next;
      planes.plan(next);
      if (next.plane.length < 2) throw new Refused("A plane needs two columns of numbers from which one column is predicted.", "See this table on the page Your data.");
      takers.hidden = false;
      if (state.get("learn")) return begin();
      bar.hidden = true;
      one = null;
      chapter = isDrawn ? "drawing" : "before";
      showStory();
    } catch (error) {
      if (mine !== turn || !isOpen) return;
      // What was learned before is another matter.
      one = plan = null;
      chapter = isDrawn ? "drawing" : "before";
      bar.hidden = takers.hidden = true;
      showStory();
      trouble(error);
    }
  }

  function begin() {
    if (kept) return void fetchRun();
    const mine = turn;
    const ended = () => {
      cancel = null;
      job.hidden = true;
    };
    progress.value = 0;
    cancel = line.begin(
      { work: "learn table", settings: /** @type {any} */ (settings()) },
      {
        progress(said) {
          if (mine !== turn) return;
          job.hidden = said.done >= said.total;
          progress.value = said.done / Math.max(1, said.total);
          if (one) return; // what was learned before is seen until then
          chapter = "learning";
          showStory();
        },
        done(result) {
          if (mine !== turn || !isOpen) return;
          ended();
          if (result) void fetchRun();
        },
        refused(error) {
          if (mine !== turn) return;
          ended();
          trouble(error);
        },
      },
    );
  }

  async function fetchRun() {
    const mine = turn;
    planes.busy(true);
    const run = Math.min(state.get("run"), Math.max(0, state.get("runs") - 1));
    try {
      const got = await ask("api/data/run", { settings: settings(), run });
      if (mine !== turn || !isOpen || run !== Math.min(state.get("run"), state.get("runs") - 1)) return;
      one = new OneRun(got);
      layTime(one);
      planes.run(one);
      showStory();
    } catch (error) {
      if (mine === turn) trouble(error);
    }
  }

  const momentOf = (/** @type {OneRun} */ run) => (state.get("sweep") === "end" ? run.nMoments - 1 : run.nearest(Number(state.get("sweep"))));

  /** @param {OneRun} run */
  function layTime(run) {
    const last = Math.max(1, run.nMoments - 1);
    const at = (/** @type {number} */ place) => Math.min(place, run.nMoments - 1);
    time ??= transport({ state, move: (place) => one && state.set({ sweep: place >= one.nMoments - 1 ? "end" : String(one.sweep(place)) }), pace: 18 });
    time.span({ last, named: (place) => run.sweep(at(place)) });
    bar.hidden = run.nMoments < 2;
    bar.replaceChildren(time.element);
    time.lay(Float32Array.from({ length: last + 1 }, (_, k) => run.trace(at(k), 0)), []);
    time.display(momentOf(run));
  }

  stops.push(
    () => time?.stop(),
    state.subscribe((changed) => {
      if (SETTINGS.some((key) => changed.has(key)) || changed.has("learn")) void prepare();
      else if (changed.has("run") && one) void fetchRun();
      else if (changed.has("sweep") && one) time?.display(momentOf(one));
      if (changed.has("level") || changed.has("sweep")) showStory();
    }),
  );
  showStory();
  const named = State.named();
  const isNew = ![...SETTINGS, "learn"].some((key) => named.has(key));
  askPlain("api/table/examples", {})
    .then((examples) => {
      planes.lay(examples);
      if (isNew && isOpen && state.get("table") === "iris") planes.first();
    })
    .catch(trouble);
  if (!isNew) void prepare();
  return () => {
    isOpen = false;
    gone.abort();
    turn++;
    cancel?.();
    for (const stop of stops) stop();
  };
}
