/** What one draws a table with: classes, an eraser, and what becomes of it. */

import { h } from "../shared/dom.js";
import { toggles } from "../shared/controls.js";
import { MOST, enough } from "../shared/drawn.js";

/** @typedef {import("../shared/drawn.js").Point} Point */

/**
 * @param {{change: (points: Point[]) => void, undo: () => void, take: () => void, learn: () => void}} options
 */
export function drawTools({ change, undo, take, learn }) {
  let tool = 0;
  const tools = toggles({ label: "Draw", choices: ["A", "B", "C", "erase"].map((text, k) => ({ value: String(k), text })), value: "0", choose: (value) => (tool = Number(value)) });
  const button = (/** @type {string} */ text, /** @type {() => void} */ act, cls = "plain") => h("button", { type: "button", class: cls, onclick: act }, text);
  const buttons = { undo: button("Undo", undo), clear: button("Clear", () => change([])), take: button("Take it as CSV", take), learn: button("Let it learn", learn, "strong") };
  const said = h("p", { class: "aside small", role: "status" });
  const element = h("div", { class: "draw-tools" }, tools.element, buttons.undo, buttons.clear, buttons.take, buttons.learn, said);
  return {
    element,
    get tool() {
      return tool;
    },
    /** @param {number} next */
    choose(next) {
      tool = next;
      tools.show(String(next));
    },
    /** @param {string} points @param {boolean} learns whether it is learned at each change */
    show(points, learns) {
      const { can } = enough(points);
      const count = points.length / 5;
      buttons.undo.disabled = buttons.clear.disabled = buttons.take.disabled = !count;
      buttons.learn.disabled = !can;
      buttons.learn.hidden = learns;
      said.textContent = !count ? "Click or draw on the plane. With the keyboard: arrows move, Enter puts a point, A, B, C and E choose." : !can ? "Two points of each class at least, of two classes or three." : learns ? `${count} points. Draw on: it learns anew at each change.` : `${count} points${count >= MOST ? ", as many as there is room for" : ""}.`;
    },
  };
}
