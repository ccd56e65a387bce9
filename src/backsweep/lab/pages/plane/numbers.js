/** The equations of one unit for one case, beside the plane: at the level of the mathematics. */

import { h } from "../shared/dom.js";
import { links } from "../shared/links.js";
import { kept } from "../shared/server.js";

/** @typedef {import("../shared/one_run.js").OneRun} OneRun */
/** @typedef {{message: any, arrays: Record<string, any>}} Answer */

/**
 * @param {import("../shared/state.js").State} state
 * @param {HTMLElement} around what holds the marks that symbols stand for
 * @param {{fetch: (run: number, place: number) => Promise<Answer>, spot: () => {layer: number, unit: number} | null, trouble: (error: unknown) => void}} options
 */
export function planeNumbers(state, around, { fetch, spot, trouble }) {
  const formulas = h("div", { class: "formulas" });
  const said = h("p", { class: "aside" });
  const element = h("section", { class: "plane-numbers", "aria-label": "The numbers of a case", hidden: true }, said, formulas);
  const stop = links(around, {
    choose(key) {
      const [kind, index] = key.split(":");
      const above = one ? Number(index) - one.nInputs : -1;
      if (kind === "w") state.set({ weight: index });
      else if (one && above >= 0 && above < one.nUnits) state.set({ unit: `${one.message.layers.indexOf(one.above[one.layerOf[above]].layer)}:${above - one.above[one.layerOf[above]].first}` });
    },
  }).stop;
  /** @type {OneRun | null} */ let one = null;
  /** @type {Answer | null} */ let signals = null;
  /** @type {typeof import("../shared/unit_numbers.js") | null} */ let writer = null;
  let turn = 0;
  let waiting = "";

  /** The unit above the inputs that is looked at; the first output if none is. @param {OneRun} at */
  function unitOf(at) {
    const chosen = spot();
    const above = chosen && at.above.find(({ layer }) => layer === at.message.layers[chosen.layer]);
    return above && chosen ? above.first + chosen.unit : at.outputs[0];
  }

  /** @param {OneRun | null} run @param {number} moment @param {number} place of the case among those shown, or -1 */
  function show(run, moment, place) {
    one = run;
    element.hidden = state.get("level") !== "maths" || !run;
    if (element.hidden || !run) return;
    said.hidden = place >= 0;
    if (place < 0) {
      said.textContent = "Choose a case on the plane, and a unit among the small planes, to read equations (1) to (9) with their numbers.";
      return formulas.replaceChildren();
    }
    const number = run.arrays.places[place];
    if (signals && writer && signals.message.run === run.message.run && signals.message.case === number && run === laid) return writer.numbersInto(formulas, { one: run, moment, signals, unit: unitOf(run) }, state.get("weight"), "an arc of the network");
    const wanted = `${run.message.run} ${number}`;
    if (waiting === wanted && run === laid) return;
    [waiting, laid] = [wanted, run];
    const mine = ++turn;
    Promise.all([fetch(run.message.run, number), import("../shared/unit_numbers.js")]).then(
      ([got, wrote]) => {
        if (mine !== turn) return;
        [signals, writer, waiting] = [got, wrote, ""];
        again();
      },
      (error) => {
        if (mine !== turn) return;
        waiting = kept ? waiting : "";
        if (!kept) return trouble(error);
        formulas.replaceChildren(h("p", { class: "aside small" }, "This file has no equations: open the lab for them."));
      },
    );
  }
  /** @type {OneRun | null} */ let laid = null;
  let again = () => {};
  return {
    element,
    show,
    /** @param {() => void} act called when numbers have come */
    whenCome: (act) => void (again = act),
    stop() {
      turn++;
      stop();
    },
  };
}
