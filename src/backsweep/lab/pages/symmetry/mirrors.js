/** What each hidden unit weighs: six bars about the middle, and the ratio of one side. */

import { s, set, watchWidth } from "../shared/dom.js";
import { scaleLinear } from "../shared/d3.js";
import { fixed, signed } from "../shared/format.js";
import { isAlike } from "../shared/run_chapters.js";
import { roving } from "../shared/roving.js";
import { stand } from "../shared/links.js";
import { legendOf, swatches } from "../shared/legend.js";

/** @typedef {import("./run.js").Run} Run */

const UNITS = [0, 1];
const MOST = 5; // times the smallest that the scale of ratios holds

/** @param {HTMLElement} frame @param {{largest: () => number, choose: (part: string) => void}} options the part is an arc of the network */
export function mirrors(frame, { largest, choose }) {
  const svg = s("svg", { class: "mirrors", role: "group" });
  frame.append(svg);
  let width = 0;
  /** @type {[Run, number, string] | null} */ let last = null;
  /** @type {any[]} */ let units = [];
  const bars = 120; // pixels that the six bars take
  const ruler = 116; // and the ratio below them
  const [abreast, aside] = [520, 390]; // from here on units, or bars and ratio, stand side by side
  let x = scaleLinear();

  function draw() {
    if (!width) return;
    const isAbreast = width >= abreast;
    const isAside = !isAbreast && width >= aside;
    const wide = isAbreast ? (width - 40) / 2 : width;
    const half = isAside ? Math.round(0.58 * width) : wide; // what the bars take
    const each = bars + (isAside ? 52 : ruler + 62);
    const high = isAbreast ? each : 2 * each + 16;
    set(svg, { viewBox: `0 0 ${width} ${high}`, width, height: high });
    x = scaleLinear([0, MOST], [isAside ? half + 14 : 34, wide - 50]);
    const pitch = Math.min(54, (half - 20) / 6.6);
    units = UNITS.map((unit) => {
      const group = s("g", { transform: isAbreast ? `translate(${unit * (wide + 40)},0)` : `translate(0,${unit * (each + 16)})` });
      const middle = half / 2;
      const base = 34 + bars / 2;
      const columns = Array.from({ length: 6 }, (_, k) => {
        const at = middle + (k - 2.5) * pitch + (k < 3 ? -5 : 5);
        const bar = s("rect", { x: at - pitch * 0.34, width: pitch * 0.68, rx: 2 });
        const text = s("text", { class: "bar-value", x: at, "text-anchor": "middle" });
        const heard = stand(s("circle", { class: "bar-input", cx: at, cy: 34 + bars + 8, r: 5 }), `y:${k}`);
        const node = s("g", { class: "mirror-part", role: "button" }, s("rect", { class: "bin-hit", x: at - pitch / 2, y: 22, width: pitch, height: bars + 20, rx: 4 }), bar, text);
        group.append(node, heard);
        return { node, bar, text, heard, arc: -1 };
      });
      const code = s("text", { class: "code-name", x: wide - 4, y: 14, "text-anchor": "end" });
      const top = isAside ? 52 : 34 + bars + 42;
      const rules = Array.from({ length: MOST }, (_, k) => k + 1).map((k) => s("g", {}, s("line", { class: "ratio-rule", x1: x(k), x2: x(k), y1: top - 8, y2: top + 72 }), s("text", { class: "ratio-tick", x: x(k), y: top + 88, "text-anchor": "middle" }, k === 1 ? "1 ×" : String(k))));
      const goals = [0, 1, 2].map((k) => s("path", { class: "ratio-goal", "data-k": k }));
      const lines = [0, 1, 2].map((k) => {
        const bar = stand(s("rect", { class: "ratio-bar", x: x(0), y: top + k * 25 - 4, height: 17, rx: 2 }), `ratio:${unit}:${k}`, `side:${unit}:${k}`);
        const text = s("text", { class: "ratio-value", y: top + k * 25 + 9 });
        return { bar, text, y: top + k * 25 };
      });
      group.append(
        s("text", { class: "mirror-name", x: 0, y: 14 }, `Hidden ${unit + 1}`),
        code,
        s("line", { class: "bar-base", x1: middle - 3.4 * pitch, x2: middle + 3.4 * pitch, y1: base, y2: base }),
        s("line", { class: "mirror-line", x1: middle, x2: middle, y1: 26, y2: 34 + bars + 16 }),
        ...rules,
        ...lines.flatMap(({ bar, text }) => [bar, text]),
        ...goals,
      );
      return { group, columns, code, lines, goals, base };
    });
    svg.replaceChildren(...units.map((one) => one.group));
    const columns = units.flatMap((one) => one.columns);
    roving(columns.map(({ node }) => node), { choose: (k) => choose(`arc:${columns[k].arc}`) });
    if (last) show(...last);
  }

  /** @param {Run} run @param {number} row @param {string} chosen */
  function show(run, row, chosen) {
    last = [run, row, chosen];
    if (!units.length) return;
    const tall = scaleLinear([0, Math.max(1e-9, largest())], [0, bars / 2 - 15]);
    units.forEach((one, unit) => {
      const w = run.into(row, unit);
      one.columns.forEach((/** @type {any} */ column, /** @type {number} */ k) => {
        const { node, bar, text, heard } = column;
        column.arc = run.arc(unit, k);
        set(stand(node, `w:${column.arc}`), { "aria-label": `Input ${k + 1} to Hidden ${unit + 1}: ${signed(w[k])}` });
        const high = tall(Math.abs(w[k]));
        set(bar, { class: w[k] < 0 ? "mirror-bar negative" : "mirror-bar positive", y: w[k] < 0 ? one.base : one.base - high, height: Math.max(0.5, high) });
        set(text, { y: w[k] < 0 ? one.base + high + 14 : one.base - high - 4 });
        text.textContent = fixed(w[k], 1);
        heard.classList.toggle("on", chosen[k] === "1");
      });
      const ratios = run.half("ratios", row, unit);
      const sizes = run.half("magnitudes", row, unit);
      const isMirror = run.isMirror(row, unit);
      const isLopsided = run.isLopsided(row, unit);
      const code = isMirror ? run.code(row, unit) : null;
      one.code.textContent = code ? `near ${code}` : !isMirror ? "not yet a mirror" : isLopsided ? "one pair hardly counts" : "no code with a name";
      one.code.classList.toggle("found", code !== null);
      const wanted = code?.split(":").map(Number);
      one.lines.forEach((/** @type {any} */ { bar, text, y }, /** @type {number} */ k) => {
        const to = x(isLopsided ? 0 : Math.min(MOST, ratios[k]));
        set(bar, { width: Math.max(0.5, to - x(0)) });
        const goal = wanted ? x(wanted[k] / wanted[0]) : 0;
        set(text, { x: Math.max(to, goal) + 7 });
        text.textContent = isLopsided ? "" : ratios[k] > MOST ? `› ${fixed(ratios[k], 1)}` : fixed(ratios[k], 2);
        one.goals[k].setAttribute("d", wanted ? `M${goal},${y - 7}V${y + 16}` : "");
      });
      one.said = `Hidden ${unit + 1}: weights ${Array.from(w, signed).join(", ")}; one side ${Array.from(sizes, (v) => fixed(v, 2)).join(", ")}${isLopsided ? "" : `, in the ratio ${ratioOf(run, row, unit)}`}${code ? `, near ${code}` : ""}.`;
    });
    set(svg, { "aria-label": units.map((one) => one.said).join(" ") });
  }

  const stop = watchWidth(frame, (now) => {
    width = now;
    draw();
  });
  return { show, svg, stop };
}

/** The ratio of one side in words. @param {Run} run @param {number} row @param {number} unit */
const ratioOf = (run, row, unit) => Array.from(run.half("ratios", row, unit), (value, k) => (k ? fixed(value, value < 10 ? 2 : 1) : fixed(value, 0))).join(" : ");

/** What has become of both units, said honestly. @param {Run} run @param {number} row */
export function verdict(run, row) {
  const codes = UNITS.map((unit) => run.code(row, unit));
  const ratios = UNITS.map((unit) => ratioOf(run, row, unit));
  if (isAlike(run, row)) return "Both units have the same weights: together they are no more than one, and can catch a row that tips one way only.";
  if (!run.areMirrors(row)) {
    const off = Math.max(...UNITS.map((unit) => run.residual(row, unit)));
    return `Not yet mirrors: weights at mirror places miss equal and opposite by up to ${Math.round(100 * off)} % of the largest.`;
  }
  const lopsided = UNITS.filter((unit) => run.isLopsided(row, unit)).map((unit) => `Hidden ${unit + 1}`);
  if (lopsided.length) return `Equal and opposite about the middle, but one pair hardly counts for ${lopsided.join(" and ")}: no ratio to it would tell anything.`;
  if (codes[0] && codes[0] === codes[1]) return `Both units weigh one side near ${codes[0]} and the other side with the signs changed.`;
  if (codes[0] || codes[1]) return `Equal and opposite about the middle; one side is ${ratios.join(" in one unit and ")} in the other.`;
  return `Equal and opposite about the middle, but neither 1 : 2 : 4 nor 2 : 3 : 4: one side is ${ratios.join(" and ")}.`;
}

/** What the bars mean. */
export function mirrorsLegend() {
  const swatch = swatches("mirrors", 22, 16);
  const bar = (/** @type {string} */ sign) => [s("rect", { class: `mirror-bar ${sign}`, x: 4, y: 1, width: 14, height: 14, rx: 2 })];
  return legendOf(
    swatch("excites", bar("positive")),
    swatch("inhibits", bar("negative")),
    swatch("one side, in units of its smallest", [s("rect", { class: "ratio-bar", x: 0, y: 3, width: 22, height: 10, rx: 2 })]),
    swatch("the code with a name", [s("path", { class: "ratio-goal", d: "M11,0V16" })]),
  );
}
