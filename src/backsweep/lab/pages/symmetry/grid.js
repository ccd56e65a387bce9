/** All 64 rows of six: left half down, right half across, so that symmetric ones lie on the diagonal. */

import { s, set, watchWidth } from "../shared/dom.js";
import { fixed } from "../shared/format.js";
import { roving, stopAt } from "../shared/roving.js";
import { stand } from "../shared/links.js";
import { legendOf, swatches } from "../shared/legend.js";

/** @typedef {import("./run.js").Run} Run */

const HALVES = Array.from({ length: 8 }, (_, k) => k.toString(2).padStart(3, "0"));
const backwards = (/** @type {string} */ text) => [...text].reverse().join("");

/** The 64 rows in the order of the grid. */
const ROWS = HALVES.flatMap((left) => HALVES.map((right) => left + backwards(right)));

/** @param {string} name */
export const isSymmetric = (name) => name === backwards(name);

/** @param {HTMLElement} frame @param {{choose: (name: string) => void, point: (name: string | null) => void}} options */
export function grid(frame, { choose, point }) {
  const svg = s("svg", { class: "mirror-grid", role: "group", "aria-label": "All 64 rows. Arrow keys move among them." });
  frame.append(svg);
  /** @type {{name: string, node: SVGGElement, level: SVGElement, was: string, cell: number}[]} */ let cells = [];
  let width = 0;
  /** @type {[Run, number, string] | null} */ let last = null;

  function draw() {
    if (!width) return;
    const head = 58;
    const wide = Math.min(width, 560);
    const cell = (wide - head - 2) / 8;
    const left = (width - wide) / 2 + head;
    const high = head + 8 * cell + 2;
    set(svg, { viewBox: `0 0 ${width} ${high}`, width, height: high });
    const titles = [
      s("text", { class: "grid-title", x: left + 4 * cell, y: 14, "text-anchor": "middle" }, "right half, read from the outside"),
      s("text", { class: "grid-title", transform: `translate(${left - head + 14},${head + 4 * cell}) rotate(-90)`, "text-anchor": "middle" }, "left half, from the outside"),
    ];
    cells = ROWS.map((name, k) => {
      const [down, across] = [k >> 3, k % 8];
      const inner = cell - 5;
      const level = s("rect", { class: "cell-level", width: inner, x: -inner / 2, rx: 1.5 });
      const c = Math.min(7, inner * 0.24);
      const node = s(
        "g",
        { class: `cell${isSymmetric(name) ? " symmetric" : ""}`, role: "button", tabindex: k ? -1 : 0, "data-case": name, transform: `translate(${left + (across + 0.5) * cell},${head + (down + 0.5) * cell})` },
        s("rect", { class: "cell-halo", width: cell, height: cell, x: -cell / 2, y: -cell / 2, rx: 6 }),
        s("rect", { class: "cell-ground", width: inner, height: inner, x: -inner / 2, y: -inner / 2, rx: 4 }),
        level,
        s("rect", { class: "cell-rim", width: inner, height: inner, x: -inner / 2, y: -inner / 2, rx: 4 }),
        s("path", { class: "cell-cross", d: `M${-c},${-c}L${c},${c}M${c},${-c}L${-c},${c}` }),
      );
      return { name, node, level, was: "", cell: inner };
    });
    const nodes = cells.map((one) => one.node);
    roving(nodes, { choose: (k) => choose(ROWS[k]), point: (k) => point(k === null ? null : ROWS[k]), across: 8 });
    const heads = HALVES.flatMap((half, k) => [
      s("text", { class: "grid-half", "data-half": `right ${half}`, x: left + (k + 0.5) * cell, y: head - 12, "text-anchor": "middle" }, half),
      s("text", { class: "grid-half", "data-half": `left ${half}`, x: left - 7, y: head + (k + 0.5) * cell + 5, "text-anchor": "end" }, half),
    ]);
    svg.replaceChildren(...titles, ...heads, ...nodes);
    if (last) show(...last);
  }

  /** @param {Run} run @param {number} row @param {string} chosen */
  function show(run, row, chosen) {
    last = [run, row, chosen];
    cells.forEach((one) => {
      const k = run.message.case_names.indexOf(one.name);
      const y = run.output(row, k);
      const high = one.cell * (Number.isFinite(y) ? y : 0);
      one.level.setAttribute("height", high.toFixed(1));
      one.level.setAttribute("y", (one.cell / 2 - high).toFixed(1));
      const right = run.isRight(row, k);
      const said = `${one.name}${isSymmetric(one.name) ? ", symmetric" : ""}: ${fixed(y, 2)}, ${right ? "right" : "wrong"}`;
      if (one.was === `${said}${one.name === chosen}`) return;
      one.was = `${said}${one.name === chosen}`;
      set(one.node, { "aria-label": said, "aria-pressed": String(one.name === chosen) });
      one.node.classList.toggle("wrong", !right);
      one.node.classList.toggle("chosen", one.name === chosen);
      const output = run.nInputs + run.nUnits - 1;
      stand(one.node, ...["y", "d"].flatMap((of) => [`${of}:${output}:${one.name}`, ...(one.name === chosen ? [`${of}:${output}`] : [])]));
    });
    if (!svg.contains(document.activeElement)) stopAt(cells.map((one) => one.node), ROWS.indexOf(chosen));
    const marked = new Set([`left ${chosen.slice(0, 3)}`, `right ${backwards(chosen.slice(3))}`]);
    for (const text of svg.querySelectorAll(".grid-half")) text.classList.toggle("hot", marked.has(/** @type {SVGTextElement} */ (text).dataset.half ?? ""));
  }

  const stop = watchWidth(frame, (now) => {
    width = now;
    draw();
  });
  return { show, svg, stop };
}

/** What the marks of the grid mean. */
export function gridLegend() {
  const swatch = swatches("mirror-grid", 20, 20);
  const square = { x: 2, y: 2, width: 16, height: 16, rx: 3 };
  const cell = (/** @type {string} */ text, /** @type {string} */ cls, /** @type {number} */ level) =>
    swatch(text, [s("rect", { class: "cell-ground", ...square }), s("rect", { class: "cell-level", ...square, y: 18 - level * 16, height: level * 16, rx: 0 }), s("rect", { class: "cell-rim", ...square }), s("path", { class: "cell-cross", d: "M6,6L14,14M14,6L6,14" })], `cell ${cls}`);
  return legendOf(cell("the fuller, the surer: “symmetric”", "", 0.7), cell("should be full", "symmetric", 0), cell("wrong", "wrong", 0.6));
}
