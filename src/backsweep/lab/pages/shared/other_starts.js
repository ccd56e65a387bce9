/** Other starts that learn along: begun, watched, stopped; one lot is not learned twice. */

import { counted } from "./format.js";
import { h } from "./dom.js";

/**
 * @template {{first: number, runs: number}} Tally
 * @typedef {Object} Options
 * @property {import("./server.js").Line} line
 * @property {string} label what is counted, for screen readers
 * @property {readonly number[]} amounts how many may learn, the first of them unasked
 * @property {number} most the last number that a run may have
 * @property {() => string} lot what all of them share: with another lot they learn anew
 * @property {() => number} own the number of the run that is looked at
 * @property {(first: number, runs: number) => any} work the message that begins it
 * @property {(tally: Tally | null, isUnderWay: boolean) => void} show
 * @property {(error: unknown) => void} trouble
 */

/** @template {{first: number, runs: number}} Tally @param {Options<Tally>} options */
export function otherStarts({ line, label, amounts, most, lot, own, work, show, trouble }) {
  const element = h("div", { class: "job" });
  /** @type {Tally | null} */ let tally = null;
  /** @type {(() => void) | null} */ let cancel = null;
  let wanted = { lot: "", first: 0, runs: amounts[0] };
  const button = (/** @type {string} */ text, /** @type {() => void} */ act) => h("button", { type: "button", class: "plain", onclick: act }, text);

  function refresh(done = 0) {
    show(tally, cancel !== null);
    const has = tally?.runs ?? 0;
    element.replaceChildren(
      ...(cancel
        ? [h("progress", { max: 1, value: done, "aria-label": label }), h("span", { role: "status" }, `${counted(has)} of ${counted(wanted.runs)}`), button("Stop", () => cancel?.())]
        : amounts.filter((many) => many > has).map((many) => button(`Let ${counted(many)} learn`, () => begin(many)))),
    );
  }

  /** @param {number} runs */
  function begin(runs) {
    cancel?.();
    const first = Math.min(Math.floor(own() / amounts[0]) * amounts[0], most + 1 - runs);
    const mine = (wanted = { lot: lot(), first, runs });
    tally = null;
    const end = () => {
      if (wanted !== mine) return;
      cancel = null;
      refresh();
    };
    cancel = line.begin(work(first, runs), {
      progress: (report) => {
        if (wanted !== mine) return;
        tally = /** @type {any} */ (report.so_far);
        refresh(report.done / report.total);
      },
      done: end,
      refused: (refused) => {
        end();
        if (wanted === mine) wanted = { ...mine, lot: "" };
        trouble(refused);
      },
    });
    refresh();
  }

  return {
    element,
    refresh: () => refresh(tally ? tally.runs / wanted.runs : 0),
    /** Let those learn among which this run is, unless they have or do. */
    ask() {
      const isHere = wanted.lot === lot() && own() >= wanted.first && own() < wanted.first + wanted.runs;
      if (isHere) refresh(tally ? tally.runs / wanted.runs : 0);
      else begin(amounts[0]);
    },
    stop: () => cancel?.(),
  };
}
