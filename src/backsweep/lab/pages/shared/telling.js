/** What happens now, as a heading and a sentence: told anew when its words change. */

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
    /** @param {{title: string} & import("./levels.js").Text} chapter @param {string} mood its colour */
    tell(chapter, mood) {
      const words = chapter[/** @type {Level} */ (state.get("level"))];
      if (words === told) return;
      told = words;
      element.dataset.chapter = mood;
      title.textContent = chapter.title;
      text.replaceChildren(...worded(words));
    },
  };
}
