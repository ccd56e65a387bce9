/**
 * The network as small planes: each unit shows what it says over the plane, and the
 * arcs between them are the weights. Layers and units are added and taken out here.
 */

import { h, s, set, watchWidth } from "../shared/dom.js";
import { scaleSqrt } from "../shared/d3.js";
import { stand } from "../shared/links.js";
import { painter } from "./palette.js";
import { withLayer, without } from "../shared/layers.js";

/** @typedef {import("../shared/messages.js").LayerPlan} Layer */
/** @typedef {{layer: string, source: string | null, start: number, shape: readonly number[]}} Block */
/** @typedef {{side: number, colour: (spot: Spot) => ((place: number) => number) | null, weights: ArrayLike<number> | null, scale: number}} Moment */
/** @typedef {{layer: number, unit: number}} Spot a unit, the inputs' layer being 0 */

const MOST_UNITS = 16; // of a layer, as the server gives them
const MOST_LAYERS = 6; // hidden ones
const WIDEST = 8; // pixels of the strongest arc
const HEAD = 62;

/**
 * @param {HTMLElement} frame
 * @param {{choose: (spot: Spot) => void, peek: (spot: Spot | null) => void, change: (layers: readonly Layer[]) => void, say: (text: string) => void, weigh: (index: number) => void, name: (spot: Spot) => string}} options
 */
export function planeTiles(frame, { choose, peek, change, say, weigh, name }) {
  const svg = s("svg", { class: "network tile-arcs", "aria-hidden": "true" });
  const above = h("div", { class: "tiles" });
  const box = h("div", { class: "tile-box", role: "group", "aria-label": "The network, unit by unit. Arrow keys move among the units." }, svg, above);
  frame.append(box);
  let width = 0;
  /** @type {readonly Layer[]} */ let layers = [];
  /** @type {readonly Block[]} */ let blocks = [];
  let canChange = false;
  /** @type {{spot: Spot, button: HTMLButtonElement, paint: ReturnType<typeof painter>}[]} */ let tiles = [];
  /** @type {{path: SVGPathElement, index: number, text: string}[]} */ let arcs = [];
  /** @type {Moment | null} */ let moment = null;
  let chosen = "";
  const key = (/** @type {Spot} */ { layer, unit }) => `${layer}:${unit}`;

  /** @param {string} label @param {string} text @param {boolean} can @param {() => void} act */
  const small = (label, text, can, act) => h("button", { type: "button", class: "tile-step", "aria-label": label, title: label, disabled: !can, onclick: act }, text);

  /** @param {number} k @param {number} x */
  function heading(k, x) {
    const layer = layers[k];
    const isHidden = k > 0 && k < layers.length - 1;
    const sized = (/** @type {number} */ size) => change(layers.map((one, place) => (place === k ? { ...one, size } : one)));
    const part = h(
      "div",
      { class: "tile-head" },
      h("span", { class: "tile-layer" }, layer.name),
      isHidden && canChange
        ? h("span", { class: "tile-steps" }, small(`A unit less in ${layer.name}`, "\u2212", layer.size > 1, () => sized(layer.size - 1)), h("span", {}, String(layer.size)), small(`A unit more in ${layer.name}`, "+", layer.size < MOST_UNITS, () => sized(layer.size + 1)))
        : h("span", { class: "tile-steps aside" }, `${layer.size}`),
    );
    part.style.left = `${x}px`;
    return part;
  }

  function draw() {
    if (!width || layers.length < 2) return;
    const held = /** @type {HTMLElement | null} */ (above.contains(document.activeElement) ? document.activeElement : null)?.getAttribute("aria-label");
    const shown = layers.map((layer) => Math.min(layer.size, MOST_UNITS));
    const tallest = Math.max(...shown);
    const room = width < 520 ? 330 : 430;
    const pitch = Math.min(64, Math.max(26, room / tallest));
    const tile = Math.min(pitch - 8, Math.max(20, (width / layers.length) * 0.5), 54);
    const left = Math.max(tile / 2 + 4, 44);
    const right = Math.max(tile / 2 + 4, 44);
    const height = HEAD + Math.max(tallest * pitch, Math.max(3, shown[0], shown[shown.length - 1]) * Math.min(84, tile + 30), 260) + 22;
    const middle = HEAD + (height - HEAD - 14) / 2;
    const isNamed = (/** @type {number} */ k) => (!k || k === layers.length - 1) && shown[k] < 7;
    const pitches = shown.map((count, k) => (isNamed(k) ? Math.min(tile + 30, (height - HEAD - 22) / count) : pitch));
    const x = (/** @type {number} */ k) => left + ((width - left - right) * k) / (layers.length - 1);
    const y = (/** @type {number} */ k, /** @type {number} */ unit) => middle + (unit - (shown[k] - 1) / 2) * pitches[k];
    box.style.height = `${height}px`;
    set(svg, { viewBox: `0 0 ${width} ${height}`, width, height });
    arcs = [];
    layers.forEach((layer, to) =>
      layer.sources.forEach((source) => {
        const from = layers.findIndex((one) => one.name === source);
        const block = blocks.find((one) => one.layer === layer.name && one.source === source);
        for (let b = 0; b < shown[to]; b++)
          for (let a = 0; a < shown[from]; a++) {
            const [x0, y0, x1, y1] = [x(from) + tile / 2, y(from, a), x(to) - tile / 2, y(to, b)];
            const bend = (x1 - x0) * 0.45;
            const path = s("path", { class: "weight idle", d: `M${x0},${y0}C${x0 + bend},${y0} ${x1 - bend},${y1} ${x1},${y1}` });
            if (block) stand(path, `w:${block.start + b * block.shape[1] + a}`);
            arcs.push({ path, index: block ? block.start + b * block.shape[1] + a : -1, text: `${name({ layer: from, unit: a })} to ${name({ layer: to, unit: b })}` });
          }
      }),
    );
    svg.replaceChildren(...arcs.map(({ path }) => path));
    tiles = layers.flatMap((_, layer) =>
      Array.from({ length: shown[layer] }, (_, unit) => {
        const spot = { layer, unit };
        const canvas = h("canvas", { "aria-hidden": "true" });
        const button = h("button", { type: "button", class: "tile", "data-unit": key(spot), "aria-label": name(spot), title: name(spot), tabindex: -1, onclick: () => choose(spot), onpointerenter: (/** @type {PointerEvent} */ event) => event.pointerType === "mouse" && peek(spot), onpointerleave: () => peek(null), onkeydown: (/** @type {KeyboardEvent} */ event) => arrows(event, spot), onfocus: () => stopAt(button) }, canvas);
        const number = layers.slice(0, layer).reduce((sum, one) => sum + one.size, unit);
        stand(button, ...["y", "x", "dy", "dx", "d"].map((kind) => `${kind}:${number}`));
        button.style.left = `${x(layer) - tile / 2}px`;
        button.style.top = `${y(layer, unit) - tile / 2}px`;
        button.style.width = button.style.height = `${tile}px`;
        return { spot, button, paint: painter(canvas) };
      }),
    );
    const names = layers.flatMap((layer, k) => {
      if (k && k < layers.length - 1) return layer.size > MOST_UNITS ? [label(`and ${layer.size - MOST_UNITS} more`, x(k), height - 8)] : [];
      return Array.from({ length: isNamed(k) ? shown[k] : 0 }, (_, unit) => label(name({ layer: k, unit }), x(k), y(k, unit) + tile / 2 + 10));
    });
    const steps = canChange ? layerSteps() : [];
    above.replaceChildren(...layers.map((_, k) => heading(k, x(k))), ...tiles.map(({ button }) => button), ...names, ...steps);
    stopAt(tiles.find(({ spot }) => key(spot) === chosen)?.button ?? tiles[tiles.length - 1].button);
    mark();
    if (moment) show(moment);
    if (held) /** @type {HTMLElement | null} */ (above.querySelector(`[aria-label="${CSS.escape(held)}"]:not(:disabled)`) ?? above.querySelector(".tile-step:not(:disabled)"))?.focus();
  }

  /** @param {string} text @param {number} x @param {number} y */
  function label(text, x, y) {
    const part = h("span", { class: "tile-name" }, text);
    part.style.left = `${x}px`;
    part.style.top = `${y}px`;
    return part;
  }

  function layerSteps() {
    const hidden = layers.length - 2;
    const less = small("A hidden layer less", "\u2212", hidden > 0, () => change(without(layers, layers[layers.length - 2].name)));
    const more = small("A hidden layer more", "+", hidden < MOST_LAYERS, () => change(withLayer(layers)));
    return [h("div", { class: "layer-steps" }, less, h("span", {}, `${hidden || "no"} hidden layer${hidden === 1 ? "" : "s"}`), more)];
  }

  /** @param {HTMLButtonElement} button */
  const stopAt = (button) => tiles.forEach((one) => set(one.button, { tabindex: one.button === button ? 0 : -1 }));

  /** @param {KeyboardEvent} event @param {Spot} spot */
  function arrows(event, spot) {
    const way = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!way) return;
    const layer = Math.max(0, Math.min(layers.length - 1, spot.layer + way[0]));
    const unit = Math.max(0, Math.min(Math.min(layers[layer].size, MOST_UNITS) - 1, spot.unit + way[1]));
    tiles.find((one) => key(one.spot) === `${layer}:${unit}`)?.button.focus();
    event.preventDefault();
    event.stopPropagation();
  }

  const mark = () => tiles.forEach(({ spot, button }) => button.setAttribute("aria-pressed", String(key(spot) === chosen)));

  svg.addEventListener("pointermove", (event) => {
    const arc = arcs.find(({ path }) => path === event.target);
    const weight = arc && moment?.weights?.[arc.index];
    if (arc) say(`Weight from ${arc.text}${weight === undefined ? "" : `: ${weight < 0 ? "\u2212" : "+"}${Math.abs(weight).toFixed(2)}`}.`);
  });
  svg.addEventListener("pointerleave", () => say(""));
  svg.addEventListener("click", (event) => {
    const arc = arcs.find(({ path }) => path === event.target);
    if (arc && arc.index >= 0) weigh(arc.index);
  });

  /** @param {Moment} next */
  function show(next) {
    moment = next;
    const thick = scaleSqrt([0, Math.max(next.scale, 1e-9)], [0.5, WIDEST]);
    for (const { path, index } of arcs) {
      const w = index < 0 ? undefined : next.weights?.[index];
      const known = w !== undefined && Number.isFinite(w);
      path.setAttribute("class", `${known ? `weight ${w < 0 ? "inhibitory" : "excitatory"}` : "weight idle"}${path.classList.contains("hinted") ? " hinted" : ""}`);
      path.style.strokeWidth = known ? `${thick(Math.min(next.scale, Math.abs(w))).toFixed(2)}px` : "1px";
    }
    for (const { spot, paint } of tiles) {
      const colour = next.colour(spot);
      if (colour) paint(next.side, colour);
    }
  }

  const stop = watchWidth(frame, (now) => {
    width = now;
    draw();
  });
  return {
    /** @param {readonly Layer[]} next @param {readonly Block[]} known @param {boolean} free whether it can be changed here */
    lay(next, known, free) {
      [layers, blocks, canChange, moment] = [next, known, free, null];
      draw();
    },
    show,
    /** @param {Spot | null} spot */
    mark(spot) {
      chosen = spot ? key(spot) : "";
      mark();
    },
    stop,
  };
}
