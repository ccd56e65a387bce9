/** Strips: what every unit says to every case, cases side by side, sorted by answer. */

import { h, s, set, watchWidth } from "./dom.js";
import { fixed } from "./format.js";

/** @typedef {import("./messages.js").OneRun} OneRun */

const RANGES = /** @type {Record<string, number[]>} */ ({ logistic: [0, 1], softmax: [0, 1], tanh: [-1, 1] });

/** Begin and end of each run of equal words. @param {readonly string[]} words */
export function stretches(words) {
  /** @type {{word: string, from: number, to: number}[]} */ const found = [];
  words.forEach((word, k) => {
    const last = found[found.length - 1];
    if (last?.word === word) last.to = k + 1;
    else found.push({ word, from: k, to: k + 1 });
  });
  return found;
}

/** @param {HTMLElement} frame @param {{choose: (place: number) => void}} options */
export function strips(frame, { choose }) {
  const svg = s("svg", { class: "strips", role: "img" });
  const said = h("p", { class: "pointed", "aria-hidden": "true" });
  frame.append(svg, said);
  const canvas = document.createElement("canvas");
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  let width = 0;
  let left = 0;
  let chosen = -1;
  /** @type {{message: OneRun, arrays: Record<string, any>} | null} */ let run = null;
  const marker = s("rect", { class: "strip-marker" });
  /** @type {{top: number, high: number, unit: number}[]} */ let rows = [];

  function colours() {
    const style = getComputedStyle(svg);
    return ["--plane-off", "--plane-on"].map((name) => {
      const hex = style.getPropertyValue(name).trim();
      return [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16));
    });
  }

  function draw() {
    if (!run || !width) return;
    const { message, arrays } = run;
    const n = message.cases.length;
    const units = message.layers.filter((layer) => layer.sources.length);
    const total = units.reduce((sum, layer) => sum + layer.size, 0);
    const high = total > 40 ? 10 : width < 460 ? 20 : 24;
    left = width < 460 ? 62 : 118;
    const wide = width - left - 4;
    const [off, on] = colours();
    const shapes = [];
    rows = [];
    const groups = stretches(message.wanted);
    const grouped = groups.length <= Math.max(8, n / 5);
    let top = grouped ? 26 : 8;
    let first = 0;
    for (const layer of units) {
      const values = arrays.y.subarray(first * n, (first + layer.size) * n);
      const range = RANGES[layer.activation] ?? [Math.min(...values, 0), Math.max(...values, 0)];
      canvas.width = n;
      canvas.height = layer.size;
      const image = context.createImageData(n, layer.size);
      for (let k = 0; k < n * layer.size; k++) {
        const share = Math.max(0, Math.min(1, (values[k] - range[0]) / (range[1] - range[0] || 1)));
        for (let c = 0; c < 3; c++) image.data[4 * k + c] = Math.round(off[c] + (on[c] - off[c]) * (Number.isFinite(share) ? share : 0));
        image.data[4 * k + 3] = 255;
      }
      context.putImageData(image, 0, 0);
      shapes.push(
        s("image", { href: canvas.toDataURL(), x: left, y: top, width: wide, height: high * layer.size, preserveAspectRatio: "none", class: "strip-image" }),
        s("rect", { x: left, y: top, width: wide, height: high * layer.size, class: "strip-rim" }),
      );
      for (let k = 0; k < layer.size; k++) {
        const name = message.unit_names[first + k];
        const room = width < 460 ? 8 : 16;
        const text = /^\d+$/.test(name) ? `${layer.name} ${name}` : name.includes("=") ? name.slice(name.indexOf("=") + 1) : name;
        rows.push({ top: top + k * high, high, unit: first + k });
        if (high > 12) shapes.push(s("text", { x: left - 8, y: top + k * high + high / 2 + 5, "text-anchor": "end" }, text.length > room ? `${text.slice(0, room - 1)}…` : text));
        if (k) shapes.push(s("line", { x1: left, x2: left + wide, y1: top + k * high, y2: top + k * high, class: "strip-gap" }));
      }
      top += high * layer.size + 14;
      first += layer.size;
    }
    const bottom = top - 14;
    const place = (/** @type {number} */ k) => left + (wide * k) / n;
    if (grouped)
      for (const { word, from, to } of groups) {
        const room = (place(to) - place(from)) / 8;
        if (room > 2) shapes.push(s("text", { x: (place(from) + place(to)) / 2, y: 17, "text-anchor": "middle", class: "strip-class" }, word.length > room ? `${word.slice(0, Math.floor(room) - 1)}…` : word));
        if (from) shapes.push(s("line", { x1: place(from), x2: place(from), y1: 4, y2: bottom, class: "strip-border" }));
      }
    // Below: which cases were held out, and which are wrong.
    const mark = Math.max(1.6, Math.min(5, wide / n - 0.6));
    let held = "";
    let wrong = "";
    for (let k = 0; k < n; k++) {
      const x = place(k + 0.5);
      if (arrays.held_out[k]) held += `M${(x - mark / 2).toFixed(1)},${bottom + 8}h${mark.toFixed(1)}v6h${(-mark).toFixed(1)}Z`;
      if (!arrays.right[k]) wrong += `M${(x - 3).toFixed(1)},${bottom + 20}l6,6m0,-6l-6,6`;
    }
    shapes.push(
      s("path", { d: held, class: "held-mark" }),
      s("text", { x: left - 8, y: bottom + 16, "text-anchor": "end" }, "held out"),
      s("path", { d: wrong, class: "wrong-mark" }),
      s("text", { x: left - 8, y: bottom + 29, "text-anchor": "end" }, "wrong"),
    );
    const height = bottom + 36;
    set(svg, { viewBox: `0 0 ${width} ${height}`, width, height, "aria-label": `What ${total} units say to ${n} cases, sorted by the answer that is wanted. The table of cases has the same by name.` });
    svg.replaceChildren(...shapes, marker);
    set(marker, { y: 2, height: bottom, width: Math.max(3, wide / n) });
    marked();
  }

  function marked() {
    const n = run?.message.cases.length ?? 1;
    marker.style.display = chosen < 0 || chosen >= n ? "none" : "";
    set(marker, { x: left + ((width - left - 4) * chosen) / n - (((width - left - 4) / n) < 3 ? 1 : 0) });
  }

  const at = (/** @type {PointerEvent} */ event) => {
    const box = svg.getBoundingClientRect();
    const n = run?.message.cases.length ?? 0;
    const place = Math.floor(((event.clientX - box.left - left) / (width - left - 4)) * n);
    const y = event.clientY - box.top;
    return { place: place >= 0 && place < n ? place : -1, row: rows.find((row) => y >= row.top && y < row.top + row.high) };
  };
  set(svg, {
    onclick: (/** @type {PointerEvent} */ event) => at(event).place >= 0 && choose(at(event).place),
    onpointermove: (/** @type {PointerEvent} */ event) => {
      const { place, row } = at(event);
      said.textContent = !run || place < 0 ? "" : `${run.message.cases[place]}, ${run.message.wanted[place]}${row ? `: ${run.message.unit_names[row.unit]} says ${fixed(run.arrays.y[row.unit * run.message.cases.length + place], 2)}` : ""}`;
    },
    onpointerleave: () => (said.textContent = ""),
  });
  const stop = watchWidth(frame, (now) => {
    width = now;
    draw();
  });
  return {
    /** @param {{message: OneRun, arrays: Record<string, any>}} next */
    show(next) {
      run = next;
      draw();
    },
    /** @param {number} place */
    mark(place) {
      chosen = place;
      marked();
    },
    refresh: draw,
    svg,
    stop,
  };
}
