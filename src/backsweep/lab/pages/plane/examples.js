/** The tables that come with the lab, chosen by small pictures of their cases. */

import { h, s } from "../shared/dom.js";
import { stepper } from "../shared/controls.js";
import { colourOf, coloured, numberColour, shape } from "./palette.js";

/** @typedef {import("../shared/messages.js").Example} Example */

/** @param {Example} example */
function picture({ points, has_classes }) {
  const numbers = points.map(([, , value]) => value);
  const low = Math.min(...numbers);
  const wide = Math.max(...numbers) - low || 1;
  return s(
    "svg",
    { viewBox: "-1.2 -1.2 2.4 2.4", width: 64, height: 64, "aria-hidden": "true", class: "example-picture" },
    ...points.map(([across, up, value]) => {
      const colour = has_classes ? colourOf(value) : numberColour((value - low) / wide);
      return coloured(s("path", { d: shape(has_classes ? value : 0, 0.075), transform: `translate(${across},${-up})`, class: "key-fill" }), colour);
    }),
  );
}

const pencil = () => s("svg", { viewBox: "0 0 64 64", width: 64, height: 64, "aria-hidden": "true", class: "example-picture pencil" }, s("path", { d: "M18,46L21,35L41,15L49,23L29,43Z M37,19L45,27" }));

/** A table's name and its noise. @param {string} table */
const parted = (table) => /** @type {[string, string | undefined]} */ (table.split("-"));

/**
 * @param {{choose: (example: Example, table: string) => void, draw: () => void}} options
 */
export function exampleChooser({ choose, draw }) {
  /** @type {readonly Example[]} */ let examples = [];
  const row = h("div", { class: "example-row", role: "group", "aria-label": "Tables to try" });
  const about = h("p", { class: "aside small example-about" });
  const noise = stepper({ label: "Noise, %", value: 10, low: 0, high: 50, whole: true, wide: 3, next: (value, way) => Math.max(0, Math.min(50, value + 5 * way)), choose: (value) => of && choose(of, value === of.noise ? of.table : `${of.table}-${value}`) });
  const element = h("section", { class: "examples", "aria-label": "Examples" }, row, h("div", { class: "example-foot" }, about, noise.element));
  /** @type {Example | undefined} */ let of;
  const tile = (/** @type {string} */ name, /** @type {Node} */ drawn, /** @type {string} */ title, /** @type {() => void} */ act) => h("button", { type: "button", class: "example", "data-example": name, "aria-pressed": "false", onclick: act }, drawn, h("span", {}, title));
  noise.element.hidden = true;

  return {
    element,
    get examples() {
      return examples;
    },
    /** @param {import("../shared/messages.js").Examples} given */
    lay(given) {
      examples = given.examples;
      row.replaceChildren(...examples.map((one) => tile(one.table, picture(one), one.title, () => choose(one, one.table))), tile("drawn", pencil(), "Draw your own", draw));
    },
    /** Mark what is chosen. @param {string} table */
    show(table) {
      const [name, percent] = parted(table);
      of = examples.find((one) => one.table === name);
      for (const button of /** @type {Iterable<HTMLElement>} */ (row.children)) {
        const isIt = button.dataset.example === name;
        button.setAttribute("aria-pressed", String(isIt));
        if (isIt) row.scrollLeft = Math.max(Math.min(row.scrollLeft, button.offsetLeft - row.offsetLeft - 8), button.offsetLeft - row.offsetLeft + button.offsetWidth + 8 - row.clientWidth);
      }
      about.textContent = of?.about ?? (name === "drawn" ? "Put points on the plane, then let it learn what you drew." : "");
      noise.element.hidden = !of || of.noise === null;
      if (of && of.noise !== null) noise.show(percent === undefined ? of.noise : Number(percent));
    },
  };
}
