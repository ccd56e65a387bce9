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
  /** @param {string} heading @param {string} words @param {string} mood its colour */
  function say(heading, words, mood) {
    if (heading + words === told) return;
    told = heading + words;
    element.dataset.chapter = mood;
    title.textContent = heading;
    text.replaceChildren(...worded(words));
  }
  return {
    element,
    say,
    /** @param {{title: string} & import("./levels.js").Text} chapter @param {string} mood */
    tell: (chapter, mood) => say(chapter.title, chapter[/** @type {Level} */ (state.get("level"))], mood),
  };
}
