/** The panels of a page, and which of them its address hides. */

import { h } from "./dom.js";

/** @param {string} cls @param {string} title @param {...any} children */
export const panel = (cls, title, ...children) => h("section", { class: `panel ${cls}`, "aria-label": title }, h("h2", {}, title), ...children);

/** Whether the address hides a part. @param {import("./state.js").State} state @param {string} name */
export const isHidden = (state, name) => String(state.get("hide")).split(",").includes(name);

/**
 * Leave out the parts that `hide` in the address names, and no others, whenever it changes.
 * @param {import("./state.js").State} state
 * @param {Record<string, HTMLElement | readonly HTMLElement[]>} parts
 * @returns {() => void} stop
 */
export function hideNamed(state, parts) {
  const hide = () => {
    for (const [name, part] of Object.entries(parts)) for (const one of [part].flat()) one.classList.toggle("left-out", isHidden(state, name));
  };
  hide();
  return state.subscribe((changed) => changed.has("hide") && hide());
}
