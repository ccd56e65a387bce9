/** The equations of one unit for one case, beside the plane: at the level of the mathematics. */

import { h } from "../shared/dom.js";
import { onDemand } from "../shared/on_demand.js";

/** @typedef {import("../shared/one_run.js").OneRun} OneRun */

/**
 * @param {import("../shared/state.js").State} state
 * @param {{fetch: (run: number, place: number) => Promise<import("../shared/case_equations.js").Answer>, come: () => void, spot: () => {layer: number, unit: number} | null, trouble: (error: unknown) => void}} options
 *   `come` is called when numbers have come
 */
export function planeNumbers(state, { spot, ...options }) {
  const writer = onDemand(() => import("../shared/case_equations.js"), () => options.come());
  /** @type {ReturnType<typeof import("../shared/case_equations.js").caseEquations> | null} */ let formulas = null;
  const said = h("p", { class: "aside" }, "Choose a case on the plane, and a unit among the small planes, to read equations (1) to (9) with their numbers.");
  const element = h("section", { class: "plane-numbers", "aria-label": "The numbers of a case", hidden: true }, said);
  /** @type {OneRun | null} */ let one = null;

  /** The unit above the inputs that is looked at; the first output if none is. @param {OneRun} at */
  function unitOf(at) {
    const chosen = spot();
    const above = chosen && at.above.find(({ layer }) => layer === at.message.layers[chosen.layer]);
    return above && chosen ? above.first + chosen.unit : at.outputs[0];
  }

  return {
    element,
    /** @param {OneRun | null} run @param {number} moment @param {number} place of the case among those shown, or -1 */
    show(run, moment, place) {
      one = run;
      element.hidden = state.get("level") !== "maths" || !run;
      if (element.hidden || !run) return;
      said.hidden = place >= 0;
      if (!formulas && writer.now) {
        formulas = writer.now.caseEquations(state, { ...options, lacking: "This file has no equations: open the lab for them.", also: "an arc of the network" });
        element.append(formulas.element);
      }
      if (!formulas) return;
      formulas.element.hidden = place < 0;
      if (place >= 0) formulas.show(run, moment, place, unitOf(run));
    },
    /** Choose what a symbol stands for. @param {string} key */
    choose(key) {
      formulas?.choose(key, one, (above) => {
        const { layer, first } = /** @type {OneRun} */ (one).above[/** @type {OneRun} */ (one).layerOf[above]];
        state.set({ unit: `${one?.message.layers.indexOf(layer)}:${above - first}` });
      });
    },
    stop: () => formulas?.forget(),
  };
}
