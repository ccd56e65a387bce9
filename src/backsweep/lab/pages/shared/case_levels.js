/** What each unit says to one case: a row each, with its number, to be chosen. */

import { h, s, set } from "./dom.js";
import { fixed } from "./format.js";
import { stand } from "./links.js";
import { shortName } from "./strips.js";

/** @typedef {import("./one_run.js").OneRun} OneRun */
/** @typedef {{element: HTMLElement, unit: number, read: (moment: number) => number, value: HTMLElement, bar: SVGRectElement | null, signs: boolean}} Row */

const MOST = 32; // rows of a layer

/** @param {{choose: (unit: number) => void}} options */
export function caseLevels({ choose }) {
  const heading = h("h3", {});
  const groups = h("div", { class: "level-groups" });
  const element = h("div", { class: "case-levels" }, heading, groups);
  /** @type {Row[]} */ let rows = [];
  /** @type {OneRun | null} */ let run = null;
  let place = -1;

  /** @param {string} name @param {string} key @param {number} unit above the inputs, or -1 @param {(moment: number) => number} read @param {string} activation @param {number | null} [d] what is desired @returns {Row} */
  function made(name, key, unit, read, activation, d = null) {
    const goal = d === null ? null : stand(h("span", { class: "level-goal" }, h("i", {}, "d"), ` ${fixed(d, 2)}`), key.replace("y", "d"));
    const value = h("span", { class: "level-value" });
    const signs = activation === "tanh" || activation === "linear";
    const bar = activation ? s("rect", { height: 10, class: "activity" }) : null;
    const meter = bar ? s("svg", { viewBox: "0 0 100 10", class: "meter", preserveAspectRatio: "none", "aria-hidden": "true" }, s("rect", { width: 100, height: 10, class: "meter-ground" }), bar, signs && s("line", { x1: 50, x2: 50, y1: 0, y2: 10, class: "meter-zero" })) : h("span", {});
    const parts = [h("span", { class: "level-name" }, name), meter, value, goal];
    const row = bar ? h("button", { type: "button", class: "level-row", onclick: () => choose(unit) }, ...parts) : h("span", { class: "level-row" }, ...parts);
    stand(value, key);
    return { element: row, unit, read, value, bar, signs };
  }

  return {
    element,
    /** @param {OneRun} one @param {number} k the case by its place among those shown @param {Record<string, any> | null} own the arrays of a `messages.OneCase` */
    lay(one, k, own) {
      run = one;
      place = k;
      const listed = (/** @type {string} */ title, /** @type {Row[]} */ some) => {
        rows.push(...some);
        return h("div", { class: "levels" }, h("h4", {}, title), ...some.map((row) => row.element));
      };
      rows = [];
      const below = own ? [listed("inputs", Array.from({ length: Math.min(own.inputs.length, MOST) }, (_, i) => made(shortName(one.message.input_names[i], "input"), `y:${i}`, -1, () => own.inputs[i], "")))] : [];
      const goal = (/** @type {number} */ unit) => (own && one.outputs.includes(unit) ? own.desired[one.outputs.indexOf(unit)] : null);
      groups.replaceChildren(
        ...below,
        ...one.above.map(({ layer, first }) => listed(layer.name, Array.from({ length: Math.min(layer.size, MOST) }, (_, unit) => made(shortName(one.message.unit_names[first + unit], layer.name), `y:${one.nInputs + first + unit}`, first + unit, (moment) => one.y(moment, first + unit, k), layer.activation, goal(first + unit))))),
      );
    },
    /** @param {number} moment */
    show(moment) {
      if (!run) return;
      const { message } = run;
      heading.replaceChildren(
        message.cases[place],
        h("span", { class: "aside" }, ` is ${run.wanted(place)}; the answer is ${run.answered(moment, place)}, `, run.isRight(moment, place) ? "right" : "wrong", run.isHeldOut(place) ? "; it was held out" : ""),
      );
      for (const { read, value, bar, signs } of rows) {
        const y = read(moment);
        value.textContent = fixed(y, 2);
        if (!bar) continue;
        const share = Math.min(1, Math.abs(y) || 0);
        set(bar, { x: signs ? (y < 0 ? 50 - 50 * share : 50) : 0, width: (signs ? 50 : 100) * share });
      }
    },
    /** @param {number} unit */
    mark(unit) {
      for (const row of rows) if (row.bar) row.element.setAttribute("aria-pressed", String(row.unit === unit));
    },
  };
}
