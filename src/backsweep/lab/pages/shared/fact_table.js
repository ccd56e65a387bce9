/** The numbers of a unit or an arc in words: a table of them, and a line of it. */

import { h } from "./dom.js";
import { stand } from "./links.js";

/** @typedef {{name: string, value: string, symbol: string, key: string}} Fact */

/** @param {Fact[]} facts @param {boolean} symbols whether the level is one with symbols */
export const factTable = (facts, symbols) =>
  h(
    "dl",
    { class: "facts" },
    ...facts.map(({ name, value, symbol, key }) => stand(h("div", {}, h("dt", {}, name, symbols && h("i", {}, ` ${symbol}`)), h("dd", { "data-symbol": symbol }, value)), key)),
  );

/** All of it in a line, for screen readers. @param {string} name @param {Fact[]} facts */
export const said = (name, facts) => `${name}: ${facts.map((fact) => `${fact.name} ${fact.value}`).join("; ")}`;
