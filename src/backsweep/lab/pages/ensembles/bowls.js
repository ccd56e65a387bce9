/** Three balls in a bowl: steps that are small, large, and too large. */

import { h, s } from "../shared/dom.js";

const BOWLS = [
  { product: 0.25, name: "small steps", says: "slow" },
  { product: 1.75, name: "large steps", says: "it swings, and settles" },
  { product: 2.12, name: "too large", says: "it flies off" },
];
const [WIDE, HIGH] = [200, 120];

/** Drawn with curvature 1, so that a step multiplies the distance by 1 - product. */
export function bowls() {
  return h(
    "div",
    { class: "bowls" },
    ...BOWLS.map(({ product, name, says }) => {
      const across = (/** @type {number} */ w) => WIDE / 2 + w * 84;
      const down = (/** @type {number} */ w) => HIGH - 14 - w * w * 88;
      const start = product > 2 ? -0.5 : -0.95;
      const places = [];
      for (let w = start, k = 0; Math.abs(w) < 1.1 && k < 11; k++, w *= 1 - product) places.push(w);
      const curve = Array.from({ length: 41 }, (_, k) => -1.08 + 0.054 * k);
      return h(
        "figure",
        {},
        s(
          "svg",
          { viewBox: `0 0 ${WIDE} ${HIGH}`, class: "bowl", role: "img", "aria-label": `${name}, ελ = ${product}: ${says}` },
          s("path", { class: "bowl-line", d: `M${curve.map((w) => `${across(w).toFixed(1)},${down(w).toFixed(1)}`).join("L")}` }),
          s("path", { class: "bowl-path", d: `M${places.map((w) => `${across(w).toFixed(1)},${(down(w) - 5).toFixed(1)}`).join("L")}` }),
          ...places.map((w, k) => s("circle", { class: k ? "bowl-ball" : "bowl-ball first", cx: across(w), cy: down(w) - 5, r: k ? 3.6 : 5.5 })),
        ),
        h("figcaption", {}, h("strong", {}, name), `: ${says}`, h("span", { class: "aside maths-only" }, ` (ελ = ${product})`)),
      );
    }),
  );
}
