/**
 * The network diagram: units filled by activity, arcs by weight, and the blame that
 * flows down the same arcs. Signals go from left to right.
 *
 * `networkDiagram(frame, options)` draws into an element and gives `lay(model)`, for a
 * new network, and `show(moment)`, for each sweep: the latter only changes attributes.
 */

import { calm, h, s, set, watchWidth } from "./dom.js";
import { scaleSqrt } from "./d3.js";
import { answer, fixed } from "./format.js";
import { roving } from "./roving.js";
import { stand } from "./links.js";

/**
 * @typedef {Object} Model
 * @property {readonly {name: string, units: readonly string[]}[]} layers bottom to top
 * @property {readonly {layer: string, source: string | null, start: number, shape: readonly number[]}[]} blocks
 * @property {(layer: string, unit: number) => string} label the name of a unit
 */
/**
 * @typedef {Object} Moment
 * @property {"both" | "forward" | "backward"} view
 * @property {number[][]} y activity by unit (inputs first), one value a case shown
 * @property {number[]} dE_dx blame of each unit above the inputs
 * @property {ArrayLike<number>} weights
 * @property {ArrayLike<number>} dE_dw
 * @property {number} weightScale the largest weight of the run
 * @property {number} blameScale the largest blame of the run, by unit
 * @property {number} gradientScale the largest blame of the run, by weight
 * @property {number | null} desired of the output unit, for one case
 */
/**
 * @typedef {Object} Part a unit or an arc that can be pointed at
 * @property {"unit" | "arc"} kind
 * @property {number} index of the unit (inputs first), or of the weight
 * @property {number} from unit of an arc, -1 for a bias
 * @property {number} to unit
 */
/**
 * @typedef {Object} Options
 * @property {(part: Part | null) => void} point called on hover and focus
 * @property {(part: Part) => void} choose called on click and Enter
 * @property {(part: Part) => string} say the values of a part, for screen readers
 * @property {boolean} [weights] whether the weights are written on their arcs
 */

const WIDEST = 9; // pixels of the strongest arc
const WRITTEN = 9; // arcs that there may be for their blame to be written on them
let count = 0;

/** @param {HTMLElement} frame @param {Options} options */
export function networkDiagram(frame, options) {
  const id = `net${++count}`;
  const svg = s("svg", { class: "network", role: "group", "aria-label": "The network. Arrow keys move from part to part." });
  frame.append(svg);
  /** @type {Model | null} */ let model = null;
  /** @type {Moment | null} */ let last = null;
  /** @type {{part: Part, node: SVGElement}[]} */ let parts = [];
  /** @type {any[]} */ let units = [];
  /** @type {any[]} */ let arcs = [];
  let width = 0;
  let chosen = "";

  const key = (/** @type {Part} */ part) => `${part.kind}:${part.index}`;

  /** @param {Part} part @param {...SVGElement} shapes */
  function pointable(part, ...shapes) {
    const kinds = part.kind === "arc" ? ["w", "dw", "change"] : ["y", "x", "dy", "dx"];
    const node = stand(s("g", { class: `part ${part.kind}`, role: "button", "data-part": key(part), "aria-label": options.say(part) }, ...shapes), ...kinds.map((kind) => `${kind}:${part.index}`));
    node.addEventListener("focus", () => set(node, { "aria-label": options.say(part) }));
    parts.push({ part, node });
    return node;
  }

  function draw() {
    if (!model || !width) return;
    const { layers, blocks, label } = model;
    const tallest = Math.max(...layers.map((layer) => layer.units.length));
    const narrow = width < 460;
    const room = narrow ? 260 : 340;
    /** @param {number} units */
    const pitchOf = (units) => Math.max(narrow ? 46 : 54, Math.min(narrow ? 118 : 150, room / units));
    const pitch = pitchOf(tallest);
    const dense = pitch < 80;
    const radius = Math.min(narrow ? 22 : 34, pitch * 0.37);
    const top = radius + 30;
    const height = Math.max(narrow ? 240 : 300, top + (tallest - 1) * pitch + radius + 34);
    const areMany = layers[0].units.length > 3; // then names of inputs stand to the left
    const left = radius + (areMany ? (narrow ? 18 : 66) : narrow ? 16 : 64);
    const right = narrow ? radius + 40 : radius + 78;
    const columns = layers.map((_, k) => left + ((width - left - right) * k) / (layers.length - 1));
    const middle = (height + 8) / 2;
    const held = parts.find(({ node }) => node === document.activeElement);
    parts = [];
    units = [];
    arcs = [];
    svg.replaceChildren();
    set(svg, { viewBox: `0 0 ${width} ${height}`, width, height });

    const places = layers.flatMap((layer, column) =>
      layer.units.map((_, unit) => ({
        layer: layer.name,
        unit,
        column,
        x: columns[column],
        y: middle + (unit - (layer.units.length - 1) / 2) * (dense ? pitchOf(layer.units.length * (layer.units.length < tallest ? 1.4 : 1)) : pitch),
        dense: dense && layer.units.length > 3,
      })),
    );
    const offset = Object.fromEntries(layers.map((layer) => [layer.name, places.findIndex((place) => place.layer === layer.name)]));
    const under = s("g", {});
    const above = s("g", {});
    svg.append(under, above);

    for (const block of blocks) {
      const sources = block.source === null ? 1 : block.shape[1];
      for (let to = 0; to < block.shape[0]; to++) {
        for (let from = 0; from < sources; from++) {
          const target = places[offset[block.layer] + to];
          const source = block.source === null ? null : places[offset[block.source] + from];
          const part = /** @type {Part} */ ({
            kind: "arc",
            index: block.start + to * sources + from,
            from: source ? offset[block.source ?? ""] + from : -1,
            to: offset[block.layer] + to,
          });
          arcs.push(arc(part, source, target, radius, sources, from));
        }
      }
    }
    places.forEach((place, index) => {
      const above_inputs = index - layers[0].units.length;
      units.push(unitShape({ kind: "unit", index, from: -1, to: index }, place, radius, above_inputs < 0, label(place.layer, place.unit), narrow));
    });
    // In the order of reading: unit by unit from left to right, each with its arcs.
    parts = [];
    for (const unit of units) {
      for (const one of arcs.filter((a) => a.part.to === unit.part.index)) {
        const node = pointable(one.part, one.hit, one.line, one.clear, one.flow, one.end);
        above.append(...one.written);
        under.append(node);
      }
      above.append(pointable(unit.part, ...unit.shapes));
    }
    roving(
      parts.map(({ node }) => node),
      { choose: (k) => options.choose(parts[k].part), point: (k) => options.point(k === null ? null : parts[k].part) },
    );
    mark();
    if (last) show(last);
    // Whoever was on a part stays there when the network is drawn anew.
    if (held) parts.find(({ part }) => key(part) === key(held.part))?.node.focus({ preventScroll: true });
  }

  /** Whether there is room to write on all arcs. */
  const isSparse = () => width >= 460 && (model?.blocks ?? []).reduce((sum, { shape }) => sum + shape[0] * (shape[1] ?? 1), 0) <= WRITTEN;

  /** One arc: what is hit by the pointer, the line, the flow over it, and its end. */
  function arc(/** @type {Part} */ part, /** @type {any} */ source, /** @type {any} */ target, /** @type {number} */ radius, /** @type {number} */ sources, /** @type {number} */ from) {
    let path, tip, angle, spot;
    if (source) {
      angle = Math.PI + (sources === 1 ? 0 : ((from / (sources - 1)) * 2 - 1) * -0.62);
      tip = [target.x + Math.cos(angle) * (radius + 5), target.y + Math.sin(angle) * (radius + 5)];
      const reach = (target.x - source.x) * 0.45;
      const points = [[source.x + radius, source.y], [source.x + radius + reach, source.y], [tip[0] + Math.cos(angle) * reach, tip[1] + Math.sin(angle) * reach * 0.35], tip];
      path = `M${points[0]}C${points.slice(1).join(" ")}`;
      // From many units weights stand by the beginnings of their arcs, else halfway.
      spot = sources > 3 ? [points[0][0] + 22, source.y + (target.unit ? 18 : -8)] : pointOf(points, options.weights ? 0.5 : 0.7);
      if (sources <= 3) spot[1] += target.y > source.y ? 21 : -9;
    } else {
      angle = Math.PI * 0.62; // the bias comes from below
      tip = [target.x + Math.cos(angle) * (radius + 5), target.y + Math.sin(angle) * (radius + 5)];
      path = `M${tip[0] + Math.cos(angle) * 16},${tip[1] + Math.sin(angle) * 16}L${tip[0]},${tip[1]}`;
      spot = [tip[0] + Math.cos(angle) * 16, tip[1] + Math.sin(angle) * 16 + 14];
    }
    const turn = (angle * 180) / Math.PI + 180;
    return {
      part,
      hit: s("path", { d: path, class: "hit" }),
      line: s("path", { d: path, class: "weight" }),
      clear: s("path", { d: path, class: "flow clear" }), // sets the blame off from the arc
      flow: s("path", { d: path, class: "flow" }),
      end: s("path", { class: "end", transform: `translate(${tip[0]},${tip[1]}) rotate(${turn})` }),
      written: options.weights || isSparse() ? [s("text", { class: "arc-weight", x: spot[0], y: spot[1] })] : [],
    };
  }

  /** One unit: a vessel filled by activity, a ring of blame, its name. */
  function unitShape(/** @type {Part} */ part, /** @type {any} */ place, /** @type {number} */ radius, /** @type {boolean} */ isInput, /** @type {string} */ name, /** @type {boolean} */ narrow) {
    const { x, y } = place;
    const clip = `${id}-${part.index}`;
    const fill = s("g", { "clip-path": `url(#${clip})` });
    const ring = s("circle", { cx: x, cy: y, r: radius + 1.5, class: "blame-ring", transform: `rotate(-90 ${x} ${y})`, pathLength: 100 });
    const value = s("text", { x, y: y + 5, class: "unit-value" });
    const push = s("path", { class: "push" });
    const title = s("text", { x, y: y - radius - 11, class: "unit-name" }, name);
    const target = stand(s("g", { class: "target" }), `d:${part.index}`);
    if (isInput && place.dense) set(title, { x: x - radius - 8, y: y + 5, class: "unit-name beside", text: narrow ? name.replace("Input ", "") : name });
    else if (place.dense) set(title, { x: x + radius + 3, y: y - radius + 5, class: "unit-name dense", text: name.replace("Hidden ", "H") });
    const shapes = [
      s("defs", {}, s("clipPath", { id: clip }, s("circle", { cx: x, cy: y, r: radius - 1 }))),
      s("circle", { cx: x, cy: y, r: radius + 9, class: "halo" }),
      s("circle", { cx: x, cy: y, r: radius, class: "vessel" }),
      fill,
      s("circle", { cx: x, cy: y, r: radius, class: "rim" }),
      ring,
      value,
      push,
      title,
      target,
    ];
    return { part, x, y, radius, isInput, fill, ring, value, push, target, shapes, rects: [] };
  }

  /** @param {Moment} moment */
  function show(moment) {
    last = moment;
    if (!units.length || !model) return;
    const backward = moment.view === "backward";
    const blamed = moment.view !== "forward";
    const thick = scaleSqrt([0, Math.max(moment.weightScale, 1e-9)], [0.6, WIDEST]);
    const blame = scaleSqrt([0, Math.max(moment.gradientScale, 1e-12)], [0, 10]);
    svg.setAttribute("data-view", moment.view);
    for (const { part, line, clear, flow, end, written } of arcs) {
      const w = moment.weights[part.index];
      const g = moment.dE_dw[part.index];
      const wide = Number.isFinite(w) ? thick(Math.min(Math.abs(w), moment.weightScale)) : 1;
      const sign = w < 0 ? "inhibitory" : "excitatory";
      for (const text of written) text.textContent = options.weights ? fixed(w, 1) : backward ? blameSaid(g, 3) : "";
      line.setAttribute("class", `weight ${sign}`);
      line.style.strokeWidth = `${wide.toFixed(2)}px`;
      end.setAttribute("class", `end ${sign}`);
      const size = 2.5 + wide * 0.62;
      end.setAttribute("d", w < 0 ? `M1,${-size}L1,${size}` : `M${-size * 0.9},${-size}L2,0L${-size * 0.9},${size}`);
      end.style.strokeWidth = `${Math.max(1.5, wide * 0.45).toFixed(2)}px`;
      const carried = blamed && Number.isFinite(g) ? blame(Math.min(Math.abs(g), moment.gradientScale)) : 0;
      const wideFlow = backward ? Math.max(carried * 1.5, 2.4) : carried;
      const flows = carried > 0.35 || (backward && carried > 0) ? "" : "none";
      flow.style.strokeWidth = `${wideFlow.toFixed(2)}px`;
      clear.style.strokeWidth = `${(wideFlow > 1.6 ? wideFlow + 3 : 0).toFixed(2)}px`;
      flow.style.display = clear.style.display = flows;
    }
    const inputs = model.layers[0].units.length;
    units.forEach((unit, index) => {
      const y = moment.y[index];
      fillUp(unit, y);
      const dx = index >= inputs ? moment.dE_dx[index - inputs] : 0;
      const said = backward ? (index >= inputs ? blameSaid(dx, unit.radius > 26 ? 3 : 2) : "") : y.length === 1 ? answer(y[0]) : "";
      unit.value.textContent = unit.radius > 17 ? said : "";
      const share = blamed && Number.isFinite(dx) ? Math.sqrt(Math.min(1, Math.abs(dx) / Math.max(moment.blameScale, 1e-12))) : 0;
      unit.ring.setAttribute("stroke-dasharray", `${(share * 100).toFixed(1)} 100`);
      unit.ring.style.display = share > 0.01 ? "" : "none";
      // The way the unit should go is against the slope.
      const up = dx < 0 ? -1 : 1;
      const at = unit.x + unit.radius * 0.78 + 6;
      const base = unit.y + unit.radius * 0.78 + 6;
      unit.push.setAttribute("d", share > 0.06 ? `M${at - 5},${base - up * 4}L${at + 5},${base - up * 4}L${at},${base + up * 5}Z` : "");
    });
    const output = units[units.length - 1];
    drawTarget(output, moment.desired, width < 460);
    svg.classList.toggle("backward", backward);
  }

  /** @param {any} unit @param {number[]} y */
  function fillUp(unit, y) {
    if (unit.rects.length !== y.length) {
      unit.rects = y.map(() => s("rect", { class: "activity" }));
      unit.fill.replaceChildren(...unit.rects);
      const wide = (2 * unit.radius) / y.length;
      unit.rects.forEach((/** @type {Element} */ rect, /** @type {number} */ k) =>
        set(rect, { x: unit.x - unit.radius + k * wide + (k ? 0.75 : 0), width: wide - (k ? 0.75 : 0) }),
      );
    }
    y.forEach((value, k) => {
      const high = 2 * unit.radius * (Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 0);
      unit.rects[k].setAttribute("y", (unit.y + unit.radius - high).toFixed(2));
      unit.rects[k].setAttribute("height", high.toFixed(2));
    });
  }

  /** @param {any} unit @param {number | null} desired @param {boolean} narrow */
  function drawTarget(unit, desired, narrow) {
    const said = desired === null ? "" : String(desired);
    if (unit.target.dataset.said === `${said}${unit.x}`) return;
    unit.target.dataset.said = `${said}${unit.x}`;
    const x = unit.x + unit.radius + (narrow ? 22 : 34);
    unit.target.replaceChildren(
      ...(desired === null
        ? []
        : [
            s("circle", { cx: x, cy: unit.y, r: 12, class: desired > 0.5 ? "goal on" : "goal" }),
            s("text", { x, y: unit.y + 5, class: "goal-value" }, String(desired)),
            s("text", { x, y: unit.y + 30, class: "unit-name" }, "goal"),
          ]),
    );
  }

  function mark() {
    for (const { part, node } of parts) node.classList.toggle("chosen", key(part) === chosen);
  }

  const stop = watchWidth(frame, (now) => {
    width = now;
    draw();
  });

  return {
    /** @param {Model} next */
    lay(next) {
      model = next;
      last = null; // it was of another network
      draw();
    },
    show,
    /** Mark what is chosen. @param {string} part "unit:3", "arc:7" or "" */
    mark(part) {
      chosen = part;
      mark();
    },
    get parts() {
      return parts.map(({ part }) => part);
    },
    svg,
    stop,
  };
}

/** A point of a Bézier curve. @param {number[][]} points four of them @param {number} t from 0 to 1 */
const pointOf = ([a, b, c, d], t) => [0, 1].map((k) => (1 - t) ** 3 * a[k] + 3 * t * (1 - t) ** 2 * b[k] + 3 * t * t * (1 - t) * c[k] + t ** 3 * d[k]);

/** A blame with its sign, short; a small one is not said to be none. @param {number} value @param {number} digits */
const blameSaid = (value, digits) => (Math.abs(value) < 0.5 / 10 ** digits ? (value ? "≈0" : "0") : `${value > 0 ? "+" : ""}${fixed(value, digits)}`);

/** What the marks of the diagram mean. @param {boolean} blamed @param {boolean} [written] whether blame stands there as a number */
export function legend(blamed, written = false) {
  const swatch = (/** @type {Node[]} */ shapes, /** @type {string} */ text) =>
    h("li", {}, s("svg", { class: "network swatch", width: 34, height: 18, viewBox: "0 0 34 18", "aria-hidden": "true" }, ...shapes), text);
  const stroke = (/** @type {string} */ kind, /** @type {string} */ end) => [
    s("path", { class: `weight ${kind}`, d: "M2,9H27", "stroke-width": 3 }),
    s("path", { class: `end ${kind}`, d: end, "stroke-width": 2 }),
  ];
  return h(
    "ul",
    { class: "legend" },
    swatch([s("circle", { cx: 17, cy: 9, r: 8, class: "vessel" }), s("path", { d: "M9.4,11H24.6A8,8 0 0 1 9.4,11Z", class: "activity" }), s("circle", { cx: 17, cy: 9, r: 8, class: "rim" })], "filled as far as it is active"),
    swatch(stroke("excitatory", "M23,4L30,9L23,14"), "excites"),
    swatch(stroke("inhibitory", "M29,4V14"), "inhibits"),
    blamed && swatch([s("path", { class: "flow still", d: "M2,9H32", "stroke-width": 4 })], calm() ? "blame" : "blame, flowing back"),
    written && swatch([s("circle", { cx: 17, cy: 9, r: 8, class: "rim" }), s("text", { x: 17, y: 14, class: "arc-weight" }, "±")], "its blame as a number"),
    blamed && swatch([s("path", { class: "push", d: "M7,13H17L12,4Z" }), s("path", { class: "push", d: "M19,5H29L24,14Z" })], "should say more, or less"),
  );
}
