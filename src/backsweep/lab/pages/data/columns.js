/** The columns of a table: what they hold, and what each is for. */

import { h, s } from "../shared/dom.js";
import { counted } from "../shared/format.js";

/** @typedef {import("../shared/messages.js").TableColumn} Column */
/** @typedef {{predict: Set<number>, leave: Set<number>, classes: Set<number>}} Uses */

const MANY = 12; // columns, of which the list is cut

/** @param {Column} column */
function spread(column) {
  const most = Math.max(1, ...column.bars);
  const wide = 132 / Math.max(1, column.bars.length);
  return s(
    "svg",
    { class: "spread", viewBox: "0 0 132 40", width: 132, height: 40, "aria-hidden": "true" },
    s("line", { x1: 0, x2: 132, y1: 39.5, y2: 39.5, class: "axis-line" }),
    ...column.bars.map((count, k) => s("rect", { x: k * wide + 1, width: Math.max(1, Math.min(wide - 2, 26)), y: 39 - (36 * count) / most, height: (36 * count) / most, class: "column" })),
  );
}

/** @param {Column} column */
function holds(column) {
  if (column.names_cases) return "a name for each row";
  if (column.kind === "numbers") return column.low === null ? "no numbers" : `${Number(column.low.toPrecision(4))} to ${Number((column.high ?? 0).toPrecision(4))}`;
  const shown = column.words.slice(0, 3).join(", ");
  return `${counted(column.different)} classes: ${shown}${column.different > 3 ? ", …" : ""}`;
}

/** Words that differ in capitals or blanks alone, in a sentence for each column. @param {readonly Column[]} columns */
export function alike(columns) {
  return columns
    .filter((column) => column.spellings.length)
    .map(({ name, spellings }) => `In ${name}, ${spellings.map((words) => words.map((word) => `“${word}”`).join(" stands beside ")).join("; ")}: they count as different words.`)
    .join(" ");
}

/** What looks like numbers and is none, in a sentence for each column. @param {readonly Column[]} columns */
export function likeNumbers(columns) {
  return columns
    .filter((column) => column.like_numbers)
    .map(({ name, like_numbers: word, different }) => `${name} looks like numbers, but “${word}” is none here, so that it counts as ${counted(different)} classes: write figures alone, with a point for decimals.`)
    .join(" ");
}

/**
 * @param {readonly Column[]} columns
 * @param {number} rows
 * @param {Uses} uses
 * @param {(place: number, use: string) => void} use
 * @param {(place: number, isClass: boolean) => void} kind
 */
export function columnCards(columns, rows, uses, use, kind) {
  const isClass = (/** @type {number} */ place) => columns[place].kind === "classes" || uses.classes.has(place);
  const wanted = [...uses.predict].filter((place) => place < columns.length);
  const isMany = columns.length > MANY;
  // Where the list is cut, what is predicted stands in front.
  const order = columns.map((_, place) => place).sort((a, b) => (isMany ? Number(uses.predict.has(b)) - Number(uses.predict.has(a)) : 0) || a - b);
  return h(
    "ul",
    { class: isMany ? "columns many" : "columns" },
    ...order.map((place) => {
      const column = columns[place];
      const now = uses.predict.has(place) ? "predict" : uses.leave.has(place) ? "leave" : "learn";
      const missing = rows - column.present;
      const canJoin = now !== "predict" && wanted.length > 0 && wanted.every((other) => isClass(other) === isClass(place));
      return h(
        "li",
        { class: `column-card ${now}` },
        h("h3", { title: column.name }, column.name),
        spread(column),
        h("p", { class: "holds" }, holds(column), missing > 0 && h("span", { class: "lacks" }, `, ${counted(missing)} missing`)),
        h("div", { class: "uses" },
          h("select", { "aria-label": `Use of ${column.name}`, onchange: (/** @type {Event} */ event) => use(place, /** @type {HTMLSelectElement} */ (event.target).value) },
            ...[["learn", "learn from"], ["predict", "predict"], ...(canJoin ? [["also", "predict too"]] : []), ["leave", "leave out"]].map(([value, text]) => h("option", { value, selected: value === now }, text)),
          ),
          h("select", { "aria-label": `Kind of ${column.name}`, disabled: column.kind === "classes", onchange: (/** @type {Event} */ event) => kind(place, /** @type {HTMLSelectElement} */ (event.target).value === "classes") },
            column.kind === "numbers" && h("option", { value: "numbers", selected: !isClass(place) }, "numbers"),
            h("option", { value: "classes", selected: isClass(place) }, "classes"),
          ),
        ),
      );
    }),
  );
}
