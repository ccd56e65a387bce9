/** What came before the letter of 1986, and after: fetched when it is wanted. */

import { h } from "./dom.js";

const events = () => import("./events.js");
const NAME = "Before and after";

/** @param {import("./state.js").State} state @param {boolean} [folded] where the page is a tool */
export function timeline(state, folded = false) {
  const place = folded ? h("details", {}, h("summary", {}, h("h2", {}, NAME))) : h("div", {}, h("h2", {}, NAME));
  const fill = async () => place.append((await events()).list(state));
  if (folded) place.addEventListener("toggle", fill, { once: true });
  else void fill();
  return h("section", { class: "timeline", "aria-label": NAME }, place);
}
