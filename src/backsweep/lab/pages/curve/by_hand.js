/** Weights set by hand: the field that sets one, and the list of those that are set. */

import { h } from "../shared/dom.js";
import { stepper } from "../shared/controls.js";
import { written } from "./edits.js";

/** @typedef {import("../shared/messages.js").WeightSet} WeightSet */

const MOST = 24;
const REACH = 100; // either way
const STEP = 0.5;

/**
 * The field that sets the chosen weight, and under it what was set.
 * @param {{set: (text: string) => void, go: (sweep: number) => void, hold: () => void, last: number}} options
 *   `set` takes what the address is to say, `hold` is called before somebody types
 */
export function byHand({ set, go, hold, last }) {
  const place = h("div", { class: "setter" });
  const note = h("p", { class: "aside small" });
  const list = h("ul", { class: "set-list" });
  /** @type {ReturnType<typeof stepper> | null} */ let field = null;
  /** @type {WeightSet[]} */ let sets = [];
  let label = "";
  let sweep = 0;
  let parameter = -1;
  let shown = NaN;
  place.addEventListener("focusin", hold);
  place.addEventListener("pointerdown", hold);

  /** What is set already where one looks. */
  const own = () => sets.find((one) => one.sweep === sweep && one.parameter === parameter);
  const choose = (/** @type {number} */ value) => set(written([...sets.filter((one) => one !== own()), { sweep, parameter, value }]));

  /** @param {number} value @param {1 | -1} way */
  const next = (value, way) => (way > 0 ? Math.floor(value / STEP + 1e-9) + 1 : Math.ceil(value / STEP - 1e-9) - 1) * STEP;

  return {
    place,
    below: h("div", { class: "by-hand" }, note, list),
    /**
     * What can be set now. @param {{label: string, parameter: number, value: number} | null} arc @param {number} now
     */
    show(arc, now) {
      sweep = now;
      parameter = arc?.parameter ?? -1;
      const isFull = sets.length >= MOST && !own();
      if (!arc || isFull || !Number.isFinite(arc.value)) {
        place.replaceChildren();
        label = "";
        note.textContent = !arc ? "Choose an arc to set its weight by hand." : isFull ? `${MOST} weights are set by hand, the most there can be: undo one first.` : "The run has diverged here: go to an earlier sweep.";
        return;
      }
      const value = own()?.value ?? Number(arc.value.toPrecision(4));
      if (arc.label !== label) {
        label = arc.label;
        shown = NaN;
        field = stepper({ label: `Set ${label} to`, value, low: -REACH, high: REACH, next, wide: 6, choose });
        place.replaceChildren(field.element);
      }
      note.textContent =
        now === last
          ? "No sweep is left to learn in: go to an earlier one to see the network learn on."
          : `From sweep ${now} on the network learns with what you set here. Momentum begins at zero.`;
      if (value !== shown) field?.show((shown = value));
    },
    /** @param {WeightSet[]} next @param {(one: WeightSet) => string} said */
    list(next, said) {
      sets = next;
      list.replaceChildren(
        ...next.map((one) =>
          h(
            "li",
            {},
            h("button", { type: "button", class: "plain", onclick: () => go(one.sweep) }, `At sweep ${one.sweep}`),
            h("span", {}, said(one)),
            h("button", { type: "button", class: "plain", "aria-label": `Undo: at sweep ${one.sweep} ${said(one)}`, onclick: () => set(written(next.filter((other) => other !== one))) }, "Undo"),
          ),
        ),
      );
    },
  };
}
