/** What is learned from a table, and how: keys of the address that pages of tables share. */

import { Refused, askPlain, kept, post } from "./server.js";
import { choice, number, whole, words } from "./state.js";

/** @typedef {import("./messages.js").TableSeen} TableSeen */
/** @typedef {import("./state.js").State} State */

const STORE = "backsweep-tables"; // where the browser keeps what was handed in
const LIST = /^(\d{1,4}(,\d{1,4})*)?$/;
const HANDED_IN = /^[0-9a-f]{16}$/;

/** A number, or nothing: the recipe's own. @param {number} low @param {number} high */
const own = (low, high) => ({ fallback: "", read: number(0, low, high).read });

export const tableSchema = {
  table: words("iris", /^([a-z]{1,12}(-\d{1,2})?|[0-9a-f]{16})$/), // an example, "drawn", or handed in
  points: words("", /^([abc][0-9a-z]{4}){0,300}$/), // of a table that is drawn
  predict: words("", LIST),
  leave: words("auto", /^(auto|none|\d{1,4}(,\d{1,4})*)$/),
  classes: words("", LIST),
  network: words("", /^[^]{0,4000}$/),
  hold: number(0.2, 0, 0.9),
  missing: choice("refuse", ["refuse", "drop", "mean"]),
  epsilon: own(0, 100),
  alpha: own(0, 0.999999),
  start: own(0, 20),
  error: choice("", ["squared", "cross-entropy"]),
  update: choice("sweep", ["sweep", "case"]),
  sweeps: own(1, 20000),
  seed: whole(0, 0, Number.MAX_SAFE_INTEGER),
  runs: whole(10, 1, 1000),
  learn: choice("", ["yes"]),
};
export const SETTINGS = Object.keys(tableSchema).filter((key) => key !== "learn");

const numbersOf = (/** @type {string} */ text) => (text ? text.split(",").map(Number) : []);

/** What each column is for: the last one is predicted, unless it only names the rows. @param {State} state @param {TableSeen["columns"]} columns */
export function usesOf(state, columns) {
  const last = columns.findLastIndex((column) => !column.names_cases || column.kind === "numbers");
  const predict = new Set(state.get("predict") ? numbersOf(state.get("predict")) : [last < 0 ? columns.length - 1 : last]);
  const leave = state.get("leave");
  const left = leave === "auto" ? columns.flatMap((column, k) => (column.names_cases && !predict.has(k) ? [k] : [])) : leave === "none" ? [] : numbersOf(leave);
  return { predict, leave: new Set(left), classes: new Set(numbersOf(state.get("classes"))) };
}

/** As the server wants them. @param {State} state @param {TableSeen | null} table @returns {Record<string, unknown>} */
export function settingsOf(state, table) {
  const { predict, leave, classes } = usesOf(state, table?.columns ?? []);
  const sorted = (/** @type {Set<number>} */ places) => [...places].sort((a, b) => a - b);
  const orNull = (/** @type {string} */ key) => (state.get(key) === "" ? null : state.get(key));
  return {
    table: table?.table ?? state.get("table"),
    predict: sorted(predict),
    leave: sorted(leave),
    classes: sorted(classes),
    network: state.get("network"),
    hold_out: state.get("hold"),
    missing: state.get("missing"),
    epsilon: orNull("epsilon"),
    alpha: orNull("alpha"),
    start: orNull("start"),
    error: orNull("error"),
    update: state.get("update"),
    sweeps: orNull("sweeps"),
    seed: state.get("seed"),
    runs: state.get("runs"),
  };
}

/** @param {Blob} blob @param {string} name @returns {Promise<TableSeen>} */
const sent = async (blob, name) => (await post(`api/table?name=${encodeURIComponent(name.slice(-120))}`, new Blob([blob]))).json();

/** Hand a table in; the browser keeps it for links. @param {Blob} blob @param {string} name */
export async function handIn(blob, name) {
  const table = await sent(blob, name);
  const store = await caches.open(STORE);
  await store.put(`/${table.table}`, new Response(blob, { headers: { "X-Name": encodeURIComponent(name) } }));
  return table;
}

/**
 * Have the table that the address names.
 * @param {State} state @param {TableSeen | null} known the one that is at hand
 * @returns {Promise<TableSeen>}
 */
export async function tableOf(state, known) {
  const wanted = state.get("table");
  if (kept) return known ?? askPlain("api/data/table", {});
  if (wanted === "drawn") return sent(new Blob([(await import("./drawn.js")).csv(state.get("points"))]), "drawn.csv");
  if (known && known.table === wanted) return known;
  if (!HANDED_IN.test(wanted)) return (await post("api/table/example", { table: wanted })).json();
  const stored = await (await caches.open(STORE)).match(`/${wanted}`);
  if (!stored) throw new Refused("The table of this link is not kept by this browser.", "Choose its file again, or take the example.");
  return handIn(await stored.blob(), decodeURIComponent(stored.headers.get("X-Name") ?? "table.csv"));
}
