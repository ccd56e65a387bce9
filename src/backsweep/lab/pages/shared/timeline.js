/** What came before the letter of 1986, and what came after, at the foot of a page. */

import { h } from "./dom.js";

/** Its list follows: nobody reads it first. */
export function timeline() {
  const element = h("section", { class: "timeline", "aria-label": "What came before, what came after" }, h("h2", {}, "Before and after"));
  void (async () => element.append((await import("./events.js")).list()))();
  return element;
}
