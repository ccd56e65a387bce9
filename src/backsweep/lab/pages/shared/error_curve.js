/**
 * The error curve: one run's error over the sweeps, among the quantiles of many, with
 * its plateau and its drop marked, and a line at the sweep that is looked at.
 */

import { h, s, set, watchWidth } from "./dom.js";
import { area, line, scaleLinear } from "./d3.js";
import { draggable } from "./drag.js";

/**
 * @typedef {Object} Curves
 * @property {ArrayLike<number>} error by sweep
 * @property {{plateau: number[] | null, drop: number[] | null}} marks
 * @property {number} ceiling the top of the axis, at least
 * @property {ArrayLike<number> | null} [untouched] the error without what was set by hand
 * @property {{at: number, said: string}[]} [marked] sweeps with something to say
 */
/** @typedef {{levels: number[], rows: ArrayLike<number>[]}} Fan quantiles by sweep */

/** @param {HTMLElement} frame @param {{move: (sweep: number) => void, last: number, title: string}} options */
export function errorCurve(frame, { move, last, title }) {
  const svg = s("svg", { class: "curve", role: "img", "aria-label": title });
  frame.append(svg);
  let width = 0;
  let height = 0;
  /** @type {Curves | null} */ let curves = null;
  /** @type {Fan | null} */ let fan = null;
  let sweep = 0;
  const margin = { top: 30, right: 14, bottom: 40, left: 46 };
  let x = scaleLinear();
  let y = scaleLinear();
  const zones = s("g", {});
  const names = s("g", {});
  const grid = s("g", { class: "grid" });
  const fanned = s("g", {});
  const other = s("path", { class: "other" });
  const path = s("path", { class: "error-line" });
  const past = s("path", { class: "error-line past" });
  const kept = s("g", {});
  /** @type {ArrayLike<number>[]} */ let keeping = [];
  const before = s("path", { class: "untouched" });
  const marks = s("g", { class: "set-marks" });
  const cursor = s("g", { class: "cursor" }, s("line", {}), s("circle", { r: 6 }), s("text", {}));
  svg.append(zones, grid, fanned, marks, kept, other, before, path, past, names, cursor);

  function draw() {
    if (!width || !curves) return;
    height = width < 460 ? 220 : 244;
    set(svg, { viewBox: `0 0 ${width} ${height}`, width, height });
    const shown = curves.error;
    let top = curves.ceiling;
    for (const values of [shown, curves.untouched ?? [], ...keeping]) for (let k = 0; k < values.length; k++) if (values[k] > top) top = values[k];
    x = scaleLinear([0, last], [margin.left, width - margin.right]);
    y = scaleLinear([0, top * 1.06], [height - margin.bottom, margin.top]);
    const ticks = y.ticks(4);
    grid.replaceChildren(
      ...ticks.map((/** @type {number} */ value) =>
        s("g", { transform: `translate(0,${y(value)})` }, s("line", { x1: margin.left, x2: width - margin.right }), s("text", { x: margin.left - 8, y: 4, "text-anchor": "end" }, String(value))),
      ),
      ...x.ticks(width < 460 ? 4 : 7).map((/** @type {number} */ value) =>
        s("text", { x: x(value), y: height - margin.bottom + 20, "text-anchor": "middle" }, String(value)),
      ),
      s("text", { x: width - margin.right, y: height - 2, "text-anchor": "end", class: "axis" }, "sweeps"),
      s("text", { x: margin.left - 40, y: 13, class: "axis" }, "mean squared error"),
    );
    drawZones();
    drawFan();
    const curve = line((/** @type {number} */ _, /** @type {number} */ k) => x(k), (/** @type {number} */ v) => y(v)).defined(Number.isFinite);
    const d = curve(Array.from(shown));
    set(path, { d });
    set(past, { d });
    set(before, { d: curves.untouched ? curve(Array.from(curves.untouched)) : "" });
    kept.replaceChildren(
      ...keeping.flatMap((values, k) => {
        // A name stands where its curve falls, each at another height.
        const down = Array.from(values).findIndex((value) => value < values[0] * (0.8 - 0.25 * k));
        const at = down < 0 ? Math.round(last * (0.6 + 0.1 * k)) : down;
        return [s("path", { class: `kept-line ${"abc"[k]}`, d: curve(Array.from(values)) }), s("text", { class: "kept-name", x: x(at) + 9, y: y(values[at]) - 4 }, "ABC"[k])];
      }),
    );
    marks.replaceChildren(
      ...(curves.marked ?? []).map(({ at, said }) =>
        s("g", { transform: `translate(${x(at)},0)` }, s("title", {}, said), s("line", { y1: margin.top - 4, y2: height - margin.bottom }), s("path", { d: `M0,${margin.top - 14}l5,6l-5,6l-5,-6Z` })),
      ),
    );
    show(sweep);
  }

  function drawZones() {
    const { plateau, drop } = /** @type {Curves} */ (curves).marks;
    zones.replaceChildren();
    names.replaceChildren();
    let taken = 0; // as far as names reach: one that would stand over another goes lower
    for (const [name, ends] of /** @type {[string, number[] | null][]} */ ([["plateau", plateau], ["drop", drop]])) {
      if (!ends) continue;
      const [from, to] = ends.map((sweep) => x(sweep));
      const half = name.length * 4;
      const middle = Math.max((from + to) / 2, margin.left + half + 2);
      const below = middle - half < taken;
      taken = middle + half + 4;
      zones.append(s("rect", { class: `zone ${name}`, x: from, y: margin.top, width: Math.max(2, to - from), height: height - margin.top - margin.bottom }));
      names.append(
        s("text", { class: "zone-name", x: middle, y: margin.top + (below ? 33 : 16) }, name),
      );
    }
  }

  function drawFan() {
    fanned.replaceChildren();
    if (!fan || !curves) return;
    const { levels, rows } = fan;
    for (let k = 0; k < Math.floor(levels.length / 2); k++) {
      const low = rows[k];
      const high = rows[levels.length - 1 - k];
      const band = area((/** @type {number} */ _, /** @type {number} */ j) => x(j), (/** @type {number} */ _, /** @type {number} */ j) => y(low[j]), (/** @type {number} */ _, /** @type {number} */ j) => y(high[j]))
        .defined((/** @type {number} */ _, /** @type {number} */ j) => Number.isFinite(low[j]));
      fanned.append(s("path", { class: "fan", d: band(Array.from(low)) }));
    }
    const middle = rows[Math.floor(levels.length / 2)];
    const median = line((/** @type {number} */ _, /** @type {number} */ j) => x(j), (/** @type {number} */ v) => y(v)).defined(Number.isFinite);
    fanned.append(s("path", { class: "median", d: median(Array.from(middle)) }));
  }

  /** @param {number} now */
  function show(now) {
    sweep = now;
    if (!curves || !width) return;
    const value = curves.error[now];
    const at = x(now);
    const here = Number.isFinite(value) ? y(value) : y(0);
    const [rule, dot, text] = /** @type {any} */ (cursor.children);
    set(rule, { x1: at, x2: at, y1: margin.top - 8, y2: height - margin.bottom });
    set(dot, { cx: at, cy: here });
    const flip = at > width - margin.right - 64;
    set(text, { x: at + (flip ? -11 : 11), y: Math.max(here - 10, margin.top + 34), "text-anchor": flip ? "end" : "start" });
    text.textContent = Number.isFinite(value) ? value.toFixed(value < 0.01 ? 4 : 3) : "diverged";
    past.style.clipPath = `inset(-9px ${Math.max(0, x(last) - at)}px -9px -9px)`;
  }

  draggable(svg, (across) => move(Math.round(Math.max(0, Math.min(last, x.invert(across))))));
  const stop = watchWidth(frame, (now) => {
    width = now;
    draw();
  });
  return {
    /** @param {Curves} next */
    lay(next) {
      curves = next;
      draw();
    },
    /** @param {Fan | null} next */
    layFan(next) {
      fan = next;
      if (curves && width) drawFan();
    },
    /** Curves of other runs to compare with, at most three. @param {ArrayLike<number>[]} values by sweep */
    keep(values) {
      keeping = values;
      draw();
    },
    /** Another run's curve, for a moment. @param {ArrayLike<number>[] | null} points sweeps and errors */
    peek(points) {
      const drawn = points && width ? line((/** @type {number} */ k) => x(points[0][k]), (/** @type {number} */ k) => y(points[1][k])).defined((/** @type {number} */ k) => Number.isFinite(points[1][k]))(Array.from(points[0], (_, k) => k)) : "";
      set(other, { d: drawn });
    },
    show,
    svg,
    stop,
  };
}

/** What the marks of the curve mean. @param {boolean} [byHand] whether something was set by hand */
export function curveLegend(byHand = false) {
  const swatch = (/** @type {Node} */ shape, /** @type {string} */ text) =>
    h("li", {}, s("svg", { class: "curve swatch", width: 28, height: 14, viewBox: "0 0 28 14", "aria-hidden": "true" }, shape), text);
  return h(
    "ul",
    { class: "legend" },
    swatch(s("path", { class: "error-line past", d: "M1,7H27" }), byHand ? "this start, as you set it" : "this start"),
    byHand && swatch(s("path", { class: "untouched", d: "M1,7H27" }), "without your change"),
    swatch(s("path", { class: "median", d: "M1,7H27" }), "the middle one of a thousand"),
    swatch(s("g", {}, s("rect", { class: "fan", width: 28, height: 14 }), s("rect", { class: "fan", y: 4, width: 28, height: 6 })), "half of them, and nine in ten"),
  );
}
