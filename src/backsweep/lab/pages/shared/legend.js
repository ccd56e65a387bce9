/** Legends: small drawings with what they mean. */

import { h, s } from "./dom.js";

/** @typedef {Element | false | null} Item */

/** @param {...Item} items */
export const legendOf = (...items) => h("ul", { class: "legend" }, ...items);

/**
 * Swatches of one size, in the style of a drawing.
 * @param {string} cls of the drawing @param {number} width @param {number} height
 */
export const swatches = (cls, width, height) => (/** @type {string} */ text, /** @type {Element[]} */ shapes, group = "") =>
  h("li", {}, s("svg", { class: `${cls} swatch`, width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" }, s("g", { class: group }, ...shapes)), text);
