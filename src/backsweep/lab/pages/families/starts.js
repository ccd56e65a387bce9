/** Other starts: one dot each, by how many of its four untold questions it got right. */

import { h, s, set, watchWidth } from "../shared/dom.js";
import { fixed } from "../shared/format.js";
import { otherStarts } from "../shared/other_starts.js";
import { stacks } from "../shared/stacks.js";

/** @typedef {import("../shared/messages.js").FamilyTally} Tally */

const STARTS = 200; // that learn along with the one that is looked at
const HEIGHT = 250;
const FLOOR = HEIGHT - 42;
const COUNTS = [0, 1, 2, 3, 4];
const GAP = 1.4; // between dots

/**
 * What the panel of other starts holds.
 * @param {{state: import("../shared/state.js").State, line: import("../shared/server.js").Line, settings: () => import("../shared/messages.js").FamilySettings,
 *   most: number, own: () => number | null, trouble: (error: unknown) => void}} options
 *   `own` gives how many of the four this run got right
 */
export function familyStarts({ state, line, settings, most, own, trouble }) {
  const frame = h("div", { class: "frame" });
  const said = h("p", { class: "summary starts-said" });
  const dots = startDots(frame, { choose: (run) => state.set({ run }) });
  /** @type {import("../shared/other_starts.js").Options<Tally>} */
  const learning = {
    line,
    label: "Starts that have learned",
    amounts: [STARTS],
    most,
    lot: () => JSON.stringify([state.get("recipe"), state.get("seed")]),
    own: () => state.get("run"),
    work: (first, runs) => ({ work: "family starts", settings: settings(), first, runs }),
    show(tally) {
      const right = own();
      dots.show(tally, state.get("run"));
      said.textContent = tally && right !== null ? summary(tally, right) : "";
    },
    trouble,
  };
  const others = otherStarts(learning);
  return {
    elements: [said, frame, others.element],
    ask: others.ask,
    settle: others.settle,
    leave: others.stop,
    stop() {
      others.stop();
      dots.stop();
    },
  };
}

/** The largest dots with which a stack of so many has room. @param {number} most @param {number} room */
function radiusOf(most, room) {
  const high = (/** @type {number} */ r) => Math.ceil(most / Math.max(1, Math.floor(room / (2 * r + GAP)))) * (2 * r + GAP);
  let r = 6;
  while (r > 1 && high(r) > FLOOR - 26) r -= 0.1;
  return r;
}

/** @param {HTMLElement} frame @param {{choose: (run: number) => void}} options */
function startDots(frame, { choose }) {
  const svg = s("svg", { class: "starts", role: "group" });
  /** @type {Tally | null} */ let tally = null;
  let own = -1;
  let width = 0;
  const columns = stacks(svg, {
    choose,
    say: (run) => `${tally?.right[run - tally.first]} of 100 told right`,
    mark(stack, k) {
      for (const dot of svg.querySelectorAll(".picked")) dot.classList.remove("picked");
      svg.querySelector(`[data-run="${stack?.runs[k]}"]`)?.classList.add("picked");
    },
  });
  frame.append(svg, columns.said);

  /** One stack: all that got so many right. @param {number[]} runs @param {number} right @param {number} wide @param {number} r */
  function stack(runs, right, wide, r) {
    const pitch = 2 * r + GAP;
    const abreast = Math.max(1, Math.floor((wide - 14) / pitch));
    const middle = right * wide + wide / 2;
    const inRow = Math.min(abreast, runs.length);
    const places = runs.map((_, k) => ({ x: middle + ((k % abreast) - (inRow - 1) / 2) * pitch, y: FLOOR - r - 2 - Math.floor(k / abreast) * pitch }));
    const order = runs.map((_, k) => k).sort((a, b) => Number(runs[a] === own) - Number(runs[b] === own));
    return {
      cls: "start-stack",
      label: `${runs.length} got ${right} of 4 right`,
      runs,
      shapes: [
        s("rect", { class: "bin-hit", x: right * wide + 3, y: 16, width: wide - 6, height: FLOOR - 16 }),
        // The one that is looked at lies above the others.
        ...order.map((k) => {
          const run = runs[k];
          const isAll = tally?.right[run - tally.first] === 100;
          return s("circle", { "data-run": run, class: `start-dot${isAll ? "" : " partly"}${run === own ? " own" : ""}`, cx: places[k].x.toFixed(1), cy: places[k].y.toFixed(1), r: run === own ? Math.max(r, 4.5) : r });
        }),
        s("text", { class: "start-count", x: middle, y: FLOOR - Math.ceil(runs.length / abreast) * pitch - 8 }, runs.length),
      ],
      pick(/** @type {PointerEvent} */ event) {
        const box = svg.getBoundingClientRect();
        const far = places.map(({ x, y }) => Math.hypot(event.clientX - box.left - x, event.clientY - box.top - y));
        return far.indexOf(Math.min(...far));
      },
    };
  }

  function draw() {
    if (!width) return;
    set(svg, { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT });
    const { first, held_out_right: rights } = tally ?? { first: 0, held_out_right: [] };
    const runs = COUNTS.map((right) => rights.flatMap((value, k) => (value === right ? [first + k] : [])));
    const wide = width / 5;
    const r = radiusOf(Math.max(12, ...runs.map((some) => some.length)), wide - 14);
    columns.lay(
      COUNTS.filter((right) => runs[right].length).map((right) => stack(runs[right], right, wide, r)),
      [
        ...COUNTS.flatMap((right) => [s("line", { class: "start-floor", x1: right * wide + 6, x2: (right + 1) * wide - 6, y1: FLOOR, y2: FLOOR }), s("text", { class: "start-name", x: right * wide + wide / 2, y: FLOOR + 19 }, right)]),
        s("text", { class: "start-axis", x: width / 2, y: HEIGHT - 4 }, "of its four untold questions answered rightly"),
      ],
      [],
    );
    set(svg, { "aria-label": tally ? `Of ${tally.runs} starts, ${COUNTS.map((right) => `${runs[right].length} got ${right} of 4`).join(", ")}.` : "No other start has learned yet." });
  }

  const stop = watchWidth(frame, (now) => {
    width = now;
    draw();
  });
  return {
    /** @param {Tally | null} next @param {number} run */
    show(next, run) {
      tally = next;
      own = run;
      draw();
    },
    svg,
    stop,
  };
}

/** What came of them, in a sentence. @param {Tally} tally @param {number} own how many this run got right */
function summary(tally, own) {
  const better = tally.held_out_right.filter((right) => right > own).length;
  const same = tally.held_out_right.filter((right) => right === own).length;
  const all = tally.held_out_right.filter((right) => right === 4).length;
  return `${fixed(tally.mean, 2)} of 4 on average (95 % interval ${fixed(tally.low, 2)} to ${fixed(tally.high, 2)}); all four in ${all} of ${tally.runs}. This start got ${own}: ${better} did better, ${same - 1 < 0 ? 0 : same - 1} others as well.`;
}
