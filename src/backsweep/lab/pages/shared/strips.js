/**
 * Strips: what every unit says to every case, cases side by side, sorted by answer.
 * The picture stands behind the drawing, on canvases, so that a moment is soon painted.
 */

import { h, s, set, watchWidth } from "./dom.js";
import { fixed } from "./format.js";

/** @typedef {import("./one_run.js").OneRun} OneRun */

/** Begin and end of each run of equal words. @param {readonly string[]} words */
function stretches(words) {
  /** @type {{word: string, from: number, to: number}[]} */ const found = [];
  words.forEach((word, k) => {
    const last = found[found.length - 1];
    if (last?.word === word) last.to = k + 1;
    else found.push({ word, from: k, to: k + 1 });
  });
  return found;
}

/** What a unit is called beside others. @param {string} name @param {string} layer @param {number} [room] */
export function shortName(name, layer, room = Infinity) {
  const text = /^\d+$/.test(name) ? `${layer} ${name}` : name.slice(name.indexOf("=") + 1);
  return text.length > room ? `${text.slice(0, room - 1)}…` : text;
}

/** Colours from what is least to what is most, as pixels. @param {Element} element */
function ramp(element) {
  const style = getComputedStyle(element);
  const [off, on] = ["--plane-off", "--plane-on"].map((name) => {
    const hex = style.getPropertyValue(name).trim();
    return [5, 3, 1].map((k) => parseInt(hex.slice(k, k + 2), 16));
  });
  return Uint32Array.from({ length: 256 }, (_, level) => off.reduce((pixel, value, c) => pixel * 256 + Math.round(value + ((on[c] - value) * level) / 255), 255));
}

/** @param {HTMLElement} frame @param {{choose: (place: number, unit: number | null) => void}} options */
export function strips(frame, { choose }) {
  const behind = h("div", { class: "strip-pictures", "aria-hidden": "true" });
  const svg = s("svg", { class: "strips", role: "img" });
  const said = h("p", { class: "pointed", "aria-hidden": "true" });
  frame.append(h("div", { class: "strip-frame" }, behind, svg), said);
  let width = 0;
  let left = 0;
  let moment = 0;
  let chosen = -1;
  let unitChosen = -1;
  /** @type {readonly string[]} */ let hinted = [];
  /** @type {OneRun | null} */ let run = null;
  const marker = s("rect", { class: "strip-marker" });
  const wrongs = s("path", { class: "wrong-mark" });
  const hints = s("g", {});
  /** @type {{top: number, high: number, unit: number}[]} */ let rows = [];
  /** @type {{canvas: HTMLCanvasElement, image: SVGImageElement, first: number, size: number}[]} */ let pictures = [];
  let bottom = 0;
  let colours = new Uint32Array(256);

  const place = (/** @type {number} */ k) => left + ((width - left - 4) * k) / (run?.nCases ?? 1);

  function draw() {
    if (!run || !width) return;
    const at = run;
    const n = at.nCases;
    const high = at.nUnits > 40 ? 10 : width < 460 ? 20 : 24;
    left = width < 460 ? 62 : 118;
    const wide = width - left - 4;
    colours = ramp(svg);
    const shapes = [];
    rows = [];
    pictures = [];
    const groups = stretches(Array.from({ length: n }, (_, k) => at.wanted(k)));
    const grouped = groups.length <= Math.max(8, n / 15);
    let top = grouped ? 26 : 8;
    for (const { layer, first } of at.above) {
      const canvas = h("canvas", { class: "strip-image", width: n, height: layer.size });
      Object.assign(canvas.style, { left: `${left}px`, top: `${top}px`, width: `${wide}px`, height: `${high * layer.size}px` });
      const image = s("image", { x: left, y: top, width: wide, height: high * layer.size, preserveAspectRatio: "none", class: "strip-image" });
      pictures.push({ canvas, image, first, size: layer.size });
      shapes.push(image, s("rect", { x: left, y: top, width: wide, height: high * layer.size, class: "strip-rim" }));
      for (let k = 0; k < layer.size; k++) {
        rows.push({ top: top + k * high, high, unit: first + k });
        if (high > 12) shapes.push(s("text", { x: left - 8, y: top + k * high + high / 2 + 5, "text-anchor": "end" }, shortName(at.message.unit_names[first + k], layer.name, width < 460 ? 8 : 16)));
        if (k) shapes.push(s("line", { x1: left, x2: left + wide, y1: top + k * high, y2: top + k * high, class: "strip-gap" }));
      }
      // Rows that are too low for names of their own have their layer's.
      if (high <= 12) shapes.push(s("text", { x: left - 8, y: top + (high * layer.size) / 2 + 5, "text-anchor": "end" }, shortName(layer.name, "", width < 460 ? 8 : 16)));
      top += high * layer.size + 14;
    }
    bottom = top - 14;
    if (grouped)
      for (const { word, from, to } of groups) {
        const room = (place(to) - place(from)) / 8;
        if (room > 2) shapes.push(s("text", { x: (place(from) + place(to)) / 2, y: 17, "text-anchor": "middle", class: "strip-class" }, word.length > room ? `${word.slice(0, Math.floor(room) - 1)}…` : word));
        if (from) shapes.push(s("line", { x1: place(from), x2: place(from), y1: 4, y2: bottom, class: "strip-border" }));
      }
    // Below: which cases were held out, and which are wrong.
    const mark = Math.max(1.6, Math.min(5, wide / n - 0.6));
    let held = "";
    for (let k = 0; k < n; k++) if (at.isHeldOut(k)) held += `M${(place(k + 0.5) - mark / 2).toFixed(1)},${bottom + 8}h${mark.toFixed(1)}v6h${(-mark).toFixed(1)}Z`;
    shapes.push(
      s("path", { d: held, class: "held-mark" }),
      ...(held ? [s("text", { x: left - 8, y: bottom + 16, "text-anchor": "end" }, "held out")] : []),
      wrongs,
      s("text", { x: left - 8, y: bottom + 29, "text-anchor": "end" }, "wrong"),
    );
    const height = bottom + 36;
    set(svg, { viewBox: `0 0 ${width} ${height}`, width, height, "aria-label": `What ${at.nUnits} units say to ${n} cases, sorted by the answer that is wanted. The table of cases has the same by name.` });
    behind.replaceChildren(...pictures.map(({ canvas }) => canvas));
    svg.replaceChildren(...shapes, hints, marker);
    set(marker, { y: 2, height: bottom, width: Math.max(3, wide / n) });
    paint();
    marked();
  }

  /** What changes with time. */
  function paint() {
    if (!run || !width) return;
    const n = run.nCases;
    for (const { canvas, image, first, size } of pictures) {
      const pixels = new Uint32Array(n * size);
      for (let k = 0; k < size; k++) {
        const levels = run.levels(moment, first + k);
        for (let c = 0; c < n; c++) pixels[k * n + c] = colours[levels[c] >> 8];
      }
      const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
      context.putImageData(new ImageData(new Uint8ClampedArray(pixels.buffer), n, size), 0, 0);
      image.removeAttribute("href");
    }
    let wrong = "";
    for (let k = 0; k < n; k++) if (!run.isRight(moment, k)) wrong += `M${(place(k + 0.5) - 3).toFixed(1)},${bottom + 20}l6,6m0,-6l-6,6`;
    set(wrongs, { d: wrong });
  }

  function marked() {
    const n = run?.nCases ?? 1;
    marker.style.display = chosen < 0 || chosen >= n ? "none" : "";
    set(marker, { x: place(chosen) - ((width - left - 4) / n < 3 ? 1 : 0) });
    hints.replaceChildren(
      ...rows.flatMap(({ top, high, unit }) => {
        const key = unit + (run?.nInputs ?? 0);
        const cls = ["y", "x", "dy", "dx"].some((kind) => hinted.includes(`${kind}:${key}`)) ? "strip-hint" : unit === unitChosen ? "strip-marker" : "";
        return cls ? [s("rect", { class: cls, x: 1, y: top + 0.5, width: width - 2, height: high - 1, rx: 3 })] : [];
      }),
    );
  }

  const at = (/** @type {PointerEvent} */ event) => {
    const box = svg.getBoundingClientRect();
    const n = run?.nCases ?? 0;
    const k = Math.floor(((event.clientX - box.left - left) / (width - left - 4)) * n);
    const y = event.clientY - box.top;
    return { k: k >= 0 && k < n ? k : -1, row: rows.find((row) => y >= row.top && y < row.top + row.high) };
  };
  set(svg, {
    onclick: (/** @type {PointerEvent} */ event) => {
      const { k, row } = at(event);
      if (k >= 0 || row) choose(k, row ? row.unit : null);
    },
    onpointermove: (/** @type {PointerEvent} */ event) => {
      const { k, row } = at(event);
      said.textContent = !run || k < 0 ? "" : `${run.message.cases[k]}, ${run.wanted(k)}${row ? `: ${run.message.unit_names[row.unit]} says ${fixed(run.y(moment, row.unit, k), 2)}` : ""}`;
    },
    onpointerleave: () => (said.textContent = ""),
  });
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
    /** @param {number} k */
    mark(k) {
      chosen = k;
      marked();
    },
    /** @param {number} unit */
    markUnit(unit) {
      unitChosen = unit;
      marked();
    },
    /** Point out what carries some numbers. @param {readonly string[]} keys */
    hint(keys) {
      hinted = keys;
      marked();
    },
    refresh: draw,
    /** The drawing with the picture in it, to be taken along. */
    whole() {
      for (const { canvas, image } of pictures) set(image, { href: canvas.toDataURL() });
      return svg;
    },
    stop,
  };
}
