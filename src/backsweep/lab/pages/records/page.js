/** Records: those of the folder, and what is in them. */

import { h } from "../shared/dom.js";
import { counted, percent } from "../shared/format.js";
import { explained } from "../shared/levels.js";
import { hideNamed, panel } from "../shared/panel.js";
import { runViews, viewSchema } from "../shared/run_views.js";
import { ask, kept, post } from "../shared/server.js";
import { words } from "../shared/state.js";
import { timeline } from "../shared/timeline.js";
import { troubleBox } from "../shared/trouble.js";
import { TEXTS } from "./texts.js";

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
  stops.push(views.stop, onTheme(() => setTimeout(views.refresh)));
  const about = h("dl", { class: "facts about" });
  const elsewhere = h("div", { class: "elsewhere" });
  const aboutPanel = panel("about-panel", "What was learned", h("p", { class: "explained" }), about, elsewhere);
  const results = h("div", { class: "board results", hidden: true }, aboutPanel, ...views.columns);
  const takers = h("div", { class: "takers", hidden: true }, h("span", {}, "Take it with you:"), ...views.takers);
  const board = h("div", { class: "board", "aria-busy": "true" }, listPanel);
  const times = timeline(state, true);
  root.append(problem.element, story, board, results, takers, times, views.bar);
  hideNamed(state, { story, list: listPanel, about: aboutPanel, ...views.parts, export: takers, timeline: times });
  board.hidden = kept !== null;

  async function showList() {
    try {
      const { folder, records, more } = /** @type {import("../shared/messages.js").Records} */ (await (await post("api/records", {})).json());
      lead.textContent = records.length ? `${counted(records.length)} record${records.length > 1 ? "s" : ""} in ${folder}${more ? `, and ${counted(more)} more` : ""}.` : `There are no records in ${folder} yet. Learn with “Your data” and save, or with: backsweep learn xor --runs 100 --save xor.zarr`;
      list.replaceChildren(
        ...(records.length
          ? [
              h(
                "ul",
                { class: "records" },
                ...records.map((line) =>
                  line.damage
                    ? h("li", { class: "record damaged" }, h("span", { class: "record-name" }, line.name), h("span", { class: "damage" }, line.damage), h("span", { class: "aside" }, line.changed))
                    : h(
                        "li",
                        { class: "record" },
                        h("button", { type: "button", class: "record-name", "aria-pressed": String(line.name === state.get("record")), onclick: () => state.set({ record: line.name, run: 0, sweep: "end", case: "" }) }, line.name),
                        h("span", {}, line.task, h("span", { class: "aside record-net" }, ` ${line.network.replace(/ \[[^\]]*\]/g, "").replaceAll("\n", "; ")}`)),
                        h("span", {}, `${counted(line.runs)} run${line.runs > 1 ? "s" : ""}`),
                        shares(line),
                        h("span", { class: "aside" }, line.changed),
                        h("span", { class: "aside" }, line.version),
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

  async function open() {
    const mine = ++turn;
    const name = state.get("record");
    for (const button of list.querySelectorAll("button.record-name")) button.setAttribute("aria-pressed", String(button.textContent === name));
    results.hidden = takers.hidden = views.bar.hidden = !name;
    title.textContent = name || "Records";
    if (!name) return;
    try {
      const all = /** @type {any} */ (await ask("api/records/ensemble", { name }));
      if (mine !== turn) return;
      problem.clear();
      const { message } = all;
      /** @type {HTMLElement} */ (aboutPanel.querySelector(".explained")).textContent = message.about;
      const facts = [["task", message.task], ["network", message.network.replace(/ \[[^\]]*\]/g, "").replaceAll("\n", "; ")], ["weights and biases", counted(message.parameters)], ["cases", `${counted(message.cases - message.held_out)}${message.held_out ? ` and ${counted(message.held_out)} held out` : ""}`], ["seed", String(message.seed)], ["engine", message.engine], ["Backsweep", message.version], ...message.settings];
      about.replaceChildren(...facts.map(([label, value]) => h("div", {}, h("dt", {}, label), h("dd", {}, value))));
      await views.lay(all);
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

  views.onRun(({ message }) => elsewhere.replaceChildren(...pages(message)));
  stops.push(state.subscribe((changed) => changed.has("record") && void open()));
  void (kept ? open() : showList().then(open));
  return () => {
    turn++;
    for (const stop of stops) stop();
  };
}
