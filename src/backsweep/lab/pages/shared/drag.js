/** Dragging along a drawing: a press takes hold, moves follow until it is let go. */

import { set } from "./dom.js";

/** @param {SVGSVGElement} svg @param {(across: number) => void} move gets the place from the left edge, in pixels */
export function draggable(svg, move) {
  const to = (/** @type {PointerEvent} */ event) => move(event.clientX - svg.getBoundingClientRect().left);
  set(svg, {
    onpointerdown: (/** @type {PointerEvent} */ event) => {
      svg.setPointerCapture(event.pointerId);
      to(event);
    },
    onpointermove: (/** @type {PointerEvent} */ event) => event.buttons === 1 && to(event),
  });
}
