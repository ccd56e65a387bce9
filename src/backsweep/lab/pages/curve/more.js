/** Very many more starts of one lot of settings: learned when asked for, and counted. */

import { h } from "../shared/dom.js";
import { counted, percent } from "../shared/format.js";

/** @typedef {import("../shared/messages.js").CurveSettings} Settings */
/** @typedef {import("../shared/messages.js").Tally} Tally */

const MORE = 100_000;

/**
 * @param {HTMLElement} place
 * @param {{line: import("../shared/server.js").Line, trouble: (error: unknown) => void}} options
 */
export function veryMany(place, { line, trouble }) {
  /** @type {Settings} */ let settings;
  let lot = "";
  /** @type {{cancel: () => void} | null} */ let mine = null;
  const button = (/** @type {string} */ text, /** @type {() => void} */ act) => h("button", { type: "button", class: "plain", onclick: act }, text);

  /** @param {Tally | null} tally @param {number} [done] */
  function show(tally, done = 0) {
    const job = mine;
    const text = tally
      ? `${counted(tally.learned)} of ${counted(tally.runs)} learned: ${percent(tally.learned / tally.runs)}, between ${percent(tally.low)} and ${percent(tally.high)} (95 % interval).`
      : "";
    place.replaceChildren(
      job ? h("progress", { max: 1, value: done, "aria-label": "Starts that have ended" }) : "",
      h("span", { role: "status" }, text),
      job ? button("Stop", () => job.cancel()) : button(tally ? "Once more" : `Let ${counted(MORE)} learn`, begin),
    );
  }

  function begin() {
    /** @type {Tally | null} */ let last = null;
    const job = (mine = { cancel: () => {} });
    /** Hear of this job alone, and only while it counts for what is shown. @param {() => void} act */
    const own = (act) => mine === job && act();
    const end = () => {
      mine = null;
      show(last);
    };
    job.cancel = line.begin(
      { work: "more starts", settings, runs: MORE },
      {
        progress: (said) => own(() => show((last = said.so_far), said.done / said.total)),
        done: () => own(end),
        refused: (said) =>
          own(() => {
            end();
            trouble(said);
          }),
      },
    );
    show(null);
  }

  function stop() {
    mine?.cancel();
    mine = null;
  }

  return {
    /** Count for these settings; what was counted for others is let go. @param {Settings} next */
    of(next) {
      settings = next;
      const now = JSON.stringify({ ...next, run: 0 }); // all starts are counted, from 0 on
      if (now === lot) return;
      lot = now;
      stop();
      show(null);
    },
    stop,
  };
}
