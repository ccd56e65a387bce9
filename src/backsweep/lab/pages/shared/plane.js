/** A unit's answer over the unit square: dark where it is active, with dividing lines. */

import { h, s, set, watchWidth } from "./dom.js";
import { contours } from "./d3.js";

/**
 * @typedef {Object} Sheet
 * @property {ArrayLike<number>} levels 0 to 65535, row by row, the lowest first
 * @property {number} side points along a side
 */
/** @typedef {{name: string, weights: number[], chosen: boolean}} Divider total input w[0] a + w[1] b + w[2] = 0 */
/** @typedef {{at: [number, number], desired: number, name: string, chosen: boolean}} Corner */

/** Fill a canvas with a sheet, in a mixture of two colours. */
export class Painter {
  /** @type {Uint32Array | null} */ #table = null;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    /** @type {ImageData | null} */ this.image = null;
  }

  /** Take the colours of the theme anew. */
  refresh() {
    this.#table = null;
  }

  /** @param {Sheet} sheet */
  paint({ levels, side }) {
    if (!this.image || this.image.width !== side) {
      this.canvas.width = this.canvas.height = side;
      this.image = this.context.createImageData(side, side);
    }
    const table = (this.#table ??= this.#mixed());
    const pixels = new Uint32Array(this.image.data.buffer);
    for (let row = 0; row < side; row++)
      for (let k = 0; k < side; k++) pixels[(side - 1 - row) * side + k] = table[levels[row * side + k] >> 8];
    this.context.putImageData(this.image, 0, 0);
  }

  #mixed() {
    const style = getComputedStyle(this.canvas);
    const ends = ["--plane-off", "--plane-on"].map((name) => {
      const hex = style.getPropertyValue(name).trim();
      return [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16));
    });
    const table = new Uint32Array(256);
    for (let k = 0; k < 256; k++) {
      const [r, g, b] = [0, 1, 2].map((c) => Math.round(ends[0][c] + ((ends[1][c] - ends[0][c]) * k) / 255));
      table[k] = (255 << 24) | (b << 16) | (g << 8) | r;
    }
    return table;
  }
}

/** The line w.p = 0 within the unit square and a margin, as two points, or none. @param {number[]} w @param {number} margin */
function within([wa, wb, bias], margin) {
  const points = [];
  const [low, high] = [-margin, 1 + margin];
  for (const edge of [low, high]) {
    const b = -(wa * edge + bias) / wb;
    if (b >= low && b <= high) points.push([edge, b]);
    const a = -(wb * edge + bias) / wa;
    if (a > low && a < high) points.push([a, edge]);
  }
  return points.length >= 2 ? points.slice(0, 2) : null;
}

/** Where a line beyond the square is nearest: the way there, and how far behind the edge. @param {number[]} w */
function beyond([wa, wb, bias]) {
  const long = Math.hypot(wa, wb);
  const far = -(wa / 2 + wb / 2 + bias) / long; // from the middle, along the weights
  const way = [wa, wb].map((v) => (Math.sign(far) * v) / long);
  const edge = 0.5 / Math.max(...way.map(Math.abs));
  return Number.isFinite(far) ? { way, at: way.map((v) => 0.5 + v * edge), away: Math.abs(far) - edge } : null;
}

/** The large plane. @param {HTMLElement} frame @param {{choose: (corner: number) => void}} options */
export function plane(frame, { choose }) {
  const canvas = h("canvas", { "aria-hidden": "true" });
  const svg = s("svg", { class: "plane", role: "img" });
  const box = h("div", { class: "plane-box" }, canvas, svg);
  frame.append(box);
  const painter = new Painter(canvas);
  let size = 0;
  const edge = 30;
  /** @type {any[]} */ let last = [];
  const dividers = s("g", {});
  const border = s("path", { class: "border" });
  const corners = s("g", {});
  const axes = s("g", { class: "grid" });
  svg.append(border, dividers, axes, corners);

  const place = (/** @type {number[]} */ [a, b]) => [edge + a * (size - 2 * edge), size - edge - b * (size - 2 * edge)];

  /**
   * @param {Sheet} sheet @param {Divider[]} lines @param {Corner[]} cases @param {string} label
   * @returns whether a border between yes and no can be seen
   */
  function show(sheet, lines, cases, label) {
    last = [sheet, lines, cases, label];
    if (!size) return true;
    painter.paint(sheet);
    const half = contours().size([sheet.side, sheet.side]).thresholds([32767.5])(sheet.levels)[0];
    const drawn = outline(half.coordinates, sheet.side);
    border.setAttribute("d", drawn);
    while (dividers.children.length < lines.length) dividers.append(s("g", {}, s("path", { class: "divider under" }), s("path", { class: "divider" }), s("text", { class: "divider-name" })));
    while (dividers.children.length > lines.length) dividers.lastChild?.remove();
    /** @type {number[][]} */ const taken = [[0, 0], [0, 1], [1, 0], [1, 1]].map(place);
    /** Whether a name may stand there, clear of the corners' marks and of other names. @param {number[]} spot */
    const isFree = (spot) => taken.every(([x, y], k) => Math.hypot(spot[0] - x, spot[1] - y) > (k < 4 ? 30 : 24));
    lines.forEach(({ name, weights, chosen }, k) => {
      const [under, path, text] = /** @type {any} */ (dividers.children[k].children);
      // The one that is looked at is followed into the margin, and pointed at beyond.
      const ends = within(weights, chosen ? edge / (size - 2 * edge) : 0)?.map(place);
      const gone = !ends && chosen && beyond(weights);
      const d = ends ? `M${ends[0]}L${ends[1]}` : "";
      under.setAttribute("d", d);
      path.setAttribute("d", d);
      path.setAttribute("class", `divider${chosen ? " chosen" : ""}${gone ? " away" : ""}`);
      text.textContent = ends ? name : "";
      if (gone) {
        const [x, y] = place(gone.at);
        const [a, b] = [gone.way[0], -gone.way[1]];
        path.setAttribute("d", `M${x + 11 * a},${y + 11 * b}L${x - 7 * b},${y + 7 * a}L${x + 7 * b},${y - 7 * a}Z`);
        set(text, { x: x - 44 * a, y: y - 18 * b + 4, text: `line ${gone.away.toFixed(1)} away` });
      }
      if (!ends) return;
      // The name stands on the side where the unit is active.
      const [wa, wb] = weights;
      const long = Math.hypot(wa, wb) || 1;
      const [[x0, y0], [x1, y1]] = ends;
      const spots = [0.28 + 0.12 * (k % 4), 0.5, 0.72, 0.15, 0.85, 0.4, 0.6, 0.05, 0.95].map((share) => [
        x0 + share * (x1 - x0) + (11 * wa) / long,
        y0 + share * (y1 - y0) - (11 * wb) / long,
      ]);
      // Where a line cuts off a corner there is no room: the name goes inward.
      const inward = spots[0].map((v) => v + 26 * Math.sign(size / 2 - v));
      const [x, y] = spots.find(isFree) ?? inward;
      taken.push([x, y]);
      set(text, { x, y: y + 4 });
    });
    if (corners.dataset.said !== JSON.stringify([cases, size])) drawCorners(cases);
    svg.setAttribute("aria-label", label);
    return drawn !== "";
  }

  /** The part of a contour that lies within the sheet. @param {number[][][][]} polygons @param {number} side */
  function outline(polygons, side) {
    // Contours count points from their middles, and close rings along the frame.
    const inside = (/** @type {number} */ v) => v > 0.499 && v < side - 0.499;
    const scaled = (/** @type {number} */ v) => (v - 0.5) / (side - 1);
    let d = "";
    for (const ring of polygons.flat()) {
      let pen = "M";
      for (const [a, b] of ring) {
        const within = inside(a) && inside(b);
        if (within) {
          const [x, y] = place([scaled(a), scaled(b)]);
          d += `${pen}${x.toFixed(1)},${y.toFixed(1)}`;
        }
        pen = within ? "L" : "M";
      }
    }
    return d;
  }

  /** @param {Corner[]} cases */
  function drawCorners(cases) {
    corners.dataset.said = JSON.stringify([cases, size]);
    corners.replaceChildren(
      ...cases.map(({ at, desired, name, chosen }, k) => {
        const [x, y] = place(at);
        return s(
          "g",
          { class: chosen ? "corner chosen" : "corner", onclick: () => choose(k) },
          s("circle", { cx: x, cy: y, r: 13, class: "halo" }),
          s("circle", { cx: x, cy: y, r: 9, class: desired > 0.5 ? "goal on" : "goal" }),
          s("text", { x, y: at[1] > 0.5 ? y - 15 : y + 25, class: "unit-name" }, name),
        );
      }),
    );
  }

  const stop = watchWidth(frame, (width) => {
    size = Math.min(width, 380);
    box.style.width = box.style.height = `${size}px`;
    canvas.style.inset = `${edge}px`;
    canvas.style.width = canvas.style.height = `${size - 2 * edge}px`;
    set(svg, { viewBox: `0 0 ${size} ${size}`, width: size, height: size });
    if (last.length) show(.../** @type {[any, any, any, any]} */ (last));
  });

  return {
    show,
    refresh() {
      painter.refresh();
      if (last.length && size) painter.paint(last[0]);
    },
    stop,
  };
}
