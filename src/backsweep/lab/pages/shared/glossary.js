/** The glossary: terms that are underlined in the text, explained on hover and focus. */

import { h } from "./dom.js";
import { stand } from "./links.js";

/** @type {Record<string, string>} */
export const GLOSSARY = {
  activity: "How strongly a unit speaks, from 0 (silent) to 1 (as loud as it can). It is what the unit sends upward along all its arcs.",
  alpha: "Momentum, from 0 to just under 1: the share of its last change that a weight repeats. It smooths the way down and speeds it along gentle slopes.",
  bias: "A weight from an extra unit that is always 1. It says how easily a unit speaks when nobody talks to it.",
  blame: "How much the total error would grow if a unit spoke a little louder, or if a weight were a little larger. It is computed from the output backwards; each weight then moves against its blame.",
  case: "One input together with the answer that is wanted for it. XOR has four.",
  code: "A few units through which all that is known about somebody must pass. With six units for 24 people, the network has to find what people have in common.",
  correlation: "A number from −1 to 1 that says how well one thing goes with another. Beyond 0.7 either way, a unit is about that thing more than about all else together.",
  decay: "A small share of itself that each weight loses at every sweep. Weights that are not needed wear away.",
  distributed: "A distributed representation writes each thing as a pattern over several units, and each unit takes part in writing many things.",
  epsilon: "The step size: how far a weight moves for a given blame. Too small, and learning takes for ever; too large, and it overshoots.",
  error: "Half the summed square of the distances between the answers and what was wanted. The curve shows its mean: the same number divided so that it does not depend on how many cases there are.",
  generalise: "To answer rightly what one was never told, from what one was.",
  "held out": "Kept apart: never shown while learning, and asked only to see what was understood.",
  "hidden unit": "A unit between input and output. Nobody tells it what to stand for; it works that out from the blame it is sent.",
  lesion: "Units taken out of a network, to see what it can no longer do without them. Here a silenced unit is heard by nobody.",
  "mirror detector": "A unit that stays silent for a symmetric row: what it hears from one side is taken back by the other. Any other row tips the balance.",
  plateau: "A stretch of sweeps in which the error hardly falls. The weights still move, but the hidden units do not yet differ enough to help.",
  "receptive field": "The pattern of weights into a unit: whom it listens to, and whether they excite or inhibit it.",
  run: "One network learning from one start.",
  separable: "Separable means: a single straight line can part the cases that should give 1 from those that should give 0.",
  start: "The small random weights with which a run begins. Another start can mean another way of solving the task, or none.",
  stuck: "A run is stuck if some case is still wrong after the last sweep. Some of these would get there later; others rest in a hollow that no small step leaves.",
  sweep: "One pass over all cases, followed by one change of every weight (or a change after each case, if you choose so).",
  "total input": "The sum of what a unit hears: each sender's activity times the weight of its arc, plus the bias.",
  unit: "A simple neurone-like element: it adds up what it hears and answers with a number between 0 and 1.",
  weight: "The strength of an arc. Positive weights excite the unit they lead to, negative ones inhibit it. All that a network knows is in its weights.",
  zone: "How near to its goal an output must be to be left in peace: nearer ones send no blame back.",
};

let count = 0;

/**
 * A term with its explanation.
 * @param {string} shown
 * @param {string} term
 */
function defined(shown, term) {
  const id = `term-${++count}`;
  const tip = h("span", { class: "tip", role: "tooltip", id, text: GLOSSARY[term] });
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
    if (!(term in GLOSSARY)) throw new Error(`the glossary has no term ${term}`);
    return defined(shown, term);
  });
}
