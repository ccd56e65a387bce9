/** Records: those of the folder, and what is in them. */

import { calm, h } from "../shared/dom.js";
import { counted, percent } from "../shared/format.js";
import { worded } from "../shared/glossary.js";
import { explained } from "../shared/levels.js";
import { links } from "../shared/links.js";
import { hideNamed, panel } from "../shared/panel.js";
import { runViews, viewSchema } from "../shared/run_views.js";
import { ask, kept, post } from "../shared/server.js";
import { words } from "../shared/state.js";
import { timeline } from "../shared/timeline.js";
import { begun, troubleBox } from "../shared/trouble.js";
import { STORY, TEXTS } from "./texts.js";

/** @typedef {import("../shared/messages.js").RecordLine} RecordLine */

const schema = { record: words("", /^.{0,110}$/), ...viewSchema };

/** @type {import("../shared/page.js").Page} */
export const page = { schema, texts: TEXTS, mount };

/** How the runs ended, as one bar. @param {RecordLine} line */
function shares(line) {
  const parts = /** @type {[string, number][]} */ ([["learned", line.learned], ["stuck", line.stuck], ["diverged", line.diverged], ["unfinished", line.unfinished]]);
  return h(
    "span",
    { class: "shares" },
    h("span", { class: "share-bar", "aria-hidden": "true" }, ...parts.filter(([, count]) => count).map(([name, count]) => h("span", { class: `share-${name}`, "data-share": count / line.runs }))),
    h("span", {}, `${percent(line.learned / line.runs)} learned`, ...parts.slice(1).filter(([, count]) => count).map(([name, count]) => `, ${counted(count)} ${name}`)),
  );
}

/** @param {HTMLElement} root @param {import("../shared/page.js").Lab} lab */
function mount(root, { state, onTheme }) {
  /** @type {(() => void)[]} */ const stops = [];
  let turn = 0;
  const gone = new AbortController();
  stops.push(() => gone.abort());
  const problem = troubleBox(gone.signal, () => showList().then(open));
  const trouble = problem.tell;
  const { element: explanation, stop } = explained(state, TEXTS.list);
  stops.push(stop);
  const title = h("h1", {}, "Records");
  const lead = h("p", { class: "lead" });
  const story = h("section", { class: "story", "aria-label": "What is here", "aria-live": "polite" }, title, lead);
  const list = h("div", { class: "record-list" });
  const listPanel = panel("list-panel", "In this folder", explanation, list);
  const views = runViews(state, {
    trouble,
    source: {
      run: (run) => ask("api/records/run", { name: state.get("record"), run }),
      case: (run, place) => ask("api/records/case", { name: state.get("record"), run, case: place }),
      file: () => ({ path: "api/records/file", body: { name: state.get("record") }, name: state.get("record").replace(/\.zarr$/, "") }),
    },
  });
  stops.push(views.stop, links(root, { choose: views.choose }).stop, onTheme(() => setTimeout(views.refresh)));
  const about = h("dl", { class: "facts about" });
  const elsewhere = h("div", { class: "elsewhere" });
  const aboutPanel = panel("about-panel", "What was learned", h("p", { class: "explained" }), about, elsewhere);
  const results = h("div", { class: "board results", hidden: true }, aboutPanel, ...views.columns);
  const takers = h("div", { class: "takers", hidden: true }, h("span", {}, "Take it with you:"), ...views.takers);
  const board = h("div", { class: "board", "aria-busy": "true" }, listPanel);
  const times = timeline(state, true);
  root.append(problem.element, story, kept ? "" : board, results, takers, times, views.bar);
  stops.push(hideNamed(state, { story, list: listPanel, about: aboutPanel, ...views.parts, export: takers, timeline: times }));
  const heading = /** @type {HTMLElement} */ (aboutPanel.querySelector("h2"));
  heading.tabIndex = -1;
  /** What is told of the record, by its name. @type {Map<string, HTMLElement>} */ let rows = new Map();
  let isAsked = false; // whether a record was just clicked, and is to be shown
  /** @type {import("../shared/messages.js").Records | null} */ let shelf = null;
  /** @type {import("../shared/messages.js").Ensemble | null} */ let shown = null;

  /** Say what is open, or what there is. */
  function tell() {
    const level = /** @type {import("../shared/levels.js").Level} */ (state.get("level"));
    title.textContent = state.get("record") || "Records";
    if (!shown && !shelf?.records.length) return void (shelf && (lead.textContent = `There are no records in ${shelf.folder} yet. Learn with “Your data” and save, or with: backsweep learn xor --runs 100 --save xor.zarr`));
    const [names, text] = shown ? STORY.open(shown, kept !== null) : STORY.list(/** @type {import("../shared/messages.js").Records} */ (shelf));
    lead.replaceChildren(names, ...worded(text[level]));
  }

  async function showList() {
    try {
      shelf = /** @type {import("../shared/messages.js").Records} */ (await (await post("api/records", {})).json());
      const { records } = shelf;
      tell();
      list.replaceChildren(
        ...(records.length
          ? [
              h(
                "ul",
                { class: "records" },
                h("li", { class: "record record-head", "aria-hidden": "true" }, ...["record", "task and network", "runs", "how they ended", "saved", "made by"].map((text) => h("span", {}, text))),
                ...records.map((line) =>
                  line.damage
                    ? h("li", { class: "record damaged" }, h("span", { class: "record-name" }, line.name), h("span", { class: "damage" }, begun(line.damage)), h("span", { class: "aside" }, line.changed))
                    : h(
                        "li",
                        { class: "record" },
                        h("button", { type: "button", class: "record-name", "aria-pressed": String(line.name === state.get("record")), onclick: () => choose(line.name) }, line.name),
                        h("span", {}, line.task, h("span", { class: "aside record-net" }, ` ${line.network.replace(/ \[[^\]]*\]/g, "").replaceAll("\n", "; ")}`)),
                        h("span", {}, `${counted(line.runs)} run${line.runs > 1 ? "s" : ""}`),
                        shares(line),
                        h("span", { class: "aside" }, line.changed),
                        h("span", { class: "aside" }, `Backsweep ${line.version}`),
                      ),
                ),
              ),
            ]
          : []),
      );
      for (const part of /** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll("[data-share]"))) part.style.flexGrow = part.dataset.share ?? "0";
      board.setAttribute("aria-busy", "false");
    } catch (error) {
      board.setAttribute("aria-busy", "false");
      trouble(error);
    }
  }

  /** @param {string} name */
  function choose(name) {
    isAsked = true;
    if (name === state.get("record") && shown) return show();
    state.set({ record: name, run: 0, sweep: "end", case: "" });
  }

  /** Go to what is open: it may be far below the list. */
  function show() {
    isAsked = false;
    aboutPanel.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
    heading.focus({ preventScroll: true });
  }

  async function open() {
    const mine = ++turn;
    shown = null;
    const name = state.get("record");
    for (const button of list.querySelectorAll("button.record-name")) button.setAttribute("aria-pressed", String(button.textContent === name));
    results.hidden = takers.hidden = views.bar.hidden = !name;
    tell();
    if (!name) return;
    try {
      const all = /** @type {any} */ (await ask("api/records/ensemble", { name }));
      if (mine !== turn) return;
      problem.clear();
      const { message } = all;
      /** @type {HTMLElement} */ (aboutPanel.querySelector(".explained")).textContent = message.about;
      const facts = [["task", message.task], ["network", message.network.replace(/ \[[^\]]*\]/g, "").replaceAll("\n", "; ")], ["weights and biases", counted(message.parameters)], ["cases", `${counted(message.cases - message.held_out)}${message.held_out ? ` and ${counted(message.held_out)} held out` : ""}`], ["seed", String(message.seed)], ["engine", message.engine], ["Backsweep", message.version], ...message.settings];
      rows = new Map(facts.map(([label, value]) => [label, h("div", {}, h("dt", {}, label), h("dd", {}, value))]));
      about.replaceChildren(...rows.values());
      shown = message;
      tell();
      await views.lay(all);
      if (isAsked && mine === turn) show();
    } catch (error) {
      if (mine !== turn) return;
      results.hidden = takers.hidden = views.bar.hidden = true;
      trouble(error);
    }
  }

  /** Where else the run is shown, and why not. @param {import("../shared/messages.js").OneRun} message */
  function pages({ run, elsewhere }) {
    const links = elsewhere.filter((page) => page.link && !kept).map((page, k) => [k ? ", " : `Open run ${run} on its own page, forward and backward in time: `, h("a", { href: `#${page.link}` }, page.title)]);
    const reasons = elsewhere.filter((page) => page.why).map((page) => h("li", {}, h("strong", {}, page.title), " does not show this run. ", page.why));
    return [!elsewhere.length && h("p", { class: "aside small" }, "No other page of the lab has this task."), links.length > 0 && h("p", {}, ...links.flat()), reasons.length > 0 && h("ul", { class: "aside small" }, ...reasons)].filter((one) => one !== false);
  }

  /** Settings that are one value a run: those of the run that is shown. @param {import("../shared/messages.js").OneRun} message */
  function own({ settings, run }) {
    for (const [label, value] of settings) rows.get(label)?.replaceChildren(h("dt", {}, `${label} of run ${run}`), h("dd", {}, value));
  }

  views.onRun(({ message }) => own(message));
  views.onRun(({ message }) => elsewhere.replaceChildren(...pages(message)));
  stops.push(state.subscribe((changed) => {
    if (changed.has("record")) void open();
    if (changed.has("level")) tell();
  }));
  void (kept ? open() : showList().then(open));
  return () => {
    turn++;
    for (const stop of stops) stop();
  };
}
