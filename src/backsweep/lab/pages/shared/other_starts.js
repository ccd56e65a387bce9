/** Other starts that learn along: begun, watched, stopped; one lot is not learned twice. */

import { counted } from "./format.js";
import { h } from "./dom.js";

/**
 * @template {{first: number, runs: number}} Tally
 * @typedef {Object} Options
 * @property {import("./server.js").Line} line
 * @property {string} label what is counted, for screen readers
 * @property {readonly number[]} amounts how many learn, one amount after the other
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
  /** What came of each lot, to be seen again at once. @type {Map<string, Tally>} */ const known = new Map();
  /** @type {Tally | null} */ let tally = null;
  /** @type {(() => void) | null} */ let cancel = null;
  let wanted = { lot: "", first: 0, runs: 0 };
  const button = (/** @type {string} */ text, /** @type {() => void} */ act) => h("button", { type: "button", class: "plain", onclick: act }, text);
  const isHere = () => wanted.lot === lot() && own() >= wanted.first && own() < wanted.first + wanted.runs;

  function refresh() {
    show(tally, cancel !== null);
    const has = tally?.runs ?? 0;
    element.replaceChildren(
      ...(cancel
        ? [h("progress", { max: 1, value: has / wanted.runs, "aria-label": label }), h("span", { role: "status" }, `${counted(has)} of ${counted(wanted.runs)}`), button("Stop", () => cancel?.())]
        : amounts.filter((many) => many > has).map((many) => button(`Let ${counted(many)} learn`, () => begin(many)))),
    );
  }

  /** Learn no further, and keep what has been learned. */
  function leave() {
    wanted = { ...wanted, lot: "" };
    cancel?.();
    cancel = null;
  }

  function stop() {
    leave();
    element.replaceChildren();
  }

  /** @param {number} runs */
  function begin(runs) {
    const first = Math.min(isHere() ? wanted.first : Math.floor(own() / amounts[0]) * amounts[0], most + 1 - runs);
    leave();
    const mine = (wanted = { lot: lot(), first, runs });
    const key = `${mine.lot} ${first}`;
    tally = known.get(key) ?? null;
    const end = () => {
      if (wanted !== mine) return;
      cancel = null;
      const next = amounts.find((many) => many > runs);
      if (tally && tally.runs >= runs && next) begin(next);
      else refresh();
    };
    if (tally && tally.runs >= runs) return end();
    cancel = line.begin(work(first, runs), {
      progress: ({ so_far }) => {
        if (wanted !== mine || (tally && so_far.runs < tally.runs)) return;
        tally = /** @type {Tally} */ (so_far);
        known.set(key, tally);
        refresh();
      },
      done: end,
      refused: (refused) => {
        const isMine = wanted === mine;
        if (isMine) leave();
        refresh();
        if (isMine) trouble(refused);
      },
    });
    refresh();
  }

  return {
    element,
    /** Let those learn among which this run is, unless they have or do. */
    ask: () => (isHere() ? refresh() : begin(amounts[0])),
    /** What they share has changed: learn no further. */
    settle: () => wanted.lot !== lot() && stop(),
    /** What came of those among which this run is, by now. */
    known: () => (isHere() ? tally : null),
    stop,
  };
}
