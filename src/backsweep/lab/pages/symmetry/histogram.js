/** Sweeps to learn of many starts, as bars; the letter's run, this one, and those stuck apart. */

import { s, set, watchWidth } from "../shared/dom.js";
import { counted, percent } from "../shared/format.js";
import { scaleLinear, scaleLog } from "../shared/d3.js";
import { stacks } from "../shared/stacks.js";

/** @typedef {import("../shared/messages.js").SymmetryTally} Tally */
/** @typedef {{x: number, width: number, label: string, runs: number[], isStuck: boolean}} Bin its runs soonest first */

const BINS = 45;
const LOW = 250;
const TICKS = [250, 500, 1000, 2000, 4000, 8000, 16000];

/** @param {HTMLElement} frame @param {{choose: ((run: number) => void) | null, limit: number, published: number}} options none can be opened without `choose` */
export function histogram(frame, { choose, limit, published }) {
  const svg = s("svg", { class: "histogram", role: choose ? "group" : "img", "aria-label": `Sweeps to learn.${choose ? " Arrow keys move among the bars, Enter opens a run of one." : ""}` });
  const pointer = s("line", { class: "run-line", display: "none" });
  /** @type {Tally | null} */ let tally = null;
  let own = -1;
  let width = 0;
  let floor = 0;
  let unit = 1; // pixels of a run
  const step = Math.log(limit / LOW) / BINS;
  const bars = stacks(svg, {
    choose,
    say: (run) => (timeOf(run) ? `${counted(timeOf(run))} sweeps` : "not learned"),
    mark(stack, k) {
      const y = floor - (k + 0.5) * unit;
      const bin = /** @type {(Bin & import("../shared/stacks.js").Stack) | null} */ (stack);
      set(pointer, bin ? { x1: bin.x, x2: bin.x + bin.width, y1: y, y2: y, display: null } : { display: "none" });
    },
  });
  frame.append(svg, bars.said);
  const timeOf = (/** @type {number} */ run) => tally?.learned_at[run - tally.first] ?? 0;

  /** The runs by when they learned. @param {(sweeps: number) => number} x @param {number} end @param {number} room */
  function binned(x, end, room) {
    const { first, learned_at: at } = /** @type {Tally} */ (tally);
    /** @type {Bin[]} */ const bins = Array.from({ length: BINS }, (_, k) => {
      const [from, to] = [LOW * Math.exp(k * step), LOW * Math.exp((k + 1) * step)];
      return { x: x(from) + 0.5, width: x(to) - x(from) - 1, label: `${counted(Math.ceil(from))} to ${counted(Math.floor(to))} sweeps`, runs: [], isStuck: false };
    });
    bins.push({ x: end, width: Math.min(46, room - 10), label: `after ${counted(limit)} sweeps`, runs: [], isStuck: true });
    for (const k of at.map((_, k) => k).sort((a, b) => at[a] - at[b] || a - b)) bins[at[k] ? Math.max(0, Math.min(BINS - 1, Math.floor(Math.log(at[k] / LOW) / step))) : BINS].runs.push(first + k);
    return bins.filter(({ runs }) => runs.length);
  }

  function draw() {
    if (!width) return;
    const narrow = width < 620;
    const height = narrow ? 280 : 308;
    const margin = { top: 46, bottom: 52, left: narrow ? 40 : 48, right: narrow ? 56 : 84 };
    const end = width - margin.right;
    floor = height - margin.bottom;
    set(svg, { viewBox: `0 0 ${width} ${height}`, width, height });
    const x = scaleLog([LOW, limit], [margin.left, end - 26]);
    const bins = tally ? binned(x, end, margin.right) : [];
    const most = Math.max(8, ...bins.map(({ runs }) => runs.length));
    unit = (floor - margin.top) / most;
    const stuckAt = end + Math.min(46, margin.right - 10) / 2;
    const isHere = tally !== null && own >= tally.first && own < tally.first + tally.runs;
    const mine = timeOf(own) ? x(Math.max(LOW, timeOf(own))) : stuckAt;
    bars.lay(
      bins.map((bin) => {
        const high = bin.runs.length * unit;
        const at = bin.runs.indexOf(own);
        return {
          ...bin,
          cls: `bin${bin.isStuck ? " stuck" : ""}`,
          label: `${counted(bin.runs.length)} ${bin.isStuck ? "had not learned" : "learned in"} ${bin.label}`,
          pick: (event) => Math.floor((floor - (event.clientY - svg.getBoundingClientRect().top)) / unit),
          shapes: [
            s("rect", { class: "bin-hit", x: bin.x - 0.5, y: margin.top, width: bin.width + 1, height: floor - margin.top }),
            s("rect", { class: "bin-bar", x: bin.x, y: floor - high, width: bin.width, height: high }),
            ...(at < 0 ? [] : [s("rect", { class: "bin-own", x: bin.x, y: floor - (at + 1) * unit - (unit < 3 ? 1.5 : 0), width: bin.width, height: Math.max(3, unit) })]),
          ],
        };
      }),
      [
        s("line", { class: "bar-base", x1: margin.left, x2: width - 2, y1: floor, y2: floor }),
        ...TICKS.filter((_, k) => !narrow || k % 2).map((value) => s("g", { class: "grid" }, s("line", { x1: x(value), x2: x(value), y1: floor, y2: floor + 5 }), s("text", { x: x(value), y: floor + 28, "text-anchor": value === LOW ? "start" : "middle" }, counted(value)))),
        ...(tally ? scaleLinear([0, most], [floor, margin.top]).ticks(3) : []).filter(Number.isInteger).map((/** @type {number} */ value) =>
          s("g", { class: "grid counts" }, s("line", { x1: margin.left - 4, x2: width - 2, y1: floor - value * unit, y2: floor - value * unit }), s("text", { x: margin.left - 9, y: floor - value * unit + 4.5, "text-anchor": "end" }, counted(value))),
        ),
        s("text", { class: "axis", x: 0, y: margin.top - 14 }, "starts"),
        s("text", { class: "axis", x: margin.left, y: height - 4 }, "sweeps to learn; each mark doubles the last"),
        s("text", { class: "axis", x: stuckAt, y: floor + 28, "text-anchor": "middle" }, "stuck"),
      ],
      [
        s("line", { class: "letter-line", x1: x(published), x2: x(published), y1: 20, y2: floor }),
        s("text", { class: "letter-name", x: x(published), y: 14, "text-anchor": "middle" }, `the letter’s run: ${counted(published)}`),
        ...(isHere ? [s("path", { class: "own-mark", d: `M${mine - 6},${floor + 13}L${mine + 6},${floor + 13}L${mine},${floor + 2}Z` })] : []),
        pointer,
      ],
    );
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

/** What came of them, in a sentence. @param {Tally} tally @param {number} own the start that is looked at @param {number} published */
export function summary(tally, own, published) {
  const mine = tally.learned_at[own - tally.first];
  const sooner = tally.learned_at.filter((at) => at > 0 && at < mine).length;
  const place = mine === undefined ? "" : mine ? ` This start took ${counted(mine)}: ${counted(sooner)} were faster.` : " This start is one of those that did not.";
  const letter = tally.learned ? ` Of those, ${percent(tally.sooner / tally.learned)} took fewer than the letter’s ${counted(published)}.` : "";
  return `${counted(tally.learned)} of ${counted(tally.runs)} learned (${percent(tally.learned / tally.runs)}; 95 % interval ${percent(tally.low)} to ${percent(tally.high)})${tally.median === null ? "" : `, half of them within ${counted(Math.round(tally.median))} sweeps`}.${letter}${tally.diverged ? ` ${counted(tally.diverged)} diverged.` : ""}${place}`;
}

/** Runs that are worth a look. @param {Tally} tally @param {number} published */
export function worthALook({ learned_at, first }, published) {
  const rows = learned_at.map((_, k) => k);
  const order = rows.filter((k) => learned_at[k]).sort((a, b) => learned_at[a] - learned_at[b]);
  const off = (/** @type {number} */ k) => Math.abs(learned_at[k] - published);
  const near = order.reduce((/** @type {number | undefined} */ best, k) => (best === undefined || off(k) < off(best) ? k : best), undefined);
  return /** @type {[string, number | undefined][]} */ ([
    ["the fastest", order[0]],
    ["the one nearest the letter’s", near],
    ["the middle one", order[order.length >> 1]],
    ["the slowest", order[order.length - 1]],
    ["one that is stuck", rows.find((k) => !learned_at[k])],
  ]).flatMap(([name, k]) => (k === undefined ? [] : [{ name, run: first + k }]));
}
