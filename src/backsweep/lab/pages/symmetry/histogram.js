/** Sweeps to learn of many starts, as bars; the letter's run, this one, and those stuck apart. */

import { h, s, set, watchWidth } from "../shared/dom.js";
import { counted, percent } from "../shared/format.js";
import { scaleLog } from "../shared/d3.js";

/** @typedef {import("../shared/messages.js").SymmetryTally} Tally */
/** @typedef {{from: number, to: number, runs: number[], node: SVGElement | null, label: string, x: number, width: number}} Bin its runs soonest first */

const BINS = 45;
const LOW = 250;

/** @param {HTMLElement} frame @param {{choose: (run: number) => void, limit: number, published: number}} options */
export function histogram(frame, { choose, limit, published }) {
  const svg = s("svg", { class: "histogram", role: "group", "aria-label": "Sweeps to learn. Arrow keys move among the bars, Enter opens a run of one." });
  const said = h("p", { class: "pointed" });
  frame.append(svg, said);
  /** @type {Tally | null} */ let tally = null;
  let own = -1;
  let width = 0;
  let height = 0;
  /** @type {Bin[]} */ let bins = [];
  const pointer = s("line", { class: "run-line" });

  function draw() {
    if (!width) return;
    const narrow = width < 620;
    height = narrow ? 280 : 308;
    const focused = bins.findIndex((bin) => bin.node === document.activeElement);
    const margin = { top: 46, bottom: 52, left: 6, right: narrow ? 56 : 84 };
    const [floor, end] = [height - margin.bottom, width - margin.right];
    set(svg, { viewBox: `0 0 ${width} ${height}`, width, height });
    const x = scaleLog([LOW, limit], [margin.left, end - 26]);
    const step = Math.log(limit / LOW) / BINS;
    bins = Array.from({ length: BINS }, (_, k) => ({ from: LOW * Math.exp(k * step), to: LOW * Math.exp((k + 1) * step), runs: /** @type {number[]} */ ([]), node: null, label: "", x: 0, width: 0 }));
    /** @type {Bin} */ const stuck = { from: 0, to: 0, runs: [], node: null, label: "", x: end, width: Math.min(46, margin.right - 10) };
    const at = tally?.learned_at ?? [];
    const order = at.map((_, k) => k).sort((a, b) => at[a] - at[b] || a - b);
    for (const k of order) {
      if (!at[k]) stuck.runs.push(k);
      else bins[Math.max(0, Math.min(BINS - 1, Math.floor(Math.log(at[k] / LOW) / step)))].runs.push(k);
    }
    const most = Math.max(8, ...bins.map((bin) => bin.runs.length), stuck.runs.length);
    const unit = (floor - margin.top) / most;
    for (const bin of bins) {
      bin.x = x(bin.from) + 0.5;
      bin.width = x(bin.to) - x(bin.from) - 1;
      bin.label = `${counted(bin.runs.length)} learned in ${counted(Math.ceil(bin.from))} to ${counted(Math.floor(bin.to))} sweeps`;
    }
    stuck.label = `${counted(stuck.runs.length)} had not learned after ${counted(limit)} sweeps`;
    bins = [...bins, stuck].filter((bin) => bin.runs.length);
    const ownRow = own - (tally?.first ?? 0);
    bins.forEach((bin, k) => {
      const high = bin.runs.length * unit;
      const isOwn = bin.runs.includes(ownRow);
      bin.node = s(
        "g",
        { class: `bin${bin === stuck ? " stuck" : ""}`, role: "button", tabindex: k ? -1 : 0, "aria-label": bin.label },
        s("rect", { class: "bin-hit", x: bin.x - 0.5, y: margin.top, width: bin.width + 1, height: floor - margin.top }),
        s("rect", { class: "bin-bar", x: bin.x, y: floor - high, width: bin.width, height: high }),
        isOwn && s("rect", { class: "bin-own", x: bin.x, y: floor - (bin.runs.indexOf(ownRow) + 1) * unit - (unit < 3 ? 1.5 : 0), width: bin.width, height: Math.max(3, unit) }),
      );
      const pick = (/** @type {PointerEvent} */ event) => Math.max(0, Math.min(bin.runs.length - 1, Math.floor((floor - (event.clientY - svg.getBoundingClientRect().top)) / unit)));
      set(bin.node, {
        onpointermove: (/** @type {PointerEvent} */ event) => tell(bin, pick(event), floor, unit),
        onpointerleave: () => tell(null, 0, floor, unit),
        onfocus: () => {
          for (const other of bins) set(/** @type {Element} */ (other.node), { tabindex: other === bin ? 0 : -1 });
          tell(bin, bin.runs.length >> 1, floor, unit);
        },
        onblur: () => tell(null, 0, floor, unit),
        onclick: (/** @type {PointerEvent} */ event) => open(bin, pick(event)),
        onkeydown: (/** @type {KeyboardEvent} */ event) => {
          const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
          if (way) /** @type {any} */ (bins[(k + way + bins.length) % bins.length].node).focus();
          else if (event.key === "Enter" || event.key === " ") open(bin, bin.runs.length >> 1);
          else return;
          event.preventDefault();
          event.stopPropagation();
        },
      });
    });
    const ticks = [250, 500, 1000, 2000, 4000, 8000, 16000].filter((_, k) => !narrow || k % 2);
    const letter = x(published);
    const ownAt = ownRow >= 0 ? at[ownRow] : 0;
    const ownX = ownAt ? x(Math.max(LOW, ownAt)) : stuck.x + stuck.width / 2;
    svg.replaceChildren(
      s("line", { class: "bar-base", x1: margin.left, x2: width - 2, y1: floor, y2: floor }),
      ...ticks.map((value) => s("g", { class: "grid" }, s("line", { x1: x(value), x2: x(value), y1: floor, y2: floor + 5 }), s("text", { x: x(value), y: floor + 28, "text-anchor": value === 250 ? "start" : "middle" }, counted(value)))),
      s("text", { class: "axis", x: margin.left, y: height - 4 }, "sweeps to learn; each mark doubles the last"),
      s("text", { class: "axis", x: stuck.x + stuck.width / 2, y: floor + 28, "text-anchor": "middle" }, "stuck"),
      ...bins.map((bin) => /** @type {SVGElement} */ (bin.node)),
      s("line", { class: "letter-line", x1: letter, x2: letter, y1: 20, y2: floor }),
      s("text", { class: "letter-name", x: letter, y: 14, "text-anchor": "middle" }, `the letter’s run: ${counted(published)}`),
      ...(tally && ownRow >= 0 && ownRow < at.length ? [s("path", { class: "own-mark", d: `M${ownX - 6},${floor + 25}L${ownX + 6},${floor + 25}L${ownX},${floor + 14}Z`, transform: "translate(0,-12)" })] : []),
      pointer,
    );
    if (focused >= 0) /** @type {any} */ (bins[Math.min(focused, bins.length - 1)]?.node)?.focus();
  }

  /** @param {Bin | null} bin @param {number} k @param {number} floor @param {number} unit */
  function tell(bin, k, floor, unit) {
    const y = floor - (k + 0.5) * unit;
    set(pointer, bin ? { x1: bin.x, x2: bin.x + bin.width, y1: y, y2: y, display: null } : { display: "none" });
    if (!bin || !tally) return void (said.textContent = "");
    const at = tally.learned_at[bin.runs[k]];
    said.textContent = `${bin.label}. Start ${counted(tally.first + bin.runs[k])}: ${at ? `${counted(at)} sweeps` : "not learned"}; choose it to open it.`;
  }

  /** @param {Bin} bin @param {number} k */
  function open(bin, k) {
    if (tally) choose(tally.first + bin.runs[k]);
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
