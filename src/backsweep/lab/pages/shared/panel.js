/** The panels of a page, and which of them its address hides. */

import { h } from "./dom.js";

/** @param {string} cls @param {string} title @param {...any} children */
export const panel = (cls, title, ...children) => h("section", { class: `panel ${cls}`, "aria-label": title }, h("h2", {}, title), ...children);

/** Hide the parts that `hide` in the address names. @param {import("./state.js").State} state @param {Record<string, HTMLElement>} parts */
export function hideNamed(state, parts) {
  for (const name of String(state.get("hide")).split(",")) if (Object.hasOwn(parts, name)) parts[name].hidden = true;
}
