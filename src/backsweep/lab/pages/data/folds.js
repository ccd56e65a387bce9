/** A line each for the table and the network, once what was learned stands below. */

import { h } from "../shared/dom.js";
import { counted } from "../shared/format.js";

/** @typedef {import("../shared/messages.js").TableSeen} TableSeen */
/** @typedef {import("../shared/messages.js").DataPlan} Plan */

const NAMES = { table: "the table", network: "the network and how it learns" };

/** Names as one says them. @param {readonly string[]} names */
const joined = (names) => (names.length > 2 ? `${counted(names.length)} columns` : names.join(" and "));

/** The network in a few signs. @param {Plan} plan */
function shape({ layers }) {
  const hidden = layers.slice(1, -1);
  const kinds = [...new Set(hidden.map((layer) => layer.activation))];
  const skips = layers.some((layer) => layer.sources.some((name) => layers.findIndex((one) => one.name === name) < layers.indexOf(layer) - 1));
  return [layers.map((layer) => layer.size).join("-"), `, ${kinds.join(" and ") || "no hidden units"}${skips ? ", with links that skip a layer" : ""}`];
}

/** @param {{toggle: ((part: "table" | "network") => void) | null}} options `toggle` is null where nothing can be changed */
export function folds({ toggle }) {
  const lines = { table: h("p", {}), network: h("p", {}) };
  const buttons = /** @type {Record<"table" | "network", HTMLButtonElement>} */ (Object.fromEntries(/** @type {const} */ (["table", "network"]).map((part) => [part, h("button", { type: "button", class: "plain", "aria-label": `Change ${NAMES[part]}`, onclick: () => toggle?.(part) }, "Change")])));
  const parts = { table: h("div", { class: "fold" }, lines.table, toggle && buttons.table), network: h("div", { class: "fold" }, lines.network, toggle && buttons.network) };
  return {
    element: h("div", { class: "folds", hidden: true }, parts.table, parts.network),
    parts,
    /** @param {TableSeen} table @param {Plan} plan @param {{predict: Set<number>, leave: Set<number>}} uses @param {{runs: number}} also */
    show(table, plan, { predict, leave }, { runs }) {
      const wanted = table.columns.filter((_, k) => predict.has(k)).map((column) => column.name);
      const from = table.columns.filter((_, k) => !predict.has(k) && !leave.has(k)).map((column) => column.name);
      lines.table.replaceChildren(h("strong", {}, table.name), `, ${counted(table.rows)} rows${plan.cases < table.rows ? `, ${counted(plan.cases)} of them without a gap` : ""}: predict `, h("strong", {}, joined(wanted)), ` from ${joined(from)}`);
      const [sizes, rest] = shape(plan);
      lines.network.replaceChildren(h("strong", {}, sizes), rest, h("span", { class: "aside" }, `; ε ${plan.epsilon}, α ${plan.alpha}, ${counted(plan.sweeps)} sweeps, ${counted(runs)} ${runs === 1 ? "run" : "runs"}`));
    },
    /** @param {string} part which is open */
    mark(part) {
      for (const [name, button] of Object.entries(buttons)) {
        button.setAttribute("aria-expanded", String(name === part));
        button.textContent = name === part ? "Fold" : "Change";
      }
    },
  };
}
