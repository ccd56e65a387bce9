/** Drawing a table: strokes become points, and points become text in the address. */

import { MOST, asText, enough, placed, read } from "../shared/drawn.js";

/** @typedef {import("../shared/drawn.js").Point} Point */
/** @typedef {import("../shared/messages.js").PlanePoints} View */

const APART = 9; // points of a stroke, in hundredths
const ERASER = 3;

/** The plane before there is anything on it. */
export const EMPTY = /** @type {View} */ ({ across: 0, up: 1, columns: [0, 1], names: ["across", "up"], low: [-1.12, -1.12], high: [1.12, 1.12], fixed: [], classes: ["A", "B", "C"], scale: [0, 1], arrays: [] });

/**
 * @param {import("../shared/state.js").State} state
 * @param {{view: () => View, tool: () => number, lay: (dots: import("./drawing.js").Dot[]) => void}} options
 */
export function sketcher(state, { view, tool, lay }) {
  /** @type {string[]} */ const before = [];
  /** @type {Point[]} */ let points = [];
  /** @type {number[]} */ let latest = [];

  /** @param {readonly Point[]} all */
  function show(all) {
    const { low, high } = view();
    lay(all.map((one) => ({ wanted: one.of, held: false, at: /** @type {[number, number]} */ (placed(one).map((v, k) => (v - low[k]) / (high[k] - low[k]))) })));
  }

  /** Put a point, or erase what is near. @param {number[]} at */
  function put(at) {
    const [across, up] = at.map(Math.round);
    if (tool() === ERASER) points = points.filter(({ at: [x, y] }) => Math.hypot(x - across, y - up) > APART);
    else if (points.length < MOST) points = [...points, { of: tool(), at: [across, up] }];
  }

  /** Take points into the address; what was learned from others is learned anew. @param {readonly Point[]} next */
  function commit(next) {
    const text = asText(next);
    if (text === state.get("points")) return;
    const { classes, can } = enough(text);
    // As many output units as there are classes.
    const network = state.get("network").replace(/(output )\d+/, `$1${Math.max(2, classes)}`);
    state.set({ points: text, network, learn: can ? state.get("learn") : "", run: 0, sweep: "end", case: "" });
  }

  /** @param {readonly Point[]} next */
  function change(next) {
    before.push(state.get("points"));
    commit(next);
  }

  return {
    change,
    undo: () => commit(before.length ? read(/** @type {string} */ (before.pop())) : read(state.get("points")).slice(0, -1)),
    /** The last point goes. */
    drop: () => change(read(state.get("points")).slice(0, -1)),
    /** What the address holds is seen. */
    show: () => show(read(state.get("points"))),
    /** @param {[number, number]} at from 0 to 1 @param {"begin" | "go on" | "end"} phase */
    stroke(at, phase) {
      if (phase === "end") return change(points);
      const { low, high } = view();
      const to = at.map((v, k) => Math.max(0, Math.min(200, (low[k] + v * (high[k] - low[k]) + 1) * 100)));
      if (phase === "begin") {
        points = read(state.get("points"));
        latest = to;
        put(to);
      }
      // However fast the hand is, points lie at equal distances along its way.
      for (let far; (far = Math.hypot(to[0] - latest[0], to[1] - latest[1])) >= APART; ) {
        latest = latest.map((v, k) => v + ((to[k] - v) * APART) / far);
        put(latest);
      }
      show(points);
    },
  };
}
