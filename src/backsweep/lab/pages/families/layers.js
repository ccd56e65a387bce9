/**
 * The five layers of the letter's Fig. 3, from the question on the left to the answer on
 * the right: activity flowing up, or the blame that flows back.
 */

import { calm, h, s, set, watchWidth } from "../shared/dom.js";
import { scaleSqrt } from "../shared/d3.js";
import { fixed } from "../shared/format.js";
import { roving } from "./roving.js";

/** @typedef {import("./run.js").Run} Run */
/** @typedef {import("./run.js").Signals} Signals */
/**
 * @typedef {Object} Moment
 * @property {"both" | "forward" | "backward"} view
 * @property {number} row
 * @property {number} q the question
 * @property {(unit: number) => number} y of a unit above the inputs
 * @property {Signals | null} signals
 * @property {number[]} silent units of the person code
 */
/** @typedef {{key: string, layer: string, unit: number, above: number}} Unit above: its number above the inputs, or -1 */

const CAPTIONS = { person: "who", "person code": "codes", hidden: "mixed", "output code": "code", output: "answer" };
const FAINT = 0.04; // arcs that carry less are not drawn
let count = 0;

/** Set an attribute, if it changes. (A `style` would be checked by the page's policy each time.) @param {any} element @param {string} name @param {string} value */
function put(element, name, value) {
  const before = (element.put ??= {});
  if (before[name] === value) return;
  before[name] = value;
  element.setAttribute(name, value);
}

/** @param {HTMLElement} frame @param {{point: (unit: Unit | null) => void, choose: (unit: Unit) => void, say: (unit: Unit) => string}} options */
export function layersDiagram(frame, { point, choose, say }) {
  const id = `layers${++count}`;
  const svg = s("svg", { class: "layers network", role: "group", "aria-label": "The five layers. Arrow keys move from unit to unit." });
  frame.append(svg);
  /** @type {Run | null} */ let run = null;
  /** @type {Moment | null} */ let last = null;
  /** @type {any[]} */ let units = [];
  /** @type {any[]} */ let arcs = [];
  let width = 0;
  let chosen = "";

  function draw() {
    if (!run || !width) return;
    const narrow = width < 480;
    const pitch = narrow ? 14.5 : 15.2;
    const gap = pitch * 0.8;
    const top = 34;
    const small = narrow ? 5 : 6;
    const big = narrow ? 8.5 : 11.5;
    const room = narrow ? 70 : 84; // for names
    const height = top + 36 * pitch + 2 * gap + 4;
    const columns = [0, 1, 2, 3, 4].map((k) => room + ((width - 2 * room) * k) / 4);
    const inputs = 24 * pitch + gap;
    const heart = (top + (height - 4)) / 2;
    set(svg, { viewBox: `0 0 ${width} ${height}`, width, height });
    svg.replaceChildren();
    units = [];
    arcs = [];
    /** @param {string} layer @param {number} column @param {number} centre @param {number} r @param {number} apart @param {number} split */
    const stack = (layer, column, centre, r, apart, split = Infinity) => {
      const found = /** @type {Run} */ (run).message.layers.find((one) => one.name === layer);
      const names = found?.units ?? [];
      const whole = (names.length - 1) * apart + (names.length > split ? gap : 0);
      names.forEach((name, unit) => {
        const y = centre - whole / 2 + unit * apart + (unit >= split ? gap : 0);
        const offset = /** @type {Run} */ (run).offset[layer];
        units.push(shape({ key: `${layer}:${unit}`, layer, unit, above: offset === undefined ? -1 : offset + unit }, columns[column], y, r, name));
      });
    };
    stack("person", 0, top + inputs / 2, small, pitch, 12);
    stack("relation", 0, top + inputs + gap + 6 * pitch, small, pitch);
    stack("person code", 1, top + inputs / 2, big, pitch * 2.5);
    stack("relation code", 1, top + inputs + gap + 6 * pitch, big, pitch * 2);
    stack("hidden", 2, heart, big, pitch * 2);
    stack("output code", 3, heart, big, pitch * 2.5);
    stack("output", 4, heart, small, pitch, 12);
    for (const [layer, text] of Object.entries(CAPTIONS)) {
      const first = units.find((one) => one.unit.layer === layer);
      svg.append(s("text", { x: first.x, y: 15, class: "layer-name" }, text));
    }
    const under = s("g", { class: "arcs" });
    svg.append(under);
    for (const block of run.message.blocks) {
      if (!block.source) continue;
      const isInput = run.offset[block.source] === undefined;
      for (let to = 0; to < block.shape[0]; to++) {
        // Of an input layer one unit is on: its arcs are drawn, and move with it.
        for (let from = 0; from < (isInput ? 1 : block.shape[1]); from++) {
          const line = s("path", { class: "weight" });
          const flow = s("path", { class: "flow" });
          under.append(line, flow);
          arcs.push({ block, to, from, isInput, line, flow, source: block.source, target: `${block.layer}:${to}` });
        }
      }
    }
    for (const one of arcs) if (!one.isInput) path(one, `${one.source}:${one.from}`);
    svg.append(...units.map((one) => one.node));
    roving(
      units.map((one) => one.node),
      { choose: (k) => choose(units[k].unit), point: (k) => point(k === null ? null : units[k].unit) },
    );
    mark();
    if (last) show(last);
  }

  /** @param {any} one @param {string} source */
  function path(one, source) {
    const a = units.find((unit) => unit.unit.key === source);
    const b = units.find((unit) => unit.unit.key === one.target);
    const [x1, x2] = [a.x + a.r, b.x - b.r];
    const bend = (x2 - x1) * 0.42;
    const d = `M${x1.toFixed(1)},${a.y.toFixed(1)}C${(x1 + bend).toFixed(1)},${a.y.toFixed(1)} ${(x2 - bend).toFixed(1)},${b.y.toFixed(1)} ${x2.toFixed(1)},${b.y.toFixed(1)}`;
    one.line.setAttribute("d", d);
    one.flow.setAttribute("d", d);
    one.from_key = source;
  }

  /** @param {Unit} unit @param {number} x @param {number} y @param {number} r @param {string} name */
  function shape(unit, x, y, r, name) {
    const clip = `${id}-${units.length}`;
    const fill = s("rect", { class: "activity", x: x - r, width: 2 * r });
    const ring = s("circle", { cx: x, cy: y, r: r + 1.5, class: "blame-ring", transform: `rotate(-90 ${x} ${y})`, pathLength: 100 });
    const isNamed = unit.above < 0 || unit.layer === "output";
    const left = unit.above < 0;
    const node = s(
      "g",
      { class: `part unit layer-unit ${isNamed ? "named" : ""}`, role: "button", "data-unit": unit.key, "aria-label": `${unit.layer}, ${name}` },
      s("defs", {}, s("clipPath", { id: clip }, s("circle", { cx: x, cy: y, r: r - 0.5 }))),
      s("circle", { cx: x, cy: y, r: r + 5, class: "halo" }),
      s("circle", { cx: x, cy: y, r, class: "vessel" }),
      s("g", { "clip-path": `url(#${clip})` }, fill),
      s("circle", { cx: x, cy: y, r, class: "rim" }),
      ring,
      s("path", { class: "gone", d: `M${x - r},${y - r}L${x + r},${y + r}M${x + r},${y - r}L${x - r},${y + r}` }),
      isNamed && s("rect", { class: "name-hit", x: left ? 0 : x, y: y - 7.5, width: left ? x : Math.max(10, width - x), height: 15 }),
      isNamed && s("text", { x: left ? x - r - 6 : x + r + 7, y: y + 4.3, class: left ? "unit-label left" : "unit-label" }, name),
    );
    node.addEventListener("focus", () => set(node, { "aria-label": say(unit) }));
    return { unit, node, x, y, r, fill, ring, name };
  }

  /** @param {Moment} moment */
  function show(moment) {
    last = moment;
    if (!run || !units.length) return;
    const { view, row, q, signals } = moment;
    const asked = run.message.questions[q];
    const on = { person: run.people.indexOf(asked.person), relation: run.message.relations.indexOf(asked.relation) };
    const w = run.weights(row);
    const g = signals && view !== "forward" ? signals.gradient(row) : null;
    const thick = scaleSqrt([0, Math.max(run.weightScale, 1e-9)], [0.2, 6]);
    const blame = scaleSqrt([0, Math.max(signals?.gradientScale ?? 0, 1e-12)], [0, 7]);
    svg.setAttribute("data-view", view);
    for (const one of arcs) {
      const from = one.isInput ? on[/** @type {"person" | "relation"} */ (one.source)] : one.from;
      const key = `${one.source}:${from}`;
      if (one.isInput && one.from_key !== key) path(one, key);
      const index = one.block.start + one.to * one.block.shape[1] + from;
      const lost = one.source === "person code" && moment.silent.includes(from);
      const speaks = one.isInput ? 1 : lost ? 0 : moment.y(run.offset[one.source] + from);
      const carried = Math.abs(w[index]) * speaks;
      const shown = carried > FAINT * run.weightScale && view !== "backward";
      put(one.line, "display", shown ? "" : "none");
      if (shown) {
        put(one.line, "class", w[index] < 0 ? "weight inhibitory" : "weight excitatory");
        put(one.line, "stroke-width", thick(carried).toFixed(1));
        put(one.line, "opacity", (0.16 + 0.74 * Math.min(1, carried / (0.45 * run.weightScale))).toFixed(2));
      }
      const flows = g && !lost ? blame(Math.min(Math.abs(g[index]), signals?.gradientScale ?? 1)) : 0;
      const seen = flows > (view === "both" ? 0.9 : 0.35);
      put(one.flow, "display", seen ? "" : "none");
      if (seen) put(one.flow, "stroke-width", flows.toFixed(1));
    }
    for (const one of units) {
      const { layer, unit, above } = one.unit;
      const isOn = above < 0 && on[/** @type {"person" | "relation"} */ (layer)] === unit;
      const lost = layer === "person code" && moment.silent.includes(unit);
      const y = above < 0 ? Number(isOn) : lost ? 0 : moment.y(above);
      const high = 2 * one.r * y;
      put(one.fill, "y", (one.y + one.r - high).toFixed(1));
      put(one.fill, "height", high.toFixed(1));
      one.node.classList.toggle("on", isOn);
      one.node.classList.toggle("lost", lost);
      if (layer === "output") {
        const wanted = asked.answers.includes(one.name);
        one.node.classList.toggle("wanted-one", wanted);
        one.node.classList.toggle("wrong", wanted !== y > 0.5);
      }
      const dx = g && signals && above >= 0 ? signals.at("dE_dx", row, above) : 0;
      const share = Number.isFinite(dx) ? Math.sqrt(Math.min(1, Math.abs(dx) / Math.max(signals?.blameScale ?? 1, 1e-12))) : 0;
      const ringed = share > 0.02 && !lost;
      put(one.ring, "display", ringed ? "" : "none");
      if (ringed) put(one.ring, "stroke-dasharray", `${(share * 100).toFixed(0)} 100`);
    }
  }

  function mark() {
    for (const one of units) one.node.classList.toggle("chosen", one.unit.key === chosen);
  }

  const stop = watchWidth(frame, (now) => {
    width = now;
    draw();
  });
  return {
    /** @param {Run} next */
    lay(next) {
      const first = !run;
      run = next;
      if (first || !units.length) draw();
    },
    show,
    /** @param {string} key */
    mark(key) {
      chosen = key;
      mark();
    },
    /** @param {string} key @returns {Unit | null} */
    unit: (key) => units.find((one) => one.unit.key === key)?.unit ?? null,
    svg,
    stop,
  };
}

/** What the marks of the layers mean. @param {boolean} blamed */
export function layersLegend(blamed) {
  const swatch = (/** @type {Node[]} */ shapes, /** @type {string} */ text, cls = "") =>
    h("li", {}, s("svg", { class: "network layers swatch", width: 30, height: 18, viewBox: "0 0 30 18", "aria-hidden": "true" }, s("g", { class: cls }, ...shapes)), text);
  return h(
    "ul",
    { class: "legend" },
    swatch([s("path", { class: "weight excitatory", d: "M2,9H28", "stroke-width": 3 })], "excites"),
    swatch([s("path", { class: "weight inhibitory", d: "M2,9H28", "stroke-width": 3 })], "inhibits"),
    blamed && swatch([s("path", { class: "flow still", d: "M2,9H28", "stroke-width": 4 })], calm() ? "blame" : "blame, flowing back"),
    swatch([s("circle", { cx: 15, cy: 9, r: 6, class: "rim" })], "a right answer", "layer-unit wanted-one"),
  );
}

/** A unit's name in words. @param {Unit} unit @param {Run} run */
export function nameOf(unit, run) {
  const { layer, unit: k } = unit;
  if (layer === "person") return `${run.people[k]}, asked about`;
  if (layer === "relation") return `${run.message.relations[k]}, asked for`;
  if (layer === "output") return `${run.people[k]}, as an answer`;
  return `${layer[0].toUpperCase()}${layer.slice(1)} ${k + 1}`;
}

/** @param {number} value */
export const level = (value) => fixed(value, 3);
