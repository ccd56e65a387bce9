/**
 * The large plane: what is said over it, the cases as points, borders and dividing
 * lines. One reads it, chooses a case, or draws.
 */

import { h, s, set, watchWidth } from "../shared/dom.js";
import { contours, scaleLinear } from "../shared/d3.js";
import { colourOf, coloured, numberColour, painter, shape } from "./palette.js";

/** @typedef {import("../shared/messages.js").PlanePoints} View */
/** @typedef {{at: [number, number], wanted: number, held: boolean}} Dot at from 0 to 1 */
/**
 * @typedef {Object} Look
 * @property {number} side
 * @property {(place: number) => number} colour
 * @property {number[][]} heights one for each border: it is where they are 0
 * @property {number[][]} lines dividing lines, w[0] a + w[1] b + w[2] = 0
 */

const STEP = 0.02; // of an arrow key

/**
 * @param {HTMLElement} frame
 * @param {{point: (at: [number, number] | null, dot: number, spoken: boolean) => void, choose: (dot: number) => void,
 *   stroke: (at: [number, number], phase: "begin" | "go on" | "end") => void, key: (key: string) => boolean}} options
 */
export function planeDrawing(frame, { point, choose, stroke, key }) {
  const canvas = h("canvas", { "aria-hidden": "true" });
  const svg = s("svg", { class: "plane", "aria-hidden": "true" });
  const box = h("div", { class: "plane-box", tabindex: 0, role: "application", "aria-roledescription": "plane" }, canvas, svg);
  frame.append(box);
  const paint = painter(canvas);
  const borders = s("g", {});
  const dividers = s("g", {});
  const axes = s("g", { class: "axes" });
  const marks = s("g", {});
  const cross = s("path", { class: "cross-hair" });
  svg.append(borders, dividers, axes, marks, cross);
  /** @type {View | null} */ let view = null;
  /** @type {readonly Dot[]} */ let dots = [];
  /** @type {Look | null} */ let look = null;
  let size = 0;
  let isDrawn = false;
  let pressed = false;
  /** @type {[number, number]} */ let cursor = [0.5, 0.5];
  const edge = { left: 54, bottom: 40, top: 8, right: 8 };
  const wide = () => size - edge.left - edge.right;
  const high = () => size - edge.top - edge.bottom;
  const place = (/** @type {ArrayLike<number>} */ at) => [edge.left + at[0] * wide(), edge.top + (1 - at[1]) * high()];
  const numbers = () => view?.classes.length === 0;

  function drawAxes() {
    if (!view) return;
    const { names, low, high: top } = view;
    const x = scaleLinear([low[0], top[0]], [0, 1]);
    const y = scaleLinear([low[1], top[1]], [0, 1]);
    const count = size < 320 ? 4 : 6;
    axes.replaceChildren(
      ...x.ticks(count).map((/** @type {number} */ v) => s("text", { x: place([x(v), 0])[0], y: size - edge.bottom + 16, class: "tick" }, x.tickFormat(count)(v))),
      ...y.ticks(count).map((/** @type {number} */ v) => s("text", { x: edge.left - 6, y: place([0, y(v)])[1] + 4, class: "tick up" }, y.tickFormat(count)(v))),
      s("text", { x: edge.left + wide() / 2, y: size - 4, class: "side-name" }, names[0]),
      s("text", { transform: `translate(11,${edge.top + high() / 2}) rotate(-90)`, class: "side-name" }, names[1]),
    );
  }

  function drawDots() {
    const r = size < 330 ? 3.6 : dots.length > 500 ? 3.2 : 4.6;
    marks.replaceChildren(
      ...dots.map(({ at, wanted, held }, k) => {
        const [x, y] = place(at);
        const colour = numbers() ? numberColour(wanted) : colourOf(wanted);
        const d = shape(numbers() ? 0 : wanted, r);
        return s("g", { class: `dot${held ? " held" : ""}${numbers() ? " number" : ""}`, "data-case": k, transform: `translate(${x.toFixed(1)},${y.toFixed(1)})` }, s("circle", { r: r + 3.4, class: "wrong-ring" }), coloured(s("path", { d }), colour));
      }),
    );
  }

  /** Lines where heights are 0. @param {ArrayLike<number>} heights @param {number} side */
  function outline(heights, side) {
    const inside = (/** @type {number} */ v) => v > 0.499 && v < side - 0.499;
    const scaled = (/** @type {number} */ v) => (v - 0.5) / (side - 1);
    let d = "";
    for (const ring of contours().size([side, side]).thresholds([0])(heights)[0].coordinates.flat()) {
      let pen = "M";
      for (const [a, b] of ring) {
        const within = inside(a) && inside(b);
        if (within) d += `${pen}${place([scaled(a), scaled(b)]).map((v) => v.toFixed(1))}`;
        pen = within ? "L" : "M";
      }
    }
    return d;
  }

  /** The line w.p = 0 within the square. @param {number[]} w */
  function within([wa, wb, bias]) {
    const ends = [];
    for (const side of [0, 1]) {
      const b = -(wa * side + bias) / wb;
      if (b >= 0 && b <= 1) ends.push([side, b]);
      const a = -(wb * side + bias) / wa;
      if (a > 0 && a < 1) ends.push([a, side]);
    }
    return ends.length > 1 ? `M${place(ends[0])}L${place(ends[1])}` : "";
  }

  const paths = (/** @type {SVGElement} */ group, /** @type {string} */ cls, /** @type {string[]} */ all) => {
    while (group.children.length < all.length) group.append(s("path", { class: cls }));
    while (group.children.length > all.length) group.lastChild?.remove();
    all.forEach((d, k) => group.children[k].setAttribute("d", d));
  };

  function drawLook() {
    if (look) paint(look.side, look.colour);
    else canvas.width = canvas.width; // empties it
    paths(borders, "border", look ? look.heights.map((heights) => outline(heights, look?.side ?? 1)) : []);
    paths(dividers, "divider", look ? look.lines.map(within).filter(Boolean) : []);
  }

  function draw() {
    if (!size || !view) return;
    set(svg, { viewBox: `0 0 ${size} ${size}`, width: size, height: size });
    box.style.width = box.style.height = `${size}px`;
    canvas.style.inset = `${edge.top}px auto auto ${edge.left}px`;
    canvas.style.width = `${wide()}px`;
    canvas.style.height = `${high()}px`;
    drawAxes();
    drawDots();
    drawLook();
  }

  /** Where a pointer is on the square. @param {PointerEvent} event @returns {[number, number]} */
  function where(event) {
    const { left, top } = box.getBoundingClientRect();
    return [(event.clientX - left - edge.left) / wide(), 1 - (event.clientY - top - edge.top) / high()];
  }
  const isOn = (/** @type {number[]} */ at) => at.every((v) => v >= 0 && v <= 1);

  /** The nearest case, if there is one at hand. @param {number[]} at */
  function nearest(at) {
    let best = -1;
    let least = 12 ** 2;
    dots.forEach((dot, k) => {
      const far = ((dot.at[0] - at[0]) * wide()) ** 2 + ((dot.at[1] - at[1]) * high()) ** 2;
      if (far < least) [best, least] = [k, far];
    });
    return best;
  }

  set(box, {
    onpointerdown: (/** @type {PointerEvent} */ event) => {
      const at = where(event);
      if (!isOn(at)) return;
      if (!isDrawn) return void (nearest(at) >= 0 && choose(nearest(at)));
      event.preventDefault();
      box.focus({ preventScroll: true });
      box.setPointerCapture(event.pointerId);
      cross.setAttribute("d", "");
      pressed = true;
      stroke(at, "begin");
    },
    onpointermove: (/** @type {PointerEvent} */ event) => {
      const at = where(event);
      if (pressed && isOn(at)) stroke(at, "go on");
      else point(isOn(at) ? at : null, isOn(at) ? nearest(at) : -1, false);
    },
    onpointerup: () => {
      if (pressed) stroke([0, 0], "end");
      pressed = false;
    },
    onpointercancel: () => {
      if (pressed) stroke([0, 0], "end");
      pressed = false;
    },
    onpointerleave: () => point(null, -1, false),
    onblur: () => cross.setAttribute("d", ""),
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const way = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      const by = STEP * (event.shiftKey ? 5 : 1);
      if (way) {
        cursor = /** @type {[number, number]} */ (cursor.map((v, k) => Math.max(0, Math.min(1, v + by * way[k]))));
        const [x, y] = place(cursor);
        cross.setAttribute("d", `M${x - 14},${y}H${x - 4}M${x + 4},${y}H${x + 14}M${x},${y - 14}V${y - 4}M${x},${y + 4}V${y + 14}`);
        point(cursor, nearest(cursor), true);
      } else if (event.key === "Enter" || event.key === " ") {
        if (isDrawn) {
          stroke(cursor, "begin");
          stroke(cursor, "end");
        } else if (nearest(cursor) >= 0) choose(nearest(cursor));
      } else if (!key(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
    },
  });

  const stop = watchWidth(frame, (width) => {
    size = Math.min(width, 500, Math.max(340, innerHeight - 330)); // all of it is to be seen at once
    draw();
  });
  return {
    /** @param {View} next @param {readonly Dot[]} given @param {boolean} drawn whether one draws on it */
    lay(next, given, drawn) {
      view = next;
      dots = given;
      isDrawn = drawn;
      box.classList.toggle("drawn", drawn);
      draw();
    },
    /** Only what is said over it. @param {Look | null} next @param {string} label */
    show(next, label) {
      look = next;
      if (size && view) drawLook();
      box.setAttribute("aria-label", label);
    },
    /** Which answers are wrong, and which case is chosen. @param {(k: number) => boolean} isWrong @param {number} chosen */
    mark(isWrong, chosen) {
      for (let k = 0; k < marks.children.length; k++) {
        marks.children[k].classList.toggle("wrong", isWrong(k));
        marks.children[k].classList.toggle("chosen", k === chosen);
      }
    },
    /** Have the drawing with what is painted beneath it, as long as `take` looks at it. @param {(svg: SVGSVGElement) => Promise<void>} take */
    whole(take) {
      const picture = s("image", { href: canvas.toDataURL(), x: edge.left, y: edge.top, width: wide(), height: high(), preserveAspectRatio: "none" });
      svg.prepend(picture);
      return take(svg).finally(() => picture.remove());
    },
    stop,
  };
}
