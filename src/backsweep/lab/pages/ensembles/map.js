/** The map: cells on a canvas, axes and legend around it, a hand that zooms and moves. */

import { h, s, set, watchWidth } from "../shared/dom.js";
import { SETTINGS, ticks } from "./axes.js";
import { colourAt, scaleOf } from "./colours.js";

/** @typedef {import("./axes.js").Window} Window */
/** @typedef {import("./colours.js").Show} Show */
/** @typedef {import("./sheet.js").Sheet} Sheet */
/** A cell of a level. @typedef {{level: number, column: number, row: number}} Place */
/** What the map shows. @typedef {{x: string, y: string, window: Window, cells: number, show: Show, lines: boolean, lettered: boolean}} Shown */

const RIGHT = 12;
const TOP = 8;
const AXIS = 54;
const LEGEND = 70; // pixels high below a narrow map
const BESIDE = 118; // pixels wide beside a wide one
const WIDE = 560; // from here on the legend stands beside the map
const LEAST = 400; // pixels of a side where a window is low
const PINCH_REST_MS = 260; // after which a turned wheel counts as done
const LEAST_DRAG = 6; // pixels: less is a click
const STRIPES = 6; // pixels between the stripes of what diverged
const EQUAL_STEPS = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000];

/**
 * @param {HTMLElement} frame
 * @param {{zoom: (window: Window) => void, point: (place: Place | null) => void, choose: (place: Place) => void,
 *   key: (event: KeyboardEvent) => boolean, drags: () => "zoom" | "move", within: (window: Window) => Window}} tell
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
  const hints = s("g", {});
  marks.append(hints, star, pin, cursor, band);

  /** @type {Shown | null} */ let shown = null;
  /** @type {readonly Sheet[]} */ let backdrop = [];
  /** @type {readonly Sheet[]} */ let sheets = [];
  let scale = scaleOf("share", []);
  let scaleKey = "";
  let [width, side, left, room] = [0, 0, 58, 0];
  let beside = false;
  /** @type {readonly string[]} */ let hinted = [];
  /** @type {Place | null} */ let looked = null;
  /** @type {Window | null} */ let moved = null; // while the hand drags it
  /** @type {Place | null} */ let pointed = null;
  /** @type {Place | null} */ let chosen = null;
  /** @type {Place | null} */ let best = null;

  // ---- places
  const view = () => /** @type {Window} */ (moved ?? shown?.window);
  const finest = () => [...sheets].reverse().find((sheet) => sheet.filled) ?? null;

  /** Where a level's cells lie: a sheet may be larger than what is shown of it. @param {number} level */
  const windowOf = (level) => sheets.find((sheet) => sheet.level === level)?.window ?? view();

  /** The finest cell that is known at a share of the side. @param {number} u @param {number} v @returns {Place | null} */
  function placeAt(u, v) {
    const { x0, x1, y0, y1 } = view();
    for (let k = sheets.length - 1; k >= 0; k--) {
      const { level, filled, window } = sheets[k];
      const at = (/** @type {number} */ place, /** @type {number} */ low, /** @type {number} */ high) => Math.max(0, Math.min(level - 1, Math.floor(((place - low) / (high - low)) * level)));
      const column = at(x0 + u * (x1 - x0), window.x0, window.x1);
      if (column < filled) return { level, column, row: at(y0 + v * (y1 - y0), window.y0, window.y1) };
    }
    return null;
  }

  /** A cell as shares of the side: its middle, and how wide and high it is. @param {Place} place */
  function spot({ level, column, row }) {
    const [of, { x0, x1, y0, y1 }] = [windowOf(level), view()];
    const [wide, high] = [(of.x1 - of.x0) / level, (of.y1 - of.y0) / level];
    return { u: (of.x0 + (column + 0.5) * wide - x0) / (x1 - x0), v: (of.y0 + (row + 0.5) * high - y0) / (y1 - y0), wide: wide / (x1 - x0), high: high / (y1 - y0) };
  }
  const isInside = (/** @type {{u: number, v: number}} */ { u, v }) => u > 0 && u < 1 && v > 0 && v < 1;

  /** @param {SVGRectElement} rect @param {Place | null} place */
  function outline(rect, place) {
    if (!place || !shown || moved) return set(rect, { display: "none" });
    const at = spot(place);
    if (!isInside(at)) return set(rect, { display: "none" });
    const [wide, high] = [Math.max(at.wide * side, 7), Math.max(at.high * side, 7)];
    return set(rect, { display: null, x: left + at.u * side - wide / 2 - 1, y: TOP + side - at.v * side - high / 2 - 1, width: wide + 2, height: high + 2, rx: 1.5 });
  }

  function showMarks() {
    outline(cursor, pointed);
    outline(pin, chosen);
    const at = best && !moved && shown ? spot(best) : null;
    if (!at || !isInside(at)) set(star, { display: "none" });
    else set(star, { display: null, transform: `translate(${left + at.u * side},${TOP + side - at.v * side})` });
    showHints();
  }

  /** Where the cell that is looked at stands on the axes and on the scale. */
  function showHints() {
    const at = looked && shown && !moved ? spot(looked) : null;
    if (!at || !shown || !looked || !isInside(at)) return hints.replaceChildren();
    const [x, y] = [left + at.u * side, TOP + side - at.v * side];
    const sheet = sheets.find((one) => one.level === looked?.level);
    const came = sheet?.at(looked.column, looked.row);
    const place = came && came.diverged !== 1 ? scale.place(came[shown.show]) : NaN;
    const on = (/** @type {string} */ key) => (hinted.includes(key) ? "map-hint on" : "map-hint");
    hints.replaceChildren(
      s("path", { class: on("x"), d: `M${x},${TOP + side}l-5,8h10Z` }),
      s("path", { class: on("y"), d: `M${left},${y}l-8,-5v10Z` }),
      ...(hinted.includes("x") ? [s("line", { class: "map-hint on", x1: x, x2: x, y1: TOP, y2: TOP + side })] : []),
      ...(hinted.includes("y") ? [s("line", { class: "map-hint on", x1: left, x2: left + side, y1: y, y2: y })] : []),
      ...(Number.isNaN(place) ? [] : [pointer(place, on("legend"))]),
    );
  }

  // ---- drawing
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
    } else if (scaleKey !== show) {
      scaleKey = show;
      scale = scaleOf(show, []);
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
      ...horizontal.ticks.flatMap(({ place, text: words }) => [s("line", { class: "map-tick", x1: across(place), x2: across(place), y1: TOP + side, y2: TOP + side + 5 }), text(across(place), TOP + side + 22, !beside && across(place) > width - 18 ? "end" : "middle", words)]),
      ...vertical.ticks.flatMap(({ place, text: words }) => [s("line", { class: "map-tick", x1: left - 5, x2: left, y1: up(place), y2: up(place) }), text(left - 9, up(place) + 4.5, "end", words)]),
      text(left + side / 2, TOP + side + 45, "middle", horizontal.label, { class: "map-name" }),
      s("text", { class: "map-name", "text-anchor": "middle", transform: `translate(14,${TOP + side / 2}) rotate(-90)` }, vertical.label),
      ...legend(),
    );
    lines.replaceChildren(...(shown.lines ? equalSteps(across, up) : []));
    for (const name of ["left", "top", "width", "height"]) canvas.style[/** @type {"left"} */ (name)] = hand.style[/** @type {"left"} */ (name)] = `${name === "left" ? left : name === "top" ? TOP : side}px`;
    showMarks();
  }

  /** The scale as a strip of colours. */
  function strip() {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = beside ? [1, 256] : [256, 1];
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    for (let k = 0; k < 256; k++) {
      pen.fillStyle = `rgb(${colourAt(scale, k / 255).join()})`;
      pen.fillRect(beside ? 0 : k, beside ? 255 - k : 0, 1, 1);
    }
    return canvas.toDataURL();
  }

  /** What the greys mean. @param {number} x @param {number} y @param {string} none @param {string} lost */
  const greys = (x, y, none, lost) => [
    s("rect", { x, y, width: 18, height: 18, fill: colour("--map-none"), rx: 2 }),
    s("text", { x: x + 25, y: y + 14 }, none),
    s("rect", { x, y: y + 24, width: 18, height: 18, fill: colour("--map-lost"), rx: 2 }),
    s("path", { d: `M${x},${y + 36}l12,-12M${x + 2},${y + 42}l16,-16M${x + 10},${y + 42}l8,-8`, stroke: colour("--map-stripe"), "stroke-width": 1.3, fill: "none" }),
    s("text", { x: x + 25, y: y + 38 }, lost),
  ];

  /** Where the legend lies and how long it is: upright beside the map, or below it. */
  function reach() {
    const some = shown?.show !== "convergence";
    if (beside) return { x: left + side + 20, y: TOP, long: side - (some ? 66 : 0) };
    const before = some ? Math.min(200, side * 0.46) : 0;
    return { x: left + before, y: TOP + side + AXIS + 12, long: side - before };
  }

  /** Points at a place on the scale. @param {number} place @param {string} cls */
  function pointer(place, cls) {
    const { x, y, long } = reach();
    return s("path", { class: cls, d: beside ? `M${x},${y + (1 - place) * long}l-9,-5v10Z` : `M${x + place * long},${y}l-5,-8h10Z` });
  }

  function legend() {
    if (!shown) return [];
    const { x, y, long } = reach();
    const [wide, high] = beside ? [16, long] : [long, 14];
    const narrow = width < 460;
    const longest = Math.max(0, ...scale.ticks.map(({ text }) => text.length));
    const title = beside ? { "text-anchor": "middle", transform: `translate(${x + Math.min(BESIDE - 26, 46 + 7.4 * longest)},${y + long / 2}) rotate(-90)` } : { x: x + long, y: y + 54, "text-anchor": "end" };
    return [
      s("image", { href: strip(), x, y, width: wide, height: high, preserveAspectRatio: "none", class: "map-scale" }),
      s("text", { class: "map-name", ...title }, scale.title),
      ...spaced(scale.ticks, long).flatMap(({ place, text }) => {
        const [u, v] = [x + place * long, y + (1 - place) * long];
        return beside
          ? [s("line", { class: "map-tick", x1: x + 16, x2: x + 21, y1: v, y2: v }), s("text", { x: x + 25, y: Math.max(y + 11, Math.min(y + long, v + 4.5)) }, text)]
          : [s("line", { class: "map-tick", x1: u, x2: u, y1: y + 14, y2: y + 19 }), s("text", { x: u, y: y + 32, "text-anchor": place > 0.93 ? "end" : place < 0.07 ? "start" : "middle" }, text)];
      }),
      ...(shown.show === "convergence" ? [] : greys(beside ? x : left, beside ? TOP + side - 44 : y - 2, narrow || beside ? "none" : "none learned", narrow ? "lost" : beside ? "diverged" : "all diverged")),
    ];
  }

  /** Those ticks that have room, the last one always. @param {{place: number, text: string}[]} all @param {number} long */
  function spaced(all, long) {
    let next = Infinity;
    return [...all].reverse().filter(({ place, text: words }) => {
      if ((next - place) * long < (beside ? 22 : 16 + 7 * words.length)) return false;
      next = place;
      return true;
    });
  }

  /** Where epsilon / (1 - alpha) is the same. @param {(place: number) => number} across @param {(place: number) => number} up */
  function equalSteps(across, up) {
    if (!shown) return [];
    const { x0, x1, y0, y1 } = view();
    return EQUAL_STEPS.flatMap((step, k) => {
      const isNamed = side > 320 || k % 2 === 0; // on a phone only powers of ten have room
      const points = [];
      for (let part = 0; part <= 80; part++) {
        const alpha = y0 + ((y1 - y0) * part) / 80;
        const place = Math.log10(step * (1 - alpha));
        if (place >= x0 && place <= x1) points.push([across(place), up(alpha)]);
      }
      if (points.length < 4) return [];
      const path = `M${points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join("L")}`;
      const [x, y] = points[0];
      const label = isNamed && x > left + 8 && x < left + side - 26 ? s("text", { x: x + 5, y: y - 7 }, String(step)) : "";
      return [s("path", { d: path, class: "halo" }), s("path", { d: path }), label].filter((one) => one !== "");
    });
  }

  // ---- the hand
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

  /** Show a window without asking for it yet. @param {Window} window */
  function preview(window) {
    moved = window;
    frameIt();
    draw();
  }

  /** Ask for what is shown. */
  function commit() {
    const to = view();
    moved = null;
    tell.zoom(to);
  }

  /** A window so many times as wide, with one spot left where it is. @param {Window} of @param {number} times @param {number} u @param {number} v @returns {Window} */
  function scaled({ x0, x1, y0, y1 }, times, u, v) {
    const [x, y] = [x0 + u * (x1 - x0), y0 + v * (y1 - y0)];
    return tell.within({ x0: x - (x - x0) * times, x1: x + (x1 - x) * times, y0: y - (y - y0) * times, y1: y + (y1 - y) * times });
  }

  // Two fingers: what lies under them stays under them.
  /** @type {Map<number, {u: number, v: number}>} */ const fingers = new Map();
  /** @type {{window: Window, far: number, u: number, v: number} | null} */ let pinch = null;
  function pinched() {
    const [a, b] = [...fingers.values()];
    return { far: Math.max(0.02, Math.hypot(a.u - b.u, a.v - b.v)), u: (a.u + b.u) / 2, v: (a.v + b.v) / 2 };
  }
  /** @type {ReturnType<typeof setTimeout> | undefined} */ let turning;

  /** @type {{u: number, v: number, x: number, y: number, moves: boolean, far: boolean, window: Window} | null} */ let drag = null;
  const isMoving = (/** @type {PointerEvent} */ event) => (tell.drags() === "move") !== event.shiftKey;
  set(hand, {
    onmousedown: (/** @type {MouseEvent} */ event) => {
      event.preventDefault(); // with Shift it would mark all the text there is
      hand.focus({ preventScroll: true });
    },
    onpointerdown: (/** @type {PointerEvent} */ event) => {
      if (!shown || event.button) return;
      if (event.pointerType === "touch") fingers.set(event.pointerId, share(event));
      if (fingers.size === 2) {
        letGo();
        pinch = { window: view(), ...pinched() };
        return;
      }
      drag = { ...share(event), x: event.clientX, y: event.clientY, moves: isMoving(event), far: false, window: view() };
      hand.setPointerCapture(event.pointerId);
    },
    onpointermove: (/** @type {PointerEvent} */ event) => {
      if (!shown) return;
      const { u, v } = share(event);
      if (fingers.has(event.pointerId)) fingers.set(event.pointerId, { u, v });
      if (pinch && fingers.size === 2) {
        const now = pinched();
        const { x0, x1, y0, y1 } = scaled(pinch.window, pinch.far / now.far, pinch.u, pinch.v);
        const [dx, dy] = [(pinch.u - now.u) * (x1 - x0), (pinch.v - now.v) * (y1 - y0)];
        return preview({ x0: x0 + dx, x1: x1 + dx, y0: y0 + dy, y1: y1 + dy });
      }
      if (!drag) return point(placeAt(u, v));
      if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) >= LEAST_DRAG) drag.far = true;
      if (!drag.far) return;
      if (drag.moves) {
        const { x0, x1, y0, y1 } = drag.window;
        const [dx, dy] = [((drag.x - event.clientX) / side) * (x1 - x0), ((event.clientY - drag.y) / side) * (y1 - y0)];
        preview({ x0: x0 + dx, x1: x1 + dx, y0: y0 + dy, y1: y1 + dy });
      } else {
        const [a, b, c, d] = [Math.min(drag.u, u), Math.max(drag.u, u), Math.min(drag.v, v), Math.max(drag.v, v)];
        set(band, { display: null, x: left + a * side, width: (b - a) * side, y: TOP + (1 - d) * side, height: (d - c) * side });
      }
    },
    onpointerup: (/** @type {PointerEvent} */ event) => {
      const done = drag;
      drag = null;
      set(band, { display: "none" });
      fingers.delete(event.pointerId);
      if (pinch && fingers.size < 2) {
        pinch = null;
        commit();
        return;
      }
      if (!done || !shown) return;
      const { u, v } = share(event);
      if (!done.far) {
        const place = placeAt(u, v);
        if (!place) return;
        point(place);
        tell.choose(place);
      } else if (done.moves) commit();
      else if (Math.abs(u - done.u) * side >= LEAST_DRAG && Math.abs(v - done.v) * side >= LEAST_DRAG) {
        const { x0, x1, y0, y1 } = shown.window;
        const [a, b, c, d] = [Math.min(done.u, u), Math.max(done.u, u), Math.min(done.v, v), Math.max(done.v, v)];
        tell.zoom({ x0: x0 + a * (x1 - x0), x1: x0 + b * (x1 - x0), y0: y0 + c * (y1 - y0), y1: y0 + d * (y1 - y0) });
      }
    },
    onpointercancel: (/** @type {PointerEvent} */ event) => {
      fingers.delete(event.pointerId);
      pinch = null;
      letGo();
    },
    onpointerleave: () => !drag && point(null),
    onwheel: (/** @type {WheelEvent} */ event) => {
      // Where nobody has taken the map in hand, a turned wheel moves the page on.
      if (!shown || !(event.ctrlKey || event.metaKey || document.activeElement === hand)) return;
      event.preventDefault();
      const { u, v } = share(event);
      preview(scaled(view(), 2 ** Math.max(-1, Math.min(1, event.deltaY / (event.ctrlKey ? 60 : 200))), u, v));
      clearTimeout(turning);
      turning = setTimeout(commit, PINCH_REST_MS);
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
    if (shown) tell.zoom(scaled(shown.window, times, u, v));
  }

  /** The spot about which a key zooms. */
  function middle() {
    const { u, v } = pointed ? spot(pointed) : { u: 0.5, v: 0.5 };
    return [u, v];
  }

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
      const to = spot({ level: place.level, column, row });
      if (isInside(to)) point(placeAt(to.u, to.v));
      else shift(way[0] / 4, way[1] / 4);
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

  function fit() {
    // All of it is to be seen at once, and to be as large as it can be.
    beside = room >= WIDE;
    left = room < 460 ? 50 : 60;
    const below = AXIS + (beside ? 0 : LEGEND);
    const right = beside ? BESIDE : RIGHT;
    const above = matchMedia("(min-width: 1100px)").matches ? frame.getBoundingClientRect().top + scrollY : 90;
    side = Math.min(room - left - right, Math.max(LEAST, Math.floor(innerHeight - above - TOP - below - 26)));
    width = left + side + right;
    const height = TOP + side + below;
    set(svg, { viewBox: `0 0 ${width} ${height}`, width, height });
    box.style.width = `${width}px`;
    box.style.height = `${height}px`;
    frameIt();
    draw();
  }
  const unwatch = watchWidth(frame, (now) => {
    room = now;
    fit();
  });
  addEventListener("resize", fit);
  const stop = () => {
    unwatch();
    clearTimeout(turning);
    removeEventListener("resize", fit);
  };

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
    /** Which cell is looked at. @param {Place | null} place */
    look(place) {
      looked = place;
      showHints();
    },
    /** Make plain where a symbol's number stands. @param {readonly string[]} keys */
    hint(keys) {
      hinted = keys;
      showHints();
    },
    /** @param {number} times */
    zoomBy(times) {
      const at = chosen && !pointed ? spot(chosen) : null;
      const [u, v] = at && isInside(at) ? [at.u, at.v] : middle();
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
