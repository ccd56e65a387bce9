/**
 * Three levels of explanation, chosen once and held everywhere: a text gives one
 * version for each, and `explained` shows the one that the reader chose.
 */

import { h } from "./dom.js";
import { worded } from "./glossary.js";

/** @typedef {"glance" | "depth" | "maths"} Level */
/** @typedef {Record<Level, string>} Text its terms marked as [term] or [shown|term] */

/** @type {readonly Level[]} */
export const LEVELS = ["glance", "depth", "maths"];
/** @type {Record<Level, string>} */
export const NAMES = { glance: "At a glance", depth: "In depth", maths: "The mathematics" };

/**
 * A paragraph that follows the chosen level.
 * @param {import("./state.js").State} state
 * @param {Text} text
 * @param {(said: string) => string} [fill] puts numbers in
 */
export function explained(state, text, fill = (said) => said) {
  const element = h("p", { class: "explained" });
  const show = () => element.replaceChildren(...worded(fill(text[/** @type {Level} */ (state.get("level"))])));
  show();
  const stop = state.subscribe((changed) => changed.has("level") && show());
  return { element, show, stop };
}
