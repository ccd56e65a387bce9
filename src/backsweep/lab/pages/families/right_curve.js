/** How many questions are right, sweep by sweep: those told, and those never told. */

import { s, set, watchWidth } from "../shared/dom.js";
import { line, scaleLinear } from "../shared/d3.js";
import { draggable } from "../shared/drag.js";
import { legendOf, swatches } from "../shared/legend.js";

/** @typedef {{sweeps: readonly number[], told: number[], untold: number[], stages: {name: string, first: number, last: number}[]}} Shares */

/** @param {HTMLElement} frame @param {{move: (sweep: number) => void}} options */
export function rightCurve(frame, { move }) {
  const svg = s("svg", { class: "curve right-curve", role: "img", "aria-label": "Share of the questions answered rightly, by sweep" });
  frame.append(svg);
  /** @type {Shares | null} */ let shares = null;
  let sweep = 0;
  let width = 0;
  const height = 250;
  const margin = { top: 34, right: 16, bottom: 36, left: 50 };
  let x = scaleLinear();
  const cursor = s("line", { class: "cursor-line" });

  function draw() {
    if (!width || !shares) return;
    const { sweeps, told, untold, stages } = shares;
    set(svg, { viewBox: `0 0 ${width} ${height}`, width, height });
    x = scaleLinear([0, sweeps[sweeps.length - 1]], [margin.left, width - margin.right]);
    const y = scaleLinear([0, 1], [height - margin.bottom, margin.top]);
    const path = line((/** @type {number} */ _, /** @type {number} */ k) => x(sweeps[k]), (/** @type {number} */ v) => y(v));
    svg.replaceChildren(
      ...stages.flatMap(({ name, first, last }, k) => {
        const [from, to] = [x(first - 1), x(last)];
        return [
          s("rect", { class: k % 2 ? "stage odd" : "stage", x: from, width: Math.max(1, to - from), y: margin.top, height: height - margin.top - margin.bottom }),
          to - from > 48 && s("text", { class: "stage-name", x: (from + to) / 2, y: margin.top - 8 }, name),
        ].filter((one) => one !== false);
      }),
      s(
        "g",
        { class: "grid" },
        ...[0, 0.25, 0.5, 0.75, 1].map((value) => s("g", { transform: `translate(0,${y(value)})` }, s("line", { x1: margin.left, x2: width - margin.right }), s("text", { x: margin.left - 8, y: 4.5, "text-anchor": "end" }, `${100 * value} %`))),
        ...x.ticks(width < 460 ? 3 : 6).map((/** @type {number} */ value) => s("text", { x: x(value), y: height - margin.bottom + 20, "text-anchor": "middle" }, String(value))),
      ),
      s("text", { class: "axis", x: width - margin.right, y: height - 2, "text-anchor": "end" }, "sweeps"),
      s("path", { class: "told-line", d: path(told) }),
      s("path", { class: "untold-line", d: path(untold) }),
      cursor,
    );
    show(sweep);
  }

  /** @param {number} now */
  function show(now) {
    sweep = now;
    if (shares && width) set(cursor, { x1: x(now), x2: x(now), y1: margin.top - 4, y2: height - margin.bottom });
  }

  draggable(svg, (across) => move(x.invert(across)));
  const stop = watchWidth(frame, (now) => {
    width = now;
    draw();
  });
  return {
    /** @param {Shares} next */
    lay(next) {
      shares = next;
      draw();
    },
    show,
    svg,
    stop,
  };
}

/** What the lines mean. */
export function rightLegend() {
  const swatch = swatches("curve right-curve", 28, 14);
  const line = (/** @type {string} */ cls) => [s("path", { class: cls, d: "M1,7H27" })];
  return legendOf(swatch("of the 100 told", line("told-line")), swatch("of the 4 never told", line("untold-line")));
}
