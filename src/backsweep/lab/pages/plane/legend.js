/** What the marks on the plane mean. */

import { h, s } from "../shared/dom.js";
import { fixed } from "../shared/format.js";
import { legendOf, swatches } from "../shared/legend.js";
import { SHAPES, colourOf, coloured, shape } from "./palette.js";

const R = 6;
const MIDDLE = "translate(9,9)";
const swatch = swatches("plane", 18, 18);

/** @param {number} of the class @param {string} cls @param {string} colour */
const mark = (of, cls, colour) => s("g", { class: `key-mark ${cls}`, transform: MIDDLE }, s("circle", { r: R + 1, class: "wrong-ring" }), coloured(s("path", { d: shape(of, R) }), colour));

/** @param {import("../shared/messages.js").PlanePoints} view @param {boolean} hasHeldOut */
export function planeLegend({ classes, scale: [low, high] }, hasHeldOut) {
  const wanted = classes.length
    ? classes.slice(0, SHAPES.length).map((name, k) => swatch(name, [mark(k, "", colourOf(k))]))
    : [h("li", {}, fixed(low, 1), h("span", { class: "number-key", "aria-hidden": "true" }), fixed(high, 1))];
  const more = classes.length > SHAPES.length ? h("li", {}, `and ${classes.length - SHAPES.length} more`) : null;
  return legendOf(...wanted, more, hasHeldOut && swatch("held out", [mark(0, "held", "var(--muted)")]), swatch("wrong", [mark(0, "wrong", "none")]));
}
