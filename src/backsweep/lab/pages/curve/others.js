/** A thousand other starts: one dot each, by the sweep in which it learned. */

import { h, set, watchWidth } from "../shared/dom.js";
import { scaleLinear } from "../shared/d3.js";
import { counted, percent } from "../shared/format.js";

/** @typedef {{message: import("../shared/messages.js").Others, arrays: Record<string, import("../shared/packing.js").Numbers>}} Crowd */

const BIN = 8; // sweeps of a column of dots

/**
 * @param {HTMLElement} frame
 * @param {{choose: ((run: number) => void) | null, peek: (row: number | null) => void}} options
 *   without `choose` nothing can be chosen
 */
export function otherStarts(frame, { choose, peek }) {
  const canvas = h("canvas", { class: "dots", role: choose ? "button" : "img", tabindex: choose && 0 });
  const said = h("p", { class: "pointed", "aria-live": "polite" });
  frame.append(canvas, said);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  /** @type {Crowd | null} */ let crowd = null;
  /** @type {{x: number, y: number, row: number}[]} */ let places = [];
  let own = -1;
  let width = 0;
  let pointed = -1;
  let whole = ""; // what is said of all of them
  let radius = 2;
  const height = 170;

  /** The place of a sweep, and how much room those have that never learned. */
  function axis() {
    const never = Math.max(70, width * 0.14);
    return { never, x: scaleLinear([0, 600], [12, width - never - 22]) };
  }

  function lay() {
    if (!crowd || !width) return;
    const ratio = devicePixelRatio || 1;
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    canvas.style.height = `${height}px`;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const { never, x } = axis();
    const learned = crowd.arrays.learned_at;
    /** @type {Map<number, number[]>} */ const bins = new Map();
    for (let row = 0; row < learned.length; row++) {
      const bin = learned[row] ? Math.floor((learned[row] - 1) / BIN) : -1;
      (bins.get(bin) ?? bins.set(bin, []).get(bin))?.push(row);
    }
    const most = Math.max(1, ...[...bins].filter(([bin]) => bin >= 0).map(([, rows]) => rows.length));
    const floor = height - 24;
    const across = x(BIN) - x(0);
    // Dots of a bin stand in as many columns as fit, so that a tall bin still fits.
    const high = (/** @type {number} */ r) => Math.ceil(most / Math.max(1, Math.floor(across / (2 * r + 0.6)))) * (2 * r + 0.5);
    radius = 3.6;
    while (radius > 1.1 && (high(radius) > floor - 12 || 2 * radius + 0.6 > across)) radius -= 0.1;
    places = [];
    const column = (/** @type {number[]} */ rows, /** @type {number} */ from, /** @type {number} */ wide) => {
      const abreast = Math.max(1, Math.floor(wide / (2 * radius + 0.6)));
      rows.forEach((row, k) =>
        places.push({
          x: from + ((k % abreast) + 0.5) * (wide / abreast),
          y: floor - radius - 1 - Math.floor(k / abreast) * (2 * radius + 0.5),
          row,
        }),
      );
    };
    for (const [bin, rows] of bins) if (bin >= 0) column(rows, x(bin * BIN), across);
    column(bins.get(-1) ?? [], width - never, never - 8);
    const lowest = Math.min(...places.map((place) => place.y));
    if (lowest < 6) {
      const squeeze = (floor - 8) / (floor - lowest);
      for (const place of places) place.y = floor - (floor - place.y) * squeeze;
    }
    draw();
  }

  function draw() {
    if (!crowd || !width) return;
    const style = getComputedStyle(canvas);
    const colour = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
    context.clearRect(0, 0, width, height);
    context.font = `13px ${style.fontFamily}`;
    context.fillStyle = colour("--muted");
    context.textAlign = "center";
    const { never, x } = axis();
    for (const value of x.ticks(width < 460 ? 3 : 6)) {
      context.fillText(String(value), x(value), height - 7);
    }
    context.fillText("not yet", width - never / 2 - 4, height - 7);
    context.fillStyle = colour("--line");
    context.fillRect(8, height - 24, width - never - 26, 1);
    context.fillRect(width - never, height - 24, never - 8, 1);
    const circle = (/** @type {{x: number, y: number}} */ place, /** @type {number} */ r) => {
      context.beginPath();
      context.arc(place.x, place.y, r, 0, 7);
    };
    for (const place of places) {
      const learned = crowd.arrays.learned_at[place.row];
      circle(place, learned ? radius : Math.max(0.8, radius - 0.5));
      if (learned) {
        context.fillStyle = colour("--dot");
        context.fill();
      } else {
        context.strokeStyle = colour("--muted");
        context.lineWidth = 1;
        context.stroke();
      }
    }
    for (const [row, wide] of [[pointed, 4], [own, 5.5]]) {
      const place = places.find((one) => one.row === row);
      if (!place) continue;
      circle(place, wide);
      context.fillStyle = row === own ? colour("--error") : colour("--ink");
      context.fill();
      context.lineWidth = 2;
      context.strokeStyle = colour("--panel");
      context.stroke();
    }
  }

  /** @param {PointerEvent} event */
  function nearest(event) {
    const box = canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    let best = -1;
    let least = 14 * 14;
    for (const place of places) {
      const far = (place.x - x) ** 2 + (place.y - y) ** 2;
      if (far < least) [least, best] = [far, place.row];
    }
    return best;
  }

  /** @param {number} row */
  function point(row) {
    if (row === pointed || !crowd) return;
    pointed = row;
    canvas.style.cursor = choose && row >= 0 ? "pointer" : "";
    peek(row >= 0 ? row : null);
    const at = row >= 0 ? crowd.arrays.learned_at[row] : 0;
    said.textContent = row < 0 ? "" : `Start ${crowd.message.first + row}: ${at ? `learned in sweep ${at}` : "not learned in 600 sweeps"}`;
    set(canvas, { "aria-label": row < 0 ? whole : `${said.textContent}. Enter opens it, arrow keys go on.` });
    draw();
  }
  const open = (/** @type {number} */ row) => void (row >= 0 && crowd && choose?.(crowd.message.first + row));

  /** Arrow keys walk the dots in the order of learning. @param {KeyboardEvent} event */
  function key(event) {
    if (!crowd || !choose || event.ctrlKey || event.metaKey || event.altKey) return;
    const rows = inOrder(crowd);
    const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, Home: -rows.length, End: rows.length }[event.key];
    if (step) point(rows[Math.max(0, Math.min(rows.length - 1, rows.indexOf(pointed) + step * (event.shiftKey ? 10 : 1)))]);
    else if (event.key === "Enter" || event.key === " ") open(pointed);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
  set(canvas, {
    onkeydown: key,
    onfocus: () => canvas.matches(":focus-visible") && point(own),
    onblur: () => point(-1),
    onpointermove: (/** @type {PointerEvent} */ event) => point(nearest(event)),
    onpointerleave: () => point(-1),
    onclick: (/** @type {PointerEvent} */ event) => open(nearest(event)),
  });

  const stop = watchWidth(frame, (now) => {
    width = now;
    canvas.style.width = `${now}px`;
    lay();
  });

  return {
    /** @param {Crowd} next @param {number} row this start among them */
    lay(next, row) {
      crowd = next;
      own = row;
      const { learned, stuck, diverged, runs } = next.message;
      set(canvas, { "aria-label": (whole = `Of ${counted(runs)} starts ${learned} learned, ${stuck} did not within 600 sweeps, ${diverged} diverged.`) });
      pointed = -1;
      lay();
    },
    summary,
    worthALook,
    refresh: draw,
    stop,
  };
}

/** What came of the thousand, in sentences. @param {Crowd} crowd @param {import("../shared/messages.js").Curve} own this start among them */
function summary({ message, arrays }, own) {
  const { learned, stuck, diverged, runs, first, faster } = message;
  const at = arrays.learned_at[(own.settings.run ?? 0) - first];
  const place = at
    ? `This start learned in sweep ${at}; ${counted(faster)} were faster.`
    : own.later_at && own.settings.by_hand.length === 0
      ? `This start did not; it would in sweep ${counted(own.later_at)}.`
      : "This start did not.";
  return `${learned} learned within 600 sweeps (${percent(learned / runs)}), ${stuck} ${stuck === 1 ? "was" : "were"} stuck or too slow${diverged ? `, ${diverged} diverged` : ""}. ${place}`;
}

/** The rows, the soonest to learn first, those that did not last. @param {Crowd} crowd */
function inOrder({ arrays: { learned_at: at } }) {
  return [...at.keys()].sort((a, b) => (at[a] || Infinity) - (at[b] || Infinity) || a - b);
}

/** Starts worth a look. @param {Crowd} crowd */
function worthALook(crowd) {
  const { message } = crowd;
  const at = crowd.arrays.learned_at;
  const order = inOrder(crowd).filter((row) => at[row]);
  return /** @type {[string, number | undefined][]} */ ([
    ["the fastest", order[0]],
    ["the middle one", order[order.length >> 1]],
    ["the slowest", order[order.length - 1]],
    ["one that did not learn", [...at.keys()].find((row) => !at[row])],
  ]).flatMap(([name, row]) => (row === undefined ? [] : [{ name, run: message.first + row }]));
}
