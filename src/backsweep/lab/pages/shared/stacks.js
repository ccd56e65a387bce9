/**
 * Runs in stacks, by what came of them: each stack a button, of which the pointer picks
 * any run and a key the middle one.
 */

import { counted } from "./format.js";
import { h, s } from "./dom.js";
import { roving } from "./roving.js";

/**
 * @typedef {Object} Stack
 * @property {string} label what came of its runs
 * @property {number[]} runs their numbers, the undermost first
 * @property {string} cls
 * @property {SVGElement[]} shapes
 * @property {(event: PointerEvent) => number} pick the place of the run that is pointed at
 */

/**
 * @param {SVGSVGElement} svg
 * @param {{choose: ((run: number) => void) | null, say: (run: number) => string, mark: (stack: Stack | null, k: number) => void}} options
 *   without `choose` they are a picture; `say` tells what came of a run, `mark` shows which one is picked
 */
export function stacks(svg, { choose, say, mark }) {
  const said = h("p", { class: "pointed", "aria-live": "polite", hidden: !choose });
  /** @type {SVGGElement[]} */ let nodes = [];

  /** @param {Stack | null} stack @param {number} k */
  function tell(stack, k) {
    mark(stack, k);
    said.textContent = stack ? `${stack.label}. Start ${counted(stack.runs[k])}: ${say(stack.runs[k])}; choose it to open it.` : "";
  }

  return {
    said,
    /** Draw them between what stands below and what stands above. @param {Stack[]} all @param {SVGElement[]} below @param {SVGElement[]} above */
    lay(all, below, above) {
      if (!choose) return svg.replaceChildren(...below, ...all.map(({ cls, shapes }) => s("g", { class: cls }, ...shapes)), ...above);
      const focused = nodes.findIndex((node) => node === document.activeElement);
      const middle = (/** @type {Stack} */ stack) => stack.runs.length >> 1;
      const at = (/** @type {Stack} */ stack, /** @type {any} */ event) => (event.clientY ? Math.max(0, Math.min(stack.runs.length - 1, stack.pick(event))) : middle(stack));
      nodes = all.map((stack) => s("g", { class: stack.cls, role: "button", "aria-label": stack.label }, ...stack.shapes));
      roving(nodes, {
        choose: (k, event) => choose(all[k].runs[at(all[k], event)]),
        point: (k) => (k === null ? tell(null, 0) : tell(all[k], middle(all[k]))),
      });
      nodes.forEach((node, k) => node.addEventListener("pointermove", (event) => tell(all[k], at(all[k], event))));
      svg.replaceChildren(...below, ...nodes, ...above);
      nodes[Math.min(focused, nodes.length - 1)]?.focus({ preventScroll: true });
    },
  };
}
