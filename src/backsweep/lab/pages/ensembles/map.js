/** The map: cells on a canvas, axes and legend around it, a hand that zooms and moves. */

import { h, s, set, watchWidth } from "../shared/dom.js";
import { SETTINGS, ticks } from "./axes.js";
import { colourAt, scaleOf } from "./colours.js";

/** @typedef {import("./axes.js").Window} Window */
/** @typedef {import("./colours.js").Show} Show */
/** @typedef {import("./sheet.js").Sheet} Sheet */
/** A cell of a level. @typedef {{level: number, column: number, row: number}} Place */
/** What the map shows. @typedef {{x: string, y: string, window: Window, cells: number, show: Show, lines: boolean}} Shown */

const RIGHT = 12;
const TOP = 8;
const AXIS = 54;
const LEGEND = 70;
const MOST = 520; // pixels wide where a window is low
const LEAST_DRAG = 6; // pixels: less is a click
const STRIPES = 6; // pixels between the stripes of what diverged
const EQUAL_STEPS = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000];

/**
 * @param {HTMLElement} frame
 * @param {{zoom: (window: Window) => void, point: (place: Place | null) => void, choose: (place: Place) => void,
 *   key: (event: KeyboardEvent) => boolean, drags: () => "zoom" | "move"}} tell
 */
export function mapView(frame, tell) {
  const canvas = h("canvas", { class: "map-cells", "aria-hidden": "true" });
  const under = s("g", {});
  const lines = s("g", { class: "map-lines" });
  const marks = s("g", {});
  const svg = s("svg", { class: "map-frame", "aria-hidden": "true" }, under, lines, marks);
  const hand = h("div", { class: "map-hand", role: "application", tabindex: 0, "aria-roledescription": "map", "aria-describedby": "map-keys" });
  const box = h("div", { class: "map-box" }, canvas, svg, hand);
  frame.append(box);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const mask = document.createElement("canvas");
  const cursor = s("rect", { class: "map-cursor", display: "none" });
  const pin = s("rect", { class: "map-pin", display: "none" });
  const star = s("path", { class: "map-best", d: "M0,-9 L2.4,-2.8 9,-2.8 3.7,1.2 5.6,7.6 0,3.8 -5.6,7.6 -3.7,1.2 -9,-2.8 -2.4,-2.8Z", display: "none" });
  const band = s("rect", { class: "map-band", display: "none" });
  marks.append(star, pin, cursor, band);

  /** @type {Shown | null} */ let shown = null;
  /** @type {readonly Sheet[]} */ let backdrop = [];
  /** @type {readonly Sheet[]} */ let sheets = [];
  let scale = scaleOf("share", []);
  let scaleKey = "";
  let [width, side, left] = [0, 0, 58];
  /** @type {Window | null} */ let moved = null; // while the hand drags it
  /** @type {Place | null} */ let pointed = null;
  /** @type {Place | null} */ let chosen = null;
  /** @type {Place | null} */ let best = null;

  // ---- places ------------------------------------------------------------------------
  const view = () => /** @type {Window} */ (moved ?? shown?.window);
  const finest = () => [...sheets].reverse().find((sheet) => sheet.filled) ?? null;

  /** The finest cell that is known at a share of the side. @param {number} u @param {number} v @returns {Place | null} */
  function placeAt(u, v) {
    for (let k = sheets.length - 1; k >= 0; k--) {
      const { level, filled } = sheets[k];
      const column = Math.min(level - 1, Math.floor(u * level));
      if (column < filled) return { level, column, row: Math.max(0, Math.min(level - 1, Math.floor(v * level))) };
    }
    return null;
  }

  /** @param {SVGRectElement} rect @param {Place | null} place */
  function outline(rect, place) {
    if (!place || !shown || moved) return set(rect, { display: "none" });
    const size = side / place.level;
    const least = Math.max(size, 7);
    const [x, y] = [left + (place.column + 0.5) * size, TOP + side - (place.row + 0.5) * size];
    return set(rect, { display: null, x: x - least / 2 - 1, y: y - least / 2 - 1, width: least + 2, height: least + 2, rx: 1.5 });
  }

  function showMarks() {
    outline(cursor, pointed);
    outline(pin, chosen);
    if (!best || moved) set(star, { display: "none" });
    else {
      const size = side / best.level;
      set(star, { display: null, transform: `translate(${left + (best.column + 0.5) * size},${TOP + side - (best.row + 0.5) * size})` });
    }
  }

  // ---- drawing -----------------------------------------------------------------------
  const colour = (/** @type {string} */ name) => getComputedStyle(frame).getPropertyValue(name).trim();
  const rgb = (/** @type {string} */ name) => [1, 3, 5].map((at) => parseInt(colour(name).slice(at, at + 2), 16));

  let waiting = 0;
  function draw() {
    if (!waiting) waiting = requestAnimationFrame(drawNow);
  }

  /** @param {boolean} [anew] colour all cells again */
  function paint(anew = false) {
    if (!shown) return;
    const greys = { none: rgb("--map-none"), lost: rgb("--map-lost") };
    const top = finest();
    const { show } = shown;
    if (show !== "share" && top) {
      // The colours follow what is there: they are made anew as a level is whole, or now and then.
      const key = `${show} ${top.level} ${Math.floor((8 * top.filled) / top.level)}`;
      if (key !== scaleKey) {
        scaleKey = key;
        const known = sheets.filter((sheet) => sheet === top || (sheet.isWhole && top.filled < top.level / 2));
        scale = scaleOf(show, known.map((sheet) => sheet.values[show].subarray(0, sheet.filled * sheet.level)));
        anew = true;
        frameIt();
      }
    } else if (show === "share" && scaleKey !== "share") {
      scaleKey = "share";
      scale = scaleOf("share", []);
      anew = true;
      frameIt();
    }
    for (const sheet of sheets) sheet.paint(show, scale, greys, anew);
    draw();
  }

  function drawNow() {
    waiting = 0;
    if (!shown || !side) return;
    const ratio = devicePixelRatio || 1;
    const dots = Math.round(side * ratio);
    if (canvas.width !== dots) canvas.width = canvas.height = dots;
    context.clearRect(0, 0, dots, dots);
    const all = [...backdrop, ...sheets];
    for (const sheet of all) sheet.drawInto(context, view(), dots);
    if (all.some((sheet) => sheet.anyLost)) {
      mask.width = mask.height = dots;
      const over = /** @type {CanvasRenderingContext2D} */ (mask.getContext("2d"));
      const top = finest();
      for (const sheet of top?.isWhole ? [top] : all) sheet.drawInto(over, view(), dots, true);
      over.globalCompositeOperation = "source-in";
      over.fillStyle = /** @type {CanvasPattern} */ (over.createPattern(striped(ratio), "repeat"));
      over.fillRect(0, 0, dots, dots);
      context.drawImage(mask, 0, 0);
    }
  }

  /** @param {number} ratio */
  function striped(ratio) {
    const size = Math.round(STRIPES * ratio);
    const tile = document.createElement("canvas");
    tile.width = tile.height = size;
    const pen = /** @type {CanvasRenderingContext2D} */ (tile.getContext("2d"));
    pen.strokeStyle = colour("--map-stripe");
    pen.lineWidth = 1.3 * ratio;
    pen.beginPath();
    for (const k of [-1, 0, 1]) {
      pen.moveTo(k * size - size / 2, size * 1.5);
      pen.lineTo(k * size + size * 1.5, -size / 2);
    }
    pen.stroke();
    return tile;
  }

  /** Axes and legend. */
  function frameIt() {
    if (!shown || !side) return;
    const { x0, x1, y0, y1 } = view();
    const across = (/** @type {number} */ place) => left + ((place - x0) / (x1 - x0)) * side;
    const up = (/** @type {number} */ place) => TOP + side - ((place - y0) / (y1 - y0)) * side;
    const horizontal = ticks(shown.x, x0, x1, Math.max(3, Math.floor(side / 85)));
    const vertical = ticks(shown.y, y0, y1, Math.max(3, Math.floor(side / 75)));
    const text = (/** @type {number} */ x, /** @type {number} */ y, /** @type {string} */ anchor, /** @type {string} */ words, /** @type {Record<string, any>} */ more = {}) => s("text", { x, y, "text-anchor": anchor, ...more }, words);
    under.replaceChildren(
      s("rect", { class: "map-rim", x: left - 0.5, y: TOP - 0.5, width: side + 1, height: side + 1 }),
      ...horizontal.ticks.flatMap(({ place, text: words }) => [s("line", { class: "map-tick", x1: across(place), x2: across(place), y1: TOP + side, y2: TOP + side + 5 }), text(across(place), TOP + side + 20, across(place) > width - 18 ? "end" : "middle", words)]),
      ...vertical.ticks.flatMap(({ place, text: words }) => [s("line", { class: "map-tick", x1: left - 5, x2: left, y1: up(place), y2: up(place) }), text(left - 9, up(place) + 4.5, "end", words)]),
      text(left + side / 2, TOP + side + 42, "middle", horizontal.label, { class: "map-name" }),
      s("text", { class: "map-name", "text-anchor": "middle", transform: `translate(14,${TOP + side / 2}) rotate(-90)` }, vertical.label),
      ...legend(),
    );
    lines.replaceChildren(...(shown.lines ? equalSteps(across, up) : []));
    for (const name of ["left", "top", "width", "height"]) canvas.style[/** @type {"left"} */ (name)] = hand.style[/** @type {"left"} */ (name)] = `${name === "left" ? left : name === "top" ? TOP : side}px`;
    showMarks();
  }

  function legend() {
    if (!shown) return [];
    const strip = document.createElement("canvas");
    strip.width = 256;
    strip.height = 1;
    const pen = /** @type {CanvasRenderingContext2D} */ (strip.getContext("2d"));
    for (let k = 0; k < 256; k++) {
      pen.fillStyle = `rgb(${colourAt(scale, k / 255).join()})`;
      pen.fillRect(k, 0, 1, 1);
    }
    const y = TOP + side + AXIS + 12;
    const greys = shown.show !== "convergence";
    const room = greys ? Math.min(200, side * 0.46) : 0;
    const long = side - room;
    const from = left + room;
    const none = width < 460 ? "none" : "none learned";
    const lost = width < 460 ? "lost" : "all diverged";
    return [
      s("image", { href: strip.toDataURL(), x: from, y, width: long, height: 14, preserveAspectRatio: "none", class: "map-scale" }),
      s("text", { class: "map-name", x: from + long, y: y + 54, "text-anchor": "end" }, scale.title),
      ...spaced(scale.ticks, long).flatMap(({ place, text }) => [
        s("line", { class: "map-tick", x1: from + place * long, x2: from + place * long, y1: y + 14, y2: y + 19 }),
        s("text", { x: from + place * long, y: y + 32, "text-anchor": place > 0.93 ? "end" : place < 0.07 ? "start" : "middle" }, text),
      ]),
      ...(greys
        ? [
            s("rect", { x: left, y: y - 2, width: 18, height: 18, fill: colour("--map-none"), rx: 2 }),
            s("text", { x: left + 25, y: y + 12 }, none),
            s("rect", { x: left, y: y + 22, width: 18, height: 18, fill: colour("--map-lost"), rx: 2 }),
            s("path", { d: [0, 6, 12].map((k) => `M${left + k},${y + 40}l6,-6m0,0`).join("") + `M${left},${y + 34}l12,-12M${left + 2},${y + 40}l16,-16M${left + 10},${y + 40}l8,-8`, stroke: colour("--map-stripe"), "stroke-width": 1.3, fill: "none" }),
            s("text", { x: left + 25, y: y + 36 }, lost),
          ]
        : []),
    ];
  }

  /** Those ticks that have room, the last one always. @param {{place: number, text: string}[]} all @param {number} long */
  function spaced(all, long) {
    let next = Infinity;
    return [...all].reverse().filter(({ place, text: words }) => {
      if ((next - place) * long < 16 + 7 * words.length) return false;
      next = place;
      return true;
    });
  }

  /** Where epsilon / (1 - alpha) is the same. @param {(place: number) => number} across @param {(place: number) => number} up */
  function equalSteps(across, up) {
    if (!shown) return [];
    const { x0, x1, y0, y1 } = view();
    return EQUAL_STEPS.flatMap((step) => {
      const points = [];
      for (let k = 0; k <= 80; k++) {
        const alpha = y0 + ((y1 - y0) * k) / 80;
        const place = Math.log10(step * (1 - alpha));
        if (place >= x0 && place <= x1) points.push([across(place), up(alpha)]);
      }
      if (points.length < 4) return [];
      const path = `M${points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join("L")}`;
      const [x, y] = points[0];
      const label = x > left + 8 && x < left + side - 26 ? s("text", { x: x + 5, y: y - 7 }, String(step)) : "";
      return [s("path", { d: path, class: "halo" }), s("path", { d: path }), label].filter((one) => one !== "");
    });
  }

  // ---- the hand ----------------------------------------------------------------------
  /** @param {PointerEvent | MouseEvent | WheelEvent} event */
  function share(event) {
    const rect = hand.getBoundingClientRect();
    const inside = (/** @type {number} */ value) => Math.max(0, Math.min(1, value));
    return { u: inside((event.clientX - rect.left) / rect.width), v: inside(1 - (event.clientY - rect.top) / rect.height) };
  }

  /** @param {Place | null} place */
  function point(place) {
    const same = place && pointed && place.level === pointed.level && place.column === pointed.column && place.row === pointed.row;
    if (same || (!place && !pointed)) return;
    pointed = place;
    showMarks();
    tell.point(place);
  }

  /** @type {{u: number, v: number, x: number, y: number, moves: boolean, far: boolean, window: Window} | null} */ let drag = null;
  const isMoving = (/** @type {PointerEvent} */ event) => (tell.drags() === "move") !== event.shiftKey;
  set(hand, {
    onpointerdown: (/** @type {PointerEvent} */ event) => {
      if (!shown || event.button) return;
      drag = { ...share(event), x: event.clientX, y: event.clientY, moves: isMoving(event), far: false, window: view() };
      hand.setPointerCapture(event.pointerId);
    },
    onpointermove: (/** @type {PointerEvent} */ event) => {
      if (!shown) return;
      const { u, v } = share(event);
      if (!drag) return point(placeAt(u, v));
      if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) >= LEAST_DRAG) drag.far = true;
      if (!drag.far) return;
      if (drag.moves) {
        const { x0, x1, y0, y1 } = drag.window;
        const [dx, dy] = [((drag.x - event.clientX) / side) * (x1 - x0), ((event.clientY - drag.y) / side) * (y1 - y0)];
        moved = { x0: x0 + dx, x1: x1 + dx, y0: y0 + dy, y1: y1 + dy };
        frameIt();
        draw();
      } else {
        const [a, b, c, d] = [Math.min(drag.u, u), Math.max(drag.u, u), Math.min(drag.v, v), Math.max(drag.v, v)];
        set(band, { display: null, x: left + a * side, width: (b - a) * side, y: TOP + (1 - d) * side, height: (d - c) * side });
      }
    },
    onpointerup: (/** @type {PointerEvent} */ event) => {
      const done = drag;
      drag = null;
      set(band, { display: "none" });
      if (!done || !shown) return;
      const { u, v } = share(event);
      if (!done.far) {
        const place = placeAt(u, v);
        if (!place) return;
        point(place);
        tell.choose(place);
      } else if (done.moves) {
        const to = view();
        moved = null;
        tell.zoom(to);
      } else if (Math.abs(u - done.u) * side >= LEAST_DRAG && Math.abs(v - done.v) * side >= LEAST_DRAG) {
        const { x0, x1, y0, y1 } = shown.window;
        const [a, b, c, d] = [Math.min(done.u, u), Math.max(done.u, u), Math.min(done.v, v), Math.max(done.v, v)];
        tell.zoom({ x0: x0 + a * (x1 - x0), x1: x0 + b * (x1 - x0), y0: y0 + c * (y1 - y0), y1: y0 + d * (y1 - y0) });
      }
    },
    onpointercancel: () => letGo(),
    onpointerleave: () => !drag && point(null),
    onwheel: (/** @type {WheelEvent} */ event) => {
      if (!shown || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      const { u, v } = share(event);
      about(event.deltaY < 0 ? 0.5 : 2, u, v);
    },
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Escape" && drag) letGo();
      else if (!key(event)) return;
      event.preventDefault();
    },
    onfocus: () => shown && !pointed && point(chosen ?? placeAt(0.5, 0.5)),
    onblur: () => point(null),
  });

  function letGo() {
    drag = null;
    moved = null;
    set(band, { display: "none" });
    frameIt();
    draw();
  }

  /** Show a window so many times as wide, with one spot left where it is. @param {number} times @param {number} u @param {number} v */
  function about(times, u, v) {
    if (!shown) return;
    const { x0, x1, y0, y1 } = shown.window;
    const [x, y] = [x0 + u * (x1 - x0), y0 + v * (y1 - y0)];
    tell.zoom({ x0: x - (x - x0) * times, x1: x + (x1 - x) * times, y0: y - (y - y0) * times, y1: y + (y1 - y) * times });
  }

  const middle = () => (pointed ? [(pointed.column + 0.5) / pointed.level, (pointed.row + 0.5) / pointed.level] : [0.5, 0.5]);

  /** @param {KeyboardEvent} event */
  function key(event) {
    if (!shown || event.ctrlKey || event.metaKey || event.altKey) return false;
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    const [u, v] = middle();
    if (way) {
      const place = pointed ?? placeAt(0.5, 0.5);
      if (!place) return true;
      const step = event.shiftKey ? 1 : Math.max(1, Math.round(place.level / 32));
      const [column, row] = [place.column + way[0] * step, place.row + way[1] * step];
      if (column < 0 || row < 0 || column >= place.level || row >= place.level) shift(way[0] / 4, way[1] / 4);
      else point(placeAt((column + 0.5) / place.level, (row + 0.5) / place.level));
      return true;
    }
    if (event.key === "+" || event.key === "=") about(0.5, u, v);
    else if (event.key === "-" || event.key === "−") about(2, u, v);
    else if (event.key === "Enter" || event.key === " ") {
      const place = pointed ?? placeAt(u, v);
      if (place) tell.choose(place);
    } else return tell.key(event);
    return true;
  }

  /** Move the window by a share of itself. @param {number} dx @param {number} dy */
  function shift(dx, dy) {
    if (!shown) return;
    const { x0, x1, y0, y1 } = shown.window;
    tell.zoom({ x0: x0 + dx * (x1 - x0), x1: x1 + dx * (x1 - x0), y0: y0 + dy * (y1 - y0), y1: y1 + dy * (y1 - y0) });
  }

  const stop = watchWidth(frame, (now) => {
    // All of it is to be seen at once.
    width = Math.min(now, Math.max(MOST, innerHeight - 330));
    left = width < 460 ? 50 : 60;
    side = width - left - RIGHT;
    const height = TOP + side + AXIS + LEGEND;
    set(svg, { viewBox: `0 0 ${width} ${height}`, width, height });
    box.style.width = `${width}px`;
    box.style.height = `${height}px`;
    frameIt();
    draw();
  });

  return {
    svg,
    hand,
    /** @param {Shown} next @param {readonly Sheet[]} now finest last @param {readonly Sheet[]} behind drawn before them */
    lay(next, now, behind) {
      shown = next;
      [sheets, backdrop] = [now, behind];
      moved = null;
      best = null;
      pointed = null;
      scaleKey = "";
      const name = `${SETTINGS[next.x].name} to the right, ${SETTINGS[next.y].name} upward`;
      set(hand, { "aria-label": `Map: ${name}` });
      frameIt();
      paint();
      draw();
    },
    /** Cells have come. */
    grown: () => paint(),
    /** @param {Place | null} place */
    choose(place) {
      chosen = place;
      showMarks();
    },
    /** @param {Place | null} place */
    markBest(place) {
      best = place;
      showMarks();
    },
    /** @param {number} times */
    zoomBy(times) {
      const [u, v] = chosen && !pointed ? [(chosen.column + 0.5) / chosen.level, (chosen.row + 0.5) / chosen.level] : middle();
      about(times, u, v);
    },
    refresh() {
      scaleKey = "";
      frameIt();
      paint(true);
    },
    /** The picture of the cells, to be put into the drawing. */
    picture: () => s("image", { href: canvas.toDataURL(), x: left, y: TOP, width: side, height: side, preserveAspectRatio: "none" }),
    stop() {
      cancelAnimationFrame(waiting);
      stop();
    },
  };
}
