/** Other starts: one dot each, by how many of its four untold questions it got right. */

import { h, s, set, watchWidth } from "../shared/dom.js";
import { fixed } from "../shared/format.js";

/** @typedef {import("../shared/messages.js").FamilyTally} Tally */

/** @param {HTMLElement} frame @param {{choose: (run: number) => void}} options */
export function startDots(frame, { choose }) {
  const svg = s("svg", { class: "starts", role: "img" });
  const said = h("p", { class: "pointed", "aria-live": "polite" });
  frame.append(svg, said);
  /** @type {Tally | null} */ let tally = null;
  let own = -1;
  let width = 0;
  const height = 250;
  const floor = height - 42;

  function draw() {
    if (!width) return;
    set(svg, { viewBox: `0 0 ${width} ${height}`, width, height });
    const counts = [0, 0, 0, 0, 0];
    for (const right of tally?.held_out_right ?? []) counts[right]++;
    const wide = width / 5;
    const room = wide - 14;
    const most = Math.max(12, ...counts);
    let r = 6;
    const high = (/** @type {number} */ radius) => Math.ceil(most / Math.max(1, Math.floor(room / (2 * radius + 1.4)))) * (2 * radius + 1.4);
    while (r > 1 && high(r) > floor - 26) r -= 0.1;
    const abreast = Math.max(1, Math.floor(room / (2 * r + 1.4)));
    const pitch = 2 * r + 1.4;
    const filled = [0, 0, 0, 0, 0];
    const dots = (tally?.held_out_right ?? []).map((right, k) => {
      const at = filled[right]++;
      const number = (tally?.first ?? 0) + k;
      const inRow = Math.min(abreast, counts[right]);
      const x = right * wide + wide / 2 + ((at % abreast) - (inRow - 1) / 2) * pitch;
      const y = floor - r - 2 - Math.floor(at / abreast) * pitch;
      const all = tally?.right[k] === 100;
      const dot = s("circle", { class: `start-dot${all ? "" : " partly"}${number === own ? " own" : ""}`, cx: x.toFixed(1), cy: y.toFixed(1), r: number === own ? Math.max(r, 4.5) : r });
      dot.addEventListener("pointerenter", () => (said.textContent = `Start ${number}: ${tally?.right[k]} of 100 told right, ${right} of 4 never told`));
      dot.addEventListener("click", () => choose(number));
      return dot;
    });
    const mine = dots.findIndex((dot) => dot.classList.contains("own"));
    if (mine >= 0) dots.push(...dots.splice(mine, 1));
    svg.replaceChildren(
      ...counts.flatMap((count, right) => {
        const x = right * wide + wide / 2;
        const top = floor - Math.ceil(count / abreast) * pitch - 8;
        return [
          s("line", { class: "start-floor", x1: right * wide + 6, x2: (right + 1) * wide - 6, y1: floor, y2: floor }),
          s("text", { class: "start-count", x, y: top }, count ? String(count) : ""),
          s("text", { class: "start-name", x, y: floor + 19 }, String(right)),
        ];
      }),
      s("text", { class: "start-axis", x: width / 2, y: height - 4 }, "of its four untold questions answered rightly"),
      ...dots,
    );
    set(svg, { "aria-label": tally ? `Of ${tally.runs} starts, ${counts.map((count, right) => `${count} got ${right} of 4`).join(", ")}.` : "No other start has learned yet." });
  }

  svg.addEventListener("pointerleave", () => (said.textContent = ""));
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
export function summary(tally, own) {
  const better = tally.held_out_right.filter((right) => right > own).length;
  const same = tally.held_out_right.filter((right) => right === own).length;
  const all = tally.held_out_right.filter((right) => right === 4).length;
  return `${fixed(tally.mean, 2)} of 4 on average (95 % interval ${fixed(tally.low, 2)} to ${fixed(tally.high, 2)}); all four in ${all} of ${tally.runs}. This start got ${own}: ${better} did better, ${same - 1 < 0 ? 0 : same - 1} others as well.`;
}
