/** Curves that are kept to compare with: as they stand in the address, and their list. */

import { h, s } from "../shared/dom.js";
import { read as readSets, written as writtenSets } from "./edits.js";

/** @typedef {import("../shared/messages.js").CurveAsked} Asked */

const NAMES = ["A", "B", "C"];

const FIELDS = /** @type {const} */ (["task", "hidden", "epsilon", "alpha", "start", "update", "seed", "run"]);
const WORDS = ["task", "update"];

/** @param {string} text @returns {Asked[]} */
const read = (text) =>
  text.split("/").filter(Boolean).slice(0, NAMES.length).map((one) => {
    const parts = one.split("_");
    const settings = Object.fromEntries(FIELDS.map((name, k) => [name, WORDS.includes(name) ? parts[k] : Number(parts[k])]));
    return /** @type {any} */ ({ ...settings, by_hand: readSets(parts[FIELDS.length] ?? "") });
  });

/** @param {readonly Asked[]} runs */
const written = (runs) => runs.map((run) => [...FIELDS.map((name) => run[name]), writtenSets(run.by_hand ?? [])].join("_")).join("/");

/** The settings of a run in a line. @param {Asked} run */
function said({ task, hidden, epsilon, alpha, start, update, seed, run, by_hand = [] }) {
  return [
    task === "parity:3" ? "parity of 3" : task?.toUpperCase(),
    `${hidden} hidden`,
    `ε ${epsilon}`,
    `α ${alpha}`,
    `±${start}`,
    update === "case" && "case by case",
    seed !== 1 && `seed ${seed}`,
    `start ${run}`,
    by_hand.length > 0 && `${by_hand.length} set by hand`,
  ].filter(Boolean).join(", ");
}

/**
 * The button that keeps the present curve, and those that are kept.
 * @param {HTMLElement} place
 * @param {{change: (text: string) => void, open: (run: Asked) => void, present: () => Asked, fixed: boolean}} options
 *   `fixed` where there is no server to ask for others
 */
export function pins(place, { change, open, present, fixed }) {
  const list = h("ul", {});
  const keep = h("button", { type: "button", class: "plain" }, "Keep this curve");
  place.append(...(fixed ? [] : [keep]), list);
  /** @type {Asked[]} */ let runs = [];
  /** @param {string} text @param {string} label @param {() => void} onclick */
  const button = (text, label, onclick) => !fixed && h("button", { type: "button", class: "plain", "aria-label": label, onclick }, text);
  keep.addEventListener("click", () => change(written([...runs, present()])));
  return {
    /** What the server is asked for: none where none is kept. */
    asked: () => (runs.length ? { runs } : null),
    /** @param {string} text what the address says */
    show(text) {
      runs = read(text);
      const now = written([present()]);
      const isKept = runs.some((run) => written([run]) === now);
      keep.disabled = isKept || runs.length >= NAMES.length;
      keep.title = keep.disabled ? "It is kept, or three are: the most" : "";
      list.replaceChildren(
        ...runs.map((run, k) =>
          h(
            "li",
            {},
            h("span", {}, s("svg", { class: "curve swatch", width: 28, height: 14, viewBox: "0 0 28 14", "aria-hidden": "true" }, s("path", { class: `kept-line ${NAMES[k].toLowerCase()}`, d: "M1,7H27" })), h("span", {}, h("strong", {}, `${NAMES[k]} `), said(run))),
            button("Open", `Open ${NAMES[k]}`, () => open(run)),
            button("Let go", `Let ${NAMES[k]} go`, () => change(written(runs.filter((other) => other !== run)))),
          ),
        ),
      );
    },
  };
}
