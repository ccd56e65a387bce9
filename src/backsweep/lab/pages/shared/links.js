/**
 * Links between symbols and the marks that their numbers stand at: all that stands for
 * the same is lit when one of it is pointed at or has the focus.
 *
 * What stands for a number says so in `data-stands`, in words such as `y:6` (the activity
 * of unit 6) or `w:3` (the weight numbered 3). It may stand for several, or with `w`
 * alone for all weights.
 */

import { set } from "./dom.js";

/** Let an element stand for numbers. @template {Element} T @param {T} element @param {...string} keys @returns {T} */
export function stand(element, ...keys) {
  set(element, { "data-stands": keys.join(" ") });
  return element;
}

/** The part of a network that a number stands at: "unit:6" or "arc:3". @param {string} key */
export function partOf(key) {
  const [kind, ...place] = key.split(":");
  return [["x", "y", "d", "dx", "dy"].includes(kind) ? "unit" : "arc", ...place].join(":");
}

const kindOf = (/** @type {string} */ key) => key.split(":")[0];

/** @param {Element} element */
const keysOf = (element) => (element.getAttribute("data-stands") ?? "").split(" ");

/**
 * Light what stands for the same, below an element.
 * @param {HTMLElement} root
 * @param {{choose?: (key: string) => void}} [options] called for a symbol that is clicked, or entered
 */
export function links(root, { choose = () => {} } = {}) {
  const ended = new AbortController();
  const { signal } = ended;
  /** @type {string[]} */ let keys = [];

  let isLight = false; // whether anything is lit
  /** Light again, after something was drawn anew. */
  function refresh() {
    if (!keys.length && !isLight) return;
    isLight = keys.length > 0;
    const lit = new Set(keys);
    const kinds = new Set(keys.map(kindOf));
    const isLit = (/** @type {string} */ key) => lit.has(key) || lit.has(kindOf(key)) || (kinds.has(key) && key !== "");
    for (const one of root.querySelectorAll("[data-stands]")) one.classList.toggle("hinted", lit.size > 0 && keysOf(one).some(isLit));
  }

  /** @param {Element | null} at */
  function point(at) {
    const next = at ? keysOf(at) : [];
    if (next.join() === keys.join()) return;
    keys = next;
    refresh();
  }
  const under = (/** @type {Event} */ event) => /** @type {Element} */ (event.target).closest("[data-stands]");

  for (const kind of ["pointerover", "focusin"]) root.addEventListener(kind, (event) => point(under(event)), { signal });
  for (const kind of ["pointerleave", "focusout"]) root.addEventListener(kind, () => point(null), { signal });
  root.addEventListener("click", (event) => enter(event), { signal });
  root.addEventListener("keydown", (event) => event.key === "Enter" && enter(event), { signal });

  /** @param {Event} event */
  function enter(event) {
    const symbol = /** @type {Element} */ (event.target).closest(".equations [data-stands]");
    const [key, ...more] = symbol ? keysOf(symbol) : [];
    if (key && !more.length) choose(key);
  }
  return { refresh, stop: () => ended.abort() };
}
