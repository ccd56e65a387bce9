/** The network that is to learn: drawn, changed layer by layer, and written. */

import { h, s, set, watchWidth } from "../shared/dom.js";
import { stepper } from "../shared/controls.js";
import { withLayer, without } from "../shared/layers.js";

/** @typedef {import("../shared/messages.js").LayerPlan} Layer */

const ACTIVATIONS = ["logistic", "tanh", "relu", "linear", "softmax"];
const DRAWN = 10; // units of a layer

/** @param {HTMLElement} frame */
export function scheme(frame) {
  const svg = s("svg", { class: "network scheme", role: "img" });
  frame.append(svg);
  let seen = 0;
  /** @type {readonly Layer[]} */ let layers = [];

  function draw() {
    if (layers.length < 2) return;
    const width = seen || 720; // it may not be on screen, and be taken along all the same
    const narrow = width < 460;
    const height = narrow ? 250 : 300;
    const skips = layers.flatMap((layer, to) => layer.sources.map((name) => [layers.findIndex((one) => one.name === name), to])).filter(([from, to]) => to - from > 1);
    const left = narrow ? 26 : 118;
    const right = narrow ? 26 : 118;
    const x = (/** @type {number} */ k) => left + ((width - left - right) * k) / (layers.length - 1);
    const floor = height - 26 - (skips.length ? 30 : 0);
    const places = layers.map((layer, k) => {
      const shown = Math.min(layer.size, DRAWN);
      const pitch = Math.min(34, (floor - 34) / Math.max(shown, 1));
      const middle = 34 + (floor - 34) / 2;
      return Array.from({ length: shown }, (_, unit) => ({ x: x(k), y: middle + (unit - (shown - 1) / 2) * pitch, r: Math.min(11, pitch * 0.4) }));
    });
    let lines = "";
    layers.forEach((layer, to) =>
      layer.sources.forEach((name) => {
        const from = layers.findIndex((one) => one.name === name);
        if (to - from === 1) for (const a of places[from]) for (const b of places[to]) lines += `M${a.x + a.r},${a.y.toFixed(1)}L${b.x - b.r},${b.y.toFixed(1)}`;
      }),
    );
    const arcs = skips.map(([from, to], k) => {
      const low = floor + 4;
      const dip = height - 8 + (k % 2) * 5;
      return s("path", { class: "skip-link", d: `M${x(from)},${low}C${x(from) + 20},${dip} ${x(to) - 20},${dip} ${x(to)},${low}`, "marker-end": "" });
    });
    const ends = narrow ? [] : [[0, "end", -1], [layers.length - 1, "start", 1]];
    const label = (/** @type {string} */ name) => {
      const text = name.includes("=") ? name.slice(name.indexOf("=") + 1) : name;
      return text.length > 14 ? `${text.slice(0, 13)}…` : text;
    };
    svg.replaceChildren(
      s("path", { class: "scheme-links", d: lines }),
      ...arcs,
      ...layers.flatMap((layer, k) => [
        ...places[k].map(({ x, y, r }) => s("circle", { cx: x, cy: y, r, class: k && k < layers.length - 1 ? "vessel hidden-unit" : "vessel" })),
        s("text", { x: x(k), y: 16, class: "unit-name" }, `${layer.name}, ${layer.size}`),
        layer.size > DRAWN && s("text", { x: x(k), y: places[k][DRAWN - 1].y + 22, class: "unit-name" }, `+ ${layer.size - DRAWN}`),
      ].filter((one) => one !== false)),
      ...ends.flatMap(([k, anchor, way]) => places[Number(k)].map(({ x, y, r }, unit) => s("text", { x: x + Number(way) * (r + 7), y: y + 5, class: `end-name ${anchor}` }, label(layers[Number(k)].units[unit] ?? "")))),
    );
    set(svg, { viewBox: `0 0 ${width} ${height}`, width, height, "aria-label": `A network of ${layers.map((layer) => `${layer.size} ${layer.name}`).join(", ")} units${skips.length ? `, with ${skips.length} link${skips.length > 1 ? "s that skip" : " that skips"} a layer` : ""}.` });
  }
  const stop = watchWidth(frame, (now) => {
    seen = now;
    draw();
  });
  return {
    /** @param {readonly Layer[]} next */
    show(next) {
      layers = next;
      draw();
    },
    svg,
    stop,
  };
}

/**
 * Layer by layer: size, activation, links.
 * @param {readonly Layer[]} layers @param {(layers: readonly Layer[]) => void} change
 */
export function layerControls(layers, change) {
  const replaced = (/** @type {number} */ k, /** @type {Partial<Layer>} */ patch) => change(layers.map((layer, place) => (place === k ? { ...layer, ...patch } : layer)));
  const last = layers.length - 1;
  const rows = layers.flatMap((layer, k) => {
    if (!k) return [];
    const activation = h("label", { class: "field" }, h("span", {}, k === last ? "Output units are" : `Units of ${layer.name} are`), h("select", { onchange: (/** @type {Event} */ event) => replaced(k, { activation: /** @type {HTMLSelectElement} */ (event.target).value }) }, ...ACTIVATIONS.map((name) => h("option", { value: name, selected: name === layer.activation }, name))));
    const size = k < last ? stepper({ label: `Units of ${layer.name}`, value: layer.size, low: 1, high: 500, whole: true, wide: 3, choose: (value) => replaced(k, { size: value }) }).element : null;
    const skips = layers.slice(0, Math.max(0, k)).map((lower) => {
      const has = layer.sources.includes(lower.name);
      const only = has && layer.sources.length === 1;
      return h("label", { class: "check" }, h("input", { type: "checkbox", checked: has, disabled: only, onchange: () => replaced(k, { sources: has ? layer.sources.filter((name) => name !== lower.name) : [...layer.sources, lower.name] }) }), lower.name);
    });
    const hears = layers.length > 2 && k > 1 ? h("fieldset", { class: "checks" }, h("legend", {}, `${layer.name} hears from`), ...skips) : null;
    const remove = k < last && last > 1 ? h("button", { type: "button", class: "plain", onclick: () => change(without(layers, layer.name)) }, `Take ${layer.name} out`) : null;
    return [h("div", { class: "layer-row" }, size, activation, hears, remove)];
  });
  return h("div", { class: "layer-rows" }, ...rows, h("button", { type: "button", class: "plain", onclick: () => change(withLayer(layers)) }, "Add a layer"));
}
