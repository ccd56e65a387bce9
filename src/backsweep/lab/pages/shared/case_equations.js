/** The equations of one case of a run: its own numbers are asked for when they are wanted. */

import { h } from "./dom.js";
import { kept } from "./server.js";

/** @typedef {import("./one_run.js").OneRun} OneRun */
/** @typedef {{message: any, arrays: Record<string, any>}} Answer a `messages.OneCase` */

/**
 * @param {import("./state.js").State} state
 * @param {{fetch: (run: number, place: number) => Promise<Answer>, come: () => void, trouble: (error: unknown) => void, lacking: string, also: string}} options
 *   `come` is called when numbers have come; `lacking` is said where a file has none, `also` names what else chooses a weight
 */
export function caseEquations(state, { fetch, come, trouble, lacking, also }) {
  const element = h("div", { class: "formulas" });
  /** @type {typeof import("./unit_numbers.js") | null} */ let writer = null;
  /** @type {Answer | null} */ let known = null;
  /** @type {OneRun | null} */ let run = null;
  let wanted = -1; // the case by its place in the task
  let isLacking = false;
  let turn = 0;

  /** What a case's units said, or null where it is not wanted or not here. @param {OneRun} one @param {number} k its place among those shown */
  function signals(one, k) {
    if (state.get("level") !== "maths") return null;
    const place = one.arrays.places[k];
    if (one === run && place === wanted) return known;
    const mine = ++turn;
    [run, wanted, known, isLacking] = [one, place, null, false];
    Promise.all([fetch(one.message.run, place), import("./unit_numbers.js")]).then(
      (here) => {
        if (mine !== turn) return;
        [known, writer] = here;
        come();
      },
      (error) => {
        if (mine !== turn) return;
        isLacking = kept !== null;
        if (isLacking) come();
        else trouble(error);
      },
    );
    return null;
  }

  return {
    element,
    signals,
    /** @param {OneRun} one @param {number} moment @param {number} k @param {number} unit above the inputs */
    show(one, moment, k, unit) {
      const here = signals(one, k);
      if (here && writer && one.nParameters) writer.numbersInto(element, { one, moment, signals: here, unit }, state.get("weight"), also);
      else element.replaceChildren(isLacking ? h("p", { class: "aside small" }, lacking) : "");
    },
    /** Choose what a symbol stands for: a weight, or a unit above the inputs. @param {string} key @param {OneRun | null} one @param {(above: number) => void} choose */
    choose(key, one, choose) {
      const [kind, index] = key.split(":");
      const above = one ? Number(index) - one.nInputs : -1;
      if (kind === "w") state.set({ weight: index });
      else if (one && above >= 0 && above < one.nUnits) choose(above);
    },
    /** What is still asked for comes too late. */
    forget() {
      turn++;
      run = null;
    },
  };
}
