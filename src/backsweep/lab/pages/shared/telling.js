/** What happens now, as a heading and a sentence: told anew when its chapter changes. */

import { h } from "./dom.js";
import { worded } from "./glossary.js";

/** @typedef {import("./levels.js").Level} Level */

/** @param {import("./state.js").State} state */
export function telling(state) {
  const title = h("h1", {});
  const text = h("p", { class: "lead" });
  const element = h("section", { class: "story", "aria-label": "What happens now", "aria-live": "polite" }, title, text);
  let told = "";
  return {
    element,
    /** @param {string} name of the chapter @param {{title: string, text: import("./levels.js").Text}} chapter @param {string} mood its colour */
    tell(name, chapter, mood) {
      const level = /** @type {Level} */ (state.get("level"));
      if (`${name} ${level}` === told) return;
      told = `${name} ${level}`;
      element.dataset.chapter = mood;
      title.textContent = chapter.title;
      text.replaceChildren(...worded(chapter.text[level]));
    },
  };
}
