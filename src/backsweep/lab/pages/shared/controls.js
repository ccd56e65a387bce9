/** Controls: a row of choices, a stepper, a number with steps that suit it. */

import { h } from "./dom.js";

let count = 0;

/**
 * Choices of which one holds; arrow keys move among them.
 * @param {{label: string, choices: readonly {value: string, text: string, title?: string}[], value: string,
 *   choose: (value: string) => void, labelled?: boolean}} options
 */
export function toggles({ label, choices, value, choose, labelled = false }) {
  const name = `toggles-${++count}`;
  const inputs = choices.map((one) => h("input", { type: "radio", name, value: one.value, onchange: () => choose(one.value) }));
  const element = h(
    "fieldset",
    { class: "toggles" },
    h("legend", { class: labelled ? "" : "unseen" }, label),
    h("span", { class: "row" }, ...choices.map((one, k) => h("label", { title: one.title }, inputs[k], h("span", {}, one.text)))),
  );
  const show = (/** @type {string} */ now) => inputs.forEach((input) => (input.checked = input.value === now));
  show(value);
  return { element, show };
}

/**
 * A number with a button on either side.
 * @param {{label: string, value: number, low: number, high: number, next?: (value: number, way: 1 | -1) => number,
 *   choose: (value: number) => void, wide?: number, whole?: boolean}} options
 */
export function stepper({ label, value, low, high, next = (v, way) => v + way, choose, wide = 3, whole = false }) {
  const id = `stepper-${++count}`;
  let now = value;
  const field = h("input", { id, type: "text", inputmode: "decimal", autocomplete: "off", size: wide });
  const problem = h("span", { class: "problem", role: "status" });

  /** @param {number} wanted */
  function take(wanted) {
    const inside = wanted >= low && wanted <= high && (!whole || Number.isInteger(wanted));
    problem.textContent = inside ? "" : `${whole ? "a whole number" : "a number"} from ${low} to ${high}`;
    field.setAttribute("aria-invalid", String(!inside));
    if (!inside || wanted === now) return;
    now = wanted;
    show(now);
    choose(now);
  }
  /** @param {number} number */
  function show(number) {
    now = number;
    field.value = String(number);
    field.style.width = `${Math.max(wide, Math.min(16, field.value.length)) + 1.2}ch`;
    problem.textContent = "";
    field.setAttribute("aria-invalid", "false");
    less.disabled = now <= low;
    more.disabled = now >= high;
  }
  const step = (/** @type {1 | -1} */ way) => take(Math.max(low, Math.min(high, next(now, way))));
  const less = h("button", { type: "button", tabindex: -1, "aria-label": `${label}: less`, onclick: () => step(-1) }, "\u2212");
  const more = h("button", { type: "button", tabindex: -1, "aria-label": `${label}: more`, onclick: () => step(1) }, "+");
  field.addEventListener("change", () => take(field.value.trim() === "" ? NaN : Number(field.value.replace("\u2212", "-"))));
  field.addEventListener("keydown", (event) => {
    const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!way) return;
    event.preventDefault();
    step(/** @type {1 | -1} */ (way));
  });
  const element = h("div", { class: "stepper" }, h("label", { for: id }, label), h("span", { class: "row" }, less, field, more), problem);
  show(value);
  return { element, show };
}

/** The next of some round values. @param {readonly number[]} values @returns {(value: number, way: 1 | -1) => number} */
export const among = (values) => (value, way) =>
  way > 0 ? (values.find((one) => one > value + 1e-12) ?? value) : ([...values].reverse().find((one) => one < value - 1e-12) ?? value);
