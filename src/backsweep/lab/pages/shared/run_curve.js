/** The error of a run over its sweeps, of learning and of held-out cases, among others. */

import { h, s, set, watchWidth } from "./dom.js";
import { fixed } from "./format.js";
import { area, line, scaleLinear } from "./d3.js";
import { draggable } from "./drag.js";

const FAR = 1000; // times the first error

/** @typedef {{sweeps: ArrayLike<number>, values: ArrayLike<number>}} Course */
/**
 * @typedef {Object} Courses
 * @property {number} last the last sweep of the axis
 * @property {Course} error
 * @property {Course | null} heldOut
 * @property {{sweeps: ArrayLike<number>, rows: ArrayLike<number>[]} | null} fan quantiles
 */

/** @param {HTMLElement} frame @param {{move: (sweep: number) => void, title: string}} options */
export function runCurve(frame, { move, title }) {
  const fanned = s("g", {});
  const grid = s("g", { class: "grid" });
  const path = s("path", { class: "error-line past" });
  const apart = s("path", { class: "apart-line" });
  const cursor = s("g", { class: "cursor" }, s("line", {}), s("circle", { r: 6 }), s("text", {}));
  const svg = s("svg", { class: "curve", role: "img", "aria-label": title }, fanned, grid, apart, path, cursor);
  frame.append(svg);
  const margin = { top: 30, right: 14, bottom: 34, left: 52 };
  let width = 0;
  let at = Infinity;
  /** @type {number | null} */ let told = null;
  let x = scaleLinear();
  let y = scaleLinear();
  /** @type {Courses | null} */ let courses = null;

  function draw() {
    if (!width || !courses) return;
    const { last, error, heldOut, fan } = courses;
    const height = width < 460 ? 220 : 290;
    set(svg, { viewBox: `0 0 ${width} ${height}`, width, height });
    const shown = [error.values, heldOut?.values ?? [], fan ? fan.rows[fan.rows.length - 1] : []];
    let top = 0;
    for (const values of shown) for (let k = 0; k < values.length; k++) if (values[k] > top && Number.isFinite(values[k])) top = values[k];
    x = scaleLinear([0, last], [margin.left, width - margin.right]);
    // An error that runs away leaves at the top: what came before is to be seen.
    const first = error.values[0] || 1;
    if (top > FAR * first) top = first * 4;
    y = scaleLinear([0, (top || 1) * 1.06], [height - margin.bottom, margin.top]).clamp(true);
    grid.replaceChildren(
      ...y.ticks(4).map((/** @type {number} */ value) => s("g", { transform: `translate(0,${y(value)})` }, s("line", { x1: margin.left, x2: width - margin.right }), s("text", { x: margin.left - 8, y: 4, "text-anchor": "end" }, String(value)))),
      ...x.ticks(width < 460 ? 4 : 7).map((/** @type {number} */ value) => s("text", { x: x(value), y: height - margin.bottom + 20, "text-anchor": "middle" }, String(value))),
      s("text", { x: width - margin.right, y: height - 2, "text-anchor": "end", class: "axis" }, "sweeps"),
      s("text", { x: 4, y: 13, class: "axis" }, "error"),
    );
    const drawn = (/** @type {Course} */ { sweeps, values }) =>
      line((/** @type {number} */ k) => x(sweeps[k]), (/** @type {number} */ k) => y(values[k])).defined((/** @type {number} */ k) => Number.isFinite(values[k]))(Array.from(values, (_, k) => k));
    set(path, { d: drawn(error) });
    set(apart, { d: heldOut ? drawn(heldOut) : "" });
    fanned.replaceChildren();
    if (fan && fan.sweeps.length > 1) {
      const { sweeps, rows } = fan;
      for (let k = 0; k < Math.floor(rows.length / 2); k++) {
        const [low, high] = [rows[k], rows[rows.length - 1 - k]];
        const band = area((/** @type {number} */ j) => x(sweeps[j]), (/** @type {number} */ j) => y(low[j]), (/** @type {number} */ j) => y(high[j])).defined((/** @type {number} */ j) => Number.isFinite(low[j] + high[j]));
        fanned.append(s("path", { class: "fan", d: band(Array.from(low, (_, j) => j)) }));
      }
      fanned.append(s("path", { class: "median", d: drawn({ sweeps, values: rows[Math.floor(rows.length / 2)] }) }));
    }
    show(at, told);
  }

  /** @param {number} sweep @param {number | null} [value] the error there, where it is known better */
  function show(sweep, value = null) {
    at = sweep;
    told = value;
    if (!courses || !width) return;
    const { sweeps, values } = courses.error;
    cursor.style.display = values.length ? "" : "none";
    if (!values.length) return;
    let k = 0;
    while (k < sweeps.length - 1 && sweeps[k + 1] <= sweep) k++;
    const left = x(Math.min(Math.max(sweep, 0), sweeps[sweeps.length - 1]));
    const [rule, dot, text] = /** @type {any} */ (cursor.children);
    set(rule, { x1: left, x2: left, y1: margin.top - 8, y2: y(0) });
    const error = told !== null && Number.isFinite(told) ? told : values[k];
    set(dot, { cx: left, cy: y(error) });
    const flip = left > width - margin.right - 74;
    set(text, { x: left + (flip ? -11 : 11), y: Math.max(y(error) - 10, margin.top + 12), "text-anchor": flip ? "end" : "start" });
    text.textContent = fixed(error, error < 0.01 ? 5 : 3);
  }

  draggable(svg, (across) => move(Math.round(Math.max(0, Math.min(courses?.last ?? 0, x.invert(across))))));
  const stop = watchWidth(frame, (now) => {
    width = now;
    draw();
  });
  return {
    /** @param {Courses} next */
    lay(next) {
      courses = next;
      draw();
    },
    show,
    svg,
    stop,
  };
}

/** @param {boolean} heldOut @param {boolean} fan */
export function runLegend(heldOut, fan) {
  const swatch = (/** @type {Node} */ shape, /** @type {string} */ text) => h("li", {}, s("svg", { class: "curve swatch", width: 28, height: 14, viewBox: "0 0 28 14", "aria-hidden": "true" }, shape), text);
  return h(
    "ul",
    { class: "legend" },
    swatch(s("path", { class: "error-line past", d: "M1,7H27" }), "cases it learns from"),
    heldOut && swatch(s("path", { class: "apart-line", d: "M1,7H27" }), "held-out cases"),
    fan && swatch(s("path", { class: "median", d: "M1,7H27" }), "the middle one of all runs"),
    fan && swatch(s("g", {}, s("rect", { class: "fan", width: 28, height: 14 }), s("rect", { class: "fan", y: 4, width: 28, height: 6 })), "half of them, and nine in ten"),
  );
}
