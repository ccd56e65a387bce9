/** Parts that are buttons: one stop for Tab, arrow keys move among them. */

import { set } from "./dom.js";

/** @typedef {SVGElement | HTMLElement} Node */

/**
 * @param {Node[]} nodes in the order of reading
 * @param {{choose?: (k: number, event: Event) => void, point?: (k: number | null, event?: Event) => void, across?: number}} [options]
 *   `across` is how many stand in a row: arrow keys up and down then move by it
 */
export function roving(nodes, { choose, point = () => {}, across = 1 } = {}) {
  nodes.forEach((node, k) => {
    set(node, {
      tabindex: k ? -1 : 0,
      onclick: (/** @type {Event} */ event) => choose?.(k, event),
      onpointerenter: (/** @type {Event} */ event) => point(k, event),
      onpointerleave: () => point(null),
      onblur: () => point(null),
      onfocus: () => {
        nodes.forEach((other) => set(other, { tabindex: other === node ? 0 : -1 }));
        point(k);
      },
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across }[event.key];
        if (step) nodes[(k + step + nodes.length) % nodes.length].focus();
        else if (choose && (event.key === "Enter" || event.key === " ")) choose(k, event);
        else return;
        event.preventDefault();
        event.stopPropagation();
      },
    });
  });
}

/** Make one of them the stop for Tab. @param {Node[]} nodes @param {number} at */
export function stopAt(nodes, at) {
  if (nodes[Math.max(0, at)]?.getAttribute("tabindex") === "0") return;
  nodes.forEach((node, k) => set(node, { tabindex: k === Math.max(0, at) ? 0 : -1 }));
}
