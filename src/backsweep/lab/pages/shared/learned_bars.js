/** The sweeps in which runs learned, as columns. */

import { s, set, watchWidth } from "./dom.js";
import { scaleLinear } from "./d3.js";

/** @param {HTMLElement} frame */
export function learnedBars(frame) {
  const svg = s("svg", { class: "curve bars", role: "img" });
  frame.append(svg);
  let width = 0;
  /** @type {[ArrayLike<number>, number] | null} */ let last = null;
  function draw() {
    if (!last || !width) return;
    const [learned, sweeps] = last;
    const height = 150;
    const never = 70;
    const bins = 25;
    const counts = new Array(bins + 1).fill(0);
    for (let k = 0; k < learned.length; k++) counts[learned[k] ? Math.min(bins - 1, Math.floor(((learned[k] - 1) / sweeps) * bins)) : bins]++;
    const x = scaleLinear([0, sweeps], [8, width - never - 16]);
    const y = scaleLinear([0, Math.max(...counts)], [height - 24, 16]);
    set(svg, { viewBox: `0 0 ${width} ${height}`, width, height, "aria-label": `Runs by the sweep in which they learned; ${counts[bins]} did not.` });
    const column = (/** @type {number} */ from, /** @type {number} */ to, /** @type {number} */ count, /** @type {string} */ cls) =>
      count ? [s("rect", { class: cls, x: from + 0.75, width: Math.max(1, to - from - 1.5), y: y(count), height: y(0) - y(count) }), s("text", { x: (from + to) / 2, y: y(count) - 4, "text-anchor": "middle" }, String(count))] : [];
    svg.replaceChildren(
      ...counts.flatMap((count, k) => (k < bins ? column(x((k * sweeps) / bins), x(((k + 1) * sweeps) / bins), count, "column") : column(width - never, width - 8, count, "column never"))),
      s("line", { x1: 8, x2: width - never - 16, y1: y(0), y2: y(0), class: "axis-line" }),
      ...x.ticks(width < 460 ? 3 : 5).map((/** @type {number} */ value) => s("text", { x: x(value), y: height - 6, "text-anchor": "middle" }, String(value))),
      s("text", { x: width - never / 2 - 4, y: height - 6, "text-anchor": "middle" }, "not yet"),
    );
  }
  const stop = watchWidth(frame, (now) => {
    width = now;
    draw();
  });
  return {
    /** @param {ArrayLike<number>} learned @param {number} sweeps */
    show(learned, sweeps) {
      last = [learned, sweeps];
      draw();
    },
    stop,
  };
}
