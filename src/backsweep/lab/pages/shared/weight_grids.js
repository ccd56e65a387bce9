/** Weights as squares: blue excites, orange inhibits, the area is the size. */

import { h, s, set, watchWidth } from "./dom.js";
import { signed } from "./format.js";
import { partOf } from "./links.js";
import { shortName } from "./strips.js";

/** @typedef {import("./one_run.js").OneRun} OneRun */
/** @typedef {{x: number, y: number, size: number, rows: number, columns: number, first: number, index: (j: number, i: number) => number, named: (j: number, i: number) => string}} Grid */

const MOST = 1600; // squares of one link
const tenth = (/** @type {number} */ value) => Math.round(10 * value) / 10;

/** @param {HTMLElement} frame @param {{choose?: (index: number) => void}} [options] `choose` is told the weight that is clicked */
export function weightGrids(frame, { choose = () => {} } = {}) {
  const svg = s("svg", { class: "weights", role: "img" });
  const said = h("p", { class: "pointed" });
  frame.append(svg, said);
  const excites = s("path", { class: "square excites" });
  const inhibits = s("path", { class: "square inhibits" });
  const hints = s("path", { class: "grid-hint" });
  const chosen = s("path", { class: "grid-pointer" });
  const pointer = s("rect", { class: "grid-pointer", width: 0, height: 0 });
  let width = 0;
  let moment = 0;
  let unitChosen = -1;
  /** @type {readonly string[]} */ let hinted = [];
  /** @type {OneRun | null} */ let run = null;
  /** @type {Grid[]} */ let grids = [];

  function draw() {
    if (!run || !width) return;
    const { message, nParameters } = run;
    const names = /** @type {Record<string, readonly string[]>} */ ({});
    let above = 0;
    let below = 0;
    for (const layer of message.layers) {
      if (layer.sources.length) names[layer.name] = message.unit_names.slice(above, (above += layer.size));
      else names[layer.name] = message.input_names.slice(below, (below += layer.size));
    }
    const shapes = [];
    const label = width < 460 ? 64 : 104;
    let x = 0;
    let y = 0;
    let tall = 0;
    grids = [];
    const links = message.blocks.filter((block) => block.source !== null);
    for (const block of links) {
      const [to, from] = block.shape;
      const source = names[block.source ?? ""];
      const biases = message.blocks.find((one) => one.layer === block.layer && one.source === null);
      const own = biases && links.find((one) => one.layer === block.layer) === block ? biases : null;
      const columns = from + (own ? 1 : 0);
      const size = Math.max(5, Math.min(26, (width - label - 8) / columns, columns > 30 ? 12 : 26));
      const wide = Math.max(label + columns * size + 26, 150);
      if (x && x + wide > width) {
        x = 0;
        y += tall;
        tall = 0;
      }
      const top = y + 30;
      shapes.push(s("text", { x, y: y + 16, class: "grid-title" }, `${block.source} → ${block.layer}`));
      if (to * from > MOST || !nParameters) {
        shapes.push(s("text", { x, y: top + 14 }, `${to} × ${from} weights: too many to draw`));
        tall = Math.max(tall, 70);
        x += wide;
        continue;
      }
      grids.push({
        x: x + label,
        y: top,
        size,
        rows: to,
        columns,
        first: run.above.find((one) => one.layer.name === block.layer)?.first ?? 0,
        index: (j, i) => (i < from ? block.start + j * from + i : /** @type {any} */ (own).start + j),
        named: (j, i) => `${i < from ? `${source[i]} to` : "bias of"} ${names[block.layer][j]}`,
      });
      shapes.push(s("rect", { x: x + label, y: top, width: columns * size, height: to * size, class: "grid-ground" }));
      const long = size >= 10;
      if (long) {
        for (let j = 0; j < to; j++) shapes.push(s("text", { x: x + label - 6, y: top + (j + 0.5) * size + 5, "text-anchor": "end" }, shortName(names[block.layer][j], block.layer, width < 460 ? 9 : 14)));
        for (let i = 0; i < columns; i++) {
          const at = [x + label + (i + 0.5) * size + 4, top + to * size + 8];
          shapes.push(s("text", { transform: `translate(${at}) rotate(-55)`, "text-anchor": "end" }, i < from ? shortName(source[i], "", 13) : "bias"));
        }
      }
      const longest = Math.min(13, Math.max(4, ...source.map((name) => shortName(name, "", 13).length)));
      tall = Math.max(tall, to * size + (long ? 56 + 5.6 * longest : 56));
      x += wide;
    }
    set(svg, { viewBox: `0 0 ${width} ${y + tall}`, width, height: y + tall });
    svg.replaceChildren(...shapes, excites, inhibits, chosen, hints, pointer);
    paint();
    marked();
  }

  /** What changes with time. */
  function paint() {
    if (!run || !width) return;
    const w = run.weights(moment);
    let most = 1e-9;
    for (const value of w) if (Math.abs(value) > most && Math.abs(value) < Infinity) most = Math.abs(value);
    let [plus, minus] = ["", ""];
    for (const { x, y, size, rows, columns, index } of grids)
      for (let j = 0; j < rows; j++)
        for (let i = 0; i < columns; i++) {
          const value = w[index(j, i)];
          if (!Number.isFinite(value)) continue;
          const side = Math.sqrt(Math.abs(value) / most) * (size - 2);
          const square = `M${tenth(x + (i + 0.5) * size - side / 2)},${tenth(y + (j + 0.5) * size - side / 2)}h${tenth(side)}v${tenth(side)}h${-tenth(side)}Z`;
          if (value < 0) minus += square;
          else plus += square;
        }
    set(excites, { d: plus });
    set(inhibits, { d: minus });
    set(svg, { "aria-label": `${w.length} weights and biases after sweep ${run.sweep(moment)}, the largest ${signed(most).replace("+", "")}.` });
  }

  function marked() {
    let [pointed, row] = ["", ""];
    const places = new Set(hinted.filter((key) => partOf(key).startsWith("arc:")).map((key) => Number(key.split(":")[1])));
    for (const { x, y, size, rows, columns, first, index } of grids) {
      const own = unitChosen - first;
      if (unitChosen >= 0 && own >= 0 && own < rows) row += `M${x - 1},${y + own * size}h${columns * size + 2}v${size}h${-columns * size - 2}Z`;
      if (places.size) for (let j = 0; j < rows; j++) for (let i = 0; i < columns; i++) if (places.has(index(j, i))) pointed += `M${x + i * size},${y + j * size}h${size}v${size}h${-size}Z`;
    }
    set(hints, { d: pointed });
    set(chosen, { d: row });
  }

  /** The grid below the pointer, and the square in it. @param {PointerEvent | null} event */
  function under(event) {
    const box = svg.getBoundingClientRect();
    const [left, top] = event ? [event.clientX - box.left, event.clientY - box.top] : [-1, -1];
    const grid = grids.find(({ x, y, size, rows, columns }) => left >= x && top >= y && left < x + columns * size && top < y + rows * size);
    return { grid, j: grid ? Math.floor((top - grid.y) / grid.size) : -1, i: grid ? Math.floor((left - grid.x) / grid.size) : -1 };
  }

  function point(/** @type {PointerEvent | null} */ event) {
    const { grid, j, i } = under(event);
    if (!grid || !run) {
      said.textContent = "";
      return void set(pointer, { width: 0, height: 0 });
    }
    const { x, y, size } = grid;
    said.textContent = `${grid.named(j, i)}: ${signed(run.weights(moment)[grid.index(j, i)])}`;
    set(pointer, { x: x + i * size, y: y + j * size, width: size, height: size });
  }
  set(svg, {
    onclick: (/** @type {PointerEvent} */ event) => {
      const { grid, j, i } = under(event);
      if (grid) choose(grid.index(j, i));
    },
  });
  set(svg, { onpointermove: point, onpointerleave: () => point(null) });

  const stop = watchWidth(frame, (now) => {
    width = now;
    draw();
  });
  return {
    /** @param {OneRun} next @param {number} now */
    lay(next, now) {
      run = next;
      moment = now;
      draw();
    },
    /** @param {number} now */
    show(now) {
      moment = now;
      paint();
    },
    /** Mark the weights that lead into a unit. @param {number} unit */
    markUnit(unit) {
      unitChosen = unit;
      marked();
    },
    /** Point out what carries some numbers. @param {readonly string[]} keys */
    hint(keys) {
      hinted = keys;
      marked();
    },
    svg,
    stop,
  };
}
