/**
 * The five layers of the letter's Fig. 3, from the question on the left to the answer on
 * the right: activity flowing up, or the blame that flows back.
 */

import { calm, h, s, set, watchWidth } from "../shared/dom.js";
import { scaleSqrt } from "../shared/d3.js";
import { roving } from "../shared/roving.js";
import { stand } from "../shared/links.js";
import { legendOf, swatches } from "../shared/legend.js";

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
/** @typedef {import("./run.js").Unit} Unit */
/** @typedef {import("./run.js").Arc} Arc */

const CAPTIONS = { person: "who", "person code": "codes", hidden: "mixed", "output code": "code", output: "answer" };
const KINDS = ["y", "x", "dy", "dx"]; // the numbers that stand at a unit
const FAINT = 0.04; // arcs that carry less are not drawn
const PASS_MS = 950; // a pass forward, through five layers
/** How far a layer is from the question. @type {Record<string, number>} */
const STEPS = { "person": 0, "relation": 0, "person code": 1, "relation code": 1, "hidden": 2, "output code": 3, "output": 4 };
let count = 0;

/** Set an attribute, if it changes. (A `style` would be checked by the page's policy each time.) @param {any} element @param {string} name @param {string} value */
function put(element, name, value) {
  const before = (element.put ??= {});
  if (before[name] === value) return;
  before[name] = value;
  element.setAttribute(name, value);
}

/** @param {HTMLElement} frame @param {{point: (part: Unit | Arc | null) => void, choose: (part: Unit | Arc) => void, say: (part: Unit | Arc) => string}} options */
export function layersDiagram(frame, { point, choose, say }) {
  const id = `layers${++count}`;
  const svg = s("svg", { class: "layers network", role: "group", "aria-label": "The five layers. Arrow keys move from unit to unit, plus and minus through the connections of one." });
  svg.style.setProperty("--pass", `${PASS_MS}ms`);
  const spoken = h("p", { class: "unseen", "aria-live": "polite" });
  const keys = h("p", { class: "unseen", id: `${id}-keys` }, "Plus and minus step through its connections, the strongest first; Enter chooses one.");
  frame.append(svg, spoken, keys);
  /** @type {Run | null} */ let run = null;
  /** @type {Moment | null} */ let last = null;
  /** @type {any[]} */ let units = [];
  /** @type {any[]} */ let arcs = [];
  let width = 0;
  let chosen = "";

  function draw() {
    if (!run || !width) return;
    const narrow = width < 480;
    const pitch = narrow ? 14.5 : 13.4;
    const gap = pitch * 0.8;
    const top = 34;
    const small = narrow ? 5 : 5.4;
    const big = narrow ? 8.5 : 10.5;
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
        units.push(shape(/** @type {Run} */ (run).unit(layer, unit), columns[column], y, r, name));
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
    for (const arc of run.arcs) {
      // Of an input layer one unit is on: only its arcs are drawn.
      const isInput = arc.from.above < 0;
      const hit = s("path", { class: "hit" });
      const line = s("path", { class: "weight", pathLength: 1 });
      const flow = s("path", { class: "flow" });
      const node = stand(s("g", { class: `part arc step-${STEPS[arc.to.layer]}`, "data-arc": arc.index }, hit, line, flow), `w:${arc.index}`, `dw:${arc.index}`, `change:${arc.index}`);
      set(node, { onpointerenter: () => point(arc), onpointerleave: () => point(null), onclick: () => choose(arc) });
      under.append(node);
      arcs.push({ arc, isInput, node, hit, line, flow, isDrawn: false });
    }
    svg.append(...units.map((one) => one.node));
    for (const { node, unit } of units) node.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => step(event, unit));
    roving(
      units.map((one) => one.node),
      {
        choose: (k) => choose(units[k].unit),
        point(k) {
          stepped(null);
          point(k === null ? null : units[k].unit);
        },
      },
    );
    mark();
    if (last) show(last);
  }

  /** @type {any} */ let under = null; // the connection that keys have come to
  /** @param {any} one */
  function stepped(one) {
    under?.node.classList.remove("stepped");
    one?.node.classList.add("stepped");
    under = one;
    spoken.textContent = one ? say(one.arc) : "";
  }

  /** Plus and minus: the next connection of a unit, of those that are drawn. @param {KeyboardEvent} event @param {Unit} unit */
  function step(event, unit) {
    if (under && (event.key === "Enter" || event.key === " ")) choose(under.arc);
    else if (event.key === "+" || event.key === "-") {
      const own = arcs.filter(({ arc, carries }) => carries && (arc.from.key === unit.key || arc.to.key === unit.key)).sort((a, b) => b.carries - a.carries);
      const at = own.indexOf(under) + (event.key === "+" ? 1 : -1);
      stepped(own[at] ?? null);
      point(under?.arc ?? unit);
    } else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  /** Where an arc runs, said when it is first seen. @param {any} one */
  function path(one) {
    const [a, b] = [one.arc.from, one.arc.to].map(({ key }) => units.find(({ unit }) => unit.key === key));
    const [x1, x2] = [a.x + a.r, b.x - b.r];
    const bend = (x2 - x1) * 0.42;
    const d = `M${x1.toFixed(1)},${a.y.toFixed(1)}C${(x1 + bend).toFixed(1)},${a.y.toFixed(1)} ${(x2 - bend).toFixed(1)},${b.y.toFixed(1)} ${x2.toFixed(1)},${b.y.toFixed(1)}`;
    for (const shape of [one.hit, one.line, one.flow]) set(shape, { d });
    one.isDrawn = true;
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
      { class: `part unit layer-unit step-${STEPS[unit.layer]} ${isNamed ? "named" : ""}`, role: "button", "data-unit": unit.key, "aria-describedby": `${id}-keys`, "aria-label": `${unit.layer}, ${name}` },
      s("defs", {}, s("clipPath", { id: clip }, s("circle", { cx: x, cy: y, r: r - 0.5 }))),
      s("circle", { cx: x, cy: y, r: r + 5, class: "halo" }),
      s("circle", { cx: x, cy: y, r, class: "vessel" }),
      s("g", { "clip-path": `url(#${clip})` }, fill),
      s("circle", { cx: x, cy: y, r, class: "rim" }),
      ring,
      s("path", { class: "gone", d: `M${x - r},${y - r}L${x + r},${y + r}M${x + r},${y - r}L${x - r},${y + r}` }),
      isNamed && s("rect", { class: "name-hit", x: left ? 0 : x, y: y - 6.7, width: left ? x : Math.max(10, width - x), height: 13.4 }),
      isNamed && s("text", { x: left ? x - r - 6 : x + r + 7, y: y + 4.3, class: left ? "unit-label left" : "unit-label" }, name),
    );
    node.addEventListener("focus", () => set(node, { "aria-label": say(unit) }));
    stand(node, ...(unit.above < 0 ? ["y"] : unit.layer === "output" ? [...KINDS, "d"] : KINDS).map((kind) => `${kind}:${unit.id}`));
    return { unit, node, x, y, r, fill, ring, name };
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */ let passing;
  /** Light up the layers one after another, once. */
  function pass() {
    clearTimeout(passing);
    svg.classList.remove("passing");
    svg.getBoundingClientRect(); // so that it begins anew
    svg.classList.add("passing");
    passing = setTimeout(() => svg.classList.remove("passing"), PASS_MS);
  }

  /** @param {Moment} moment */
  function show(moment) {
    const isAsked = last !== null && last.q !== moment.q && moment.view !== "backward";
    last = moment;
    if (isAsked && !calm()) pass();
    if (!run || !units.length) return;
    const { view, row, q, signals } = moment;
    const asked = run.message.questions[q];
    const w = run.weights(row);
    const g = signals && view !== "forward" ? signals.gradient(row) : null;
    const thick = scaleSqrt([0, Math.max(run.weightScale, 1e-9)], [0.2, 6]);
    const blame = scaleSqrt([0, Math.max(signals?.gradientScale ?? 0, 1e-12)], [0, 7]);
    svg.setAttribute("data-view", view);
    for (const one of arcs) {
      const { index, from } = one.arc;
      const lost = from.layer === "person code" && moment.silent.includes(from.unit);
      const speaks = one.isInput ? Number(run.isOn(q, from)) : lost ? 0 : moment.y(from.above);
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
      if ((shown || seen) && !one.isDrawn) path(one);
      put(one.node, "display", shown || seen ? "" : "none");
      one.carries = shown ? carried : seen ? flows : 0;
    }
    for (const one of units) {
      const { layer, unit, above } = one.unit;
      const isOn = above < 0 && run.isOn(q, one.unit);
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
    for (const { node, unit } of units) node.classList.toggle("chosen", unit.key === chosen);
    for (const { node, arc } of arcs) node.classList.toggle("chosen", arc.key === chosen);
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
    svg,
    stop,
  };
}

/** What the marks of the layers mean. @param {boolean} blamed */
export function layersLegend(blamed) {
  const swatch = swatches("network layers", 30, 18);
  const line = (/** @type {string} */ cls, wide = 3) => [s("path", { class: cls, d: "M2,9H28", "stroke-width": wide })];
  return legendOf(
    swatch("excites", line("weight excitatory")),
    swatch("inhibits", line("weight inhibitory")),
    blamed && swatch(calm() ? "blame" : "blame, flowing back", line("flow still", 4)),
    swatch("a right answer", [s("circle", { cx: 15, cy: 9, r: 6, class: "rim" })], "layer-unit wanted-one"),
  );
}

/** The name of a unit or a connection in words. @param {Unit | Arc} part @param {Run} run @returns {string} */
export function nameOf(part, run) {
  if ("from" in part) return `${nameOf(part.from, run).split(",")[0]} → ${nameOf(part.to, run).split(",")[0]}`;
  const { layer, unit: k } = part;
  if (layer === "person") return `${run.people[k]}, asked about`;
  if (layer === "relation") return `${run.message.relations[k]}, asked for`;
  if (layer === "output") return `${run.people[k]}, as an answer`;
  return `${layer[0].toUpperCase()}${layer.slice(1)} ${k + 1}`;
}
