/** Points on a plane: what each unit says there, while it learns and after. */

import { h } from "../shared/dom.js";
import { enough } from "../shared/drawn.js";
import { links } from "../shared/links.js";
import { hideNamed } from "../shared/panel.js";
import { OneRun } from "../shared/one_run.js";
import { measureOf } from "../shared/measures.js";
import { outcomeOf } from "../shared/outcome.js";
import { Refused, ask, askPlain, kept } from "../shared/server.js";
import { State, quiet, whole, words } from "../shared/state.js";
import { SETTINGS, settingsOf, tableOf, tableSchema } from "../shared/table_settings.js";
import { telling } from "../shared/telling.js";
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

const HEADINGS = { before: "Points on a plane", drawing: "Draw your own", start: "The start", learning: "Learning" };

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
  /** @type {keyof typeof HEADINGS} */ let chapter = "before";
  let isOpen = true;
  let turn = 0;
  const settings = () => settingsOf(state, table);

  const { element: story, say } = telling(state);
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
  stops.push(hideNamed(state, { story, examples: planes.examples, export: takers, timeline: times }));

  // ---- what is told ------------------------------------------------------------------
  /** What a run comes to is told at its end; until then, which chapter it is in. @param {OneRun} run */
  function chapterOf(run) {
    const sweep = run.sweep(momentOf(run));
    const { outcome, sweeps, learned_at: learned } = run.message;
    if (sweep === 0) return "start";
    return sweep < (outcome === "learned" ? learned : sweeps) ? "learning" : null;
  }

  function showStory() {
    const level = /** @type {import("../shared/levels.js").Level} */ (state.get("level"));
    const run = plan && one;
    // Only what is another chapter is told anew: what changes with each sweep stands by the plane.
    const now = run ? chapterOf(run) : chapter;
    if (now) return say(HEADINGS[now], STORY[now][level].replace("%E", measureOf(plan)), now);
    const { heading, mood, scores, advice } = outcomeOf(/** @type {OneRun} */ (one), /** @type {Plan} */ (plan), level);
    say(heading, scores + advice, mood);
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
