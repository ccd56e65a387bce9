/** The panel of a network: forward, both or backward, its drawing, and the numbers of a part. */

import { h } from "./dom.js";
import { panel } from "./panel.js";
import { toggles } from "./controls.js";

export const VIEWS = ["both", "forward", "backward"];

/**
 * @param {{cls: string, title: string, state: import("./state.js").State, text: HTMLElement, legend: (blamed: boolean, written: boolean) => Node}} options
 *   the key `view` of the state is one of `VIEWS`
 */
export function networkPanel({ cls, title, state, text, legend }) {
  const view = toggles({
    label: "Show",
    choices: [
      { value: "forward", text: "Forward", title: "Activity, flowing up" },
      { value: "both", text: "Both" },
      { value: "backward", text: "Backward", title: "Blame, flowing back" },
    ],
    value: state.get("view"),
    choose: (now) => state.set({ view: now }),
  });
  const frame = h("div", { class: "frame" });
  const place = h("div", {});
  const numbers = h("div", { class: "numbers" });
  return {
    element: panel(cls, title, view.element, text, frame, place, numbers),
    frame,
    numbers,
    show() {
      view.show(state.get("view"));
      place.replaceChildren(legend(state.get("view") !== "forward", state.get("view") === "backward"));
    },
  };
}
