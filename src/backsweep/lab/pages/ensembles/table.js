/** The map as a table: some of its cells, evenly apart. */

import { h } from "../shared/dom.js";
import { SETTINGS, setting } from "./axes.js";

const SIDE = 8; // cells along a side of it

/** @param {import("./sheet.js").Sheet} sheet @param {import("./map.js").Shown} shown */
export function tableOf(sheet, { x, y, show: kind }) {
  const { window, level } = sheet;
  const places = Array.from({ length: SIDE }, (_, k) => Math.floor(((k + 0.5) / SIDE) * level));
  const at = (/** @type {string} */ name, /** @type {number} */ low, /** @type {number} */ high, /** @type {number} */ k) => setting(name, low + ((k + 0.5) / level) * (high - low), (high - low) / SIDE / 4);
  const word = (/** @type {import("./sheet.js").Came} */ one) => {
    if (kind === "convergence") return Number.isNaN(one.convergence) ? "" : one.convergence < 0 ? "learns" : "no";
    if (one.diverged === 1) return "diverged";
    if (one.share === 0) return "none";
    return Number.isNaN(one.share) ? "" : kind === "share" ? `${Math.round(100 * one.share)} %` : String(Math.round(one.median));
  };
  return h(
    "table",
    {},
    h("caption", {}, `${SETTINGS[x].name} to the right, ${SETTINGS[y].name} upward; ${kind === "median" ? "median sweeps" : kind === "share" ? "share that learned" : "whether it learns"}, in ${SIDE} × ${SIDE} of the cells`),
    h("thead", {}, h("tr", {}, h("td", {}), ...places.map((column) => h("th", { scope: "col" }, at(x, window.x0, window.x1, column))))),
    h("tbody", {}, ...[...places].reverse().map((row) => h("tr", {}, h("th", { scope: "row" }, at(y, window.y0, window.y1, row)), ...places.map((column) => h("td", {}, word(sheet.at(column, row))))))),
  );
}
