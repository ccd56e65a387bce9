/** The glossary: terms that are underlined in the text, explained on hover and focus. */

import { h } from "./dom.js";
import { stand } from "./links.js";
import { onDemand } from "./on_demand.js";

const terms = onDemand(() => import("./terms.js"), () => fill());
/** @type {[HTMLElement, string][]} */ const waiting = [];

/** Say what is to be explained, once it is known. */
function fill() {
  const known = terms.now?.GLOSSARY;
  if (!known) return;
  for (const [tip, term] of waiting.splice(0)) tip.textContent = known[term];
}

let count = 0;

/** A term with its explanation. @param {string} shown @param {string} term */
function defined(shown, term) {
  const id = `term-${++count}`;
  const tip = h("span", { class: "tip", role: "tooltip", id });
  waiting.push([tip, term]);
  fill();
  const word = h("button", { type: "button", class: "term", "aria-describedby": id }, shown);
  const holder = h("span", { class: "term-holder" }, word, tip);
  const place = () => {
    // Kept within the window, whatever line the term stands on.
    tip.style.left = "0px";
    const { left, right } = tip.getBoundingClientRect();
    const wide = document.documentElement.clientWidth;
    if (right > wide - 8) tip.style.left = `${Math.max(8 - left, wide - 8 - right)}px`;
  };
  holder.addEventListener("pointerenter", place);
  holder.addEventListener("focusin", place);
  holder.addEventListener("keydown", (event) => {
    if (event.key === "Escape") word.blur();
  });
  return holder;
}

/**
 * A text with its terms marked as [term] or [shown|term], as nodes. *Words* in
 * asterisks are stressed, {symbols} or {shown|stands for} are linked to their numbers.
 * @param {string} text
 * @returns {(string | Node)[]}
 */
export function worded(text) {
  // Formulas are not broken at the end of a line.
  const whole = text.replace(/ ([=−<·]) /g, "\u00a0$1\u00a0");
  return whole.split(/(\[[^\]]+\]|\*[^*]+\*|\{[^}]+\})/).map((part) => {
    if (part.startsWith("*")) return h("em", {}, part.slice(1, -1));
    if (part.startsWith("{")) {
      const [shown, keys = shown] = part.slice(1, -1).split("|");
      return stand(h("span", { class: "symbol", tabindex: 0 }, shown), keys);
    }
    if (!part.startsWith("[")) return part;
    const [shown, term = shown] = part.slice(1, -1).split("|");
    return defined(shown, term);
  });
}
