/** Export: what can be taken along, as drawings or as the whole page in one HTML file. */

import { h } from "./dom.js";

const files = () => import("./files.js"); // fetched when one is asked for
const drawn = () => import("./drawing_file.js");

/** @param {Blob} blob @param {string} name */
export const save = async (blob, name) => (await files()).save(blob, name);

/** @param {SVGSVGElement} svg @param {string} name */
export const saveSvg = async (svg, name) => (await drawn()).saveSvg(svg, name);

/** At three dots to a pixel. @param {SVGSVGElement} svg @param {string} name */
export const savePng = async (svg, name) => (await drawn()).savePng(svg, name);

/** What the server writes. @param {Parameters<typeof import("./files.js").saveHtml>} what */
export const saveHtml = async (...what) => (await files()).saveHtml(...what);

/** @param {string} text @param {() => Promise<void>} act @param {(error: unknown) => void} trouble */
const taker = (text, act, trouble) => h("button", { type: "button", class: "plain", onclick: () => act().catch(trouble) }, text);

/**
 * Buttons that take drawings along, as SVG and as PNG.
 * @param {Record<string, SVGSVGElement>} drawings by name
 * @param {string} prefix of the files' names
 * @param {(error: unknown) => void} trouble
 */
export const drawingTakers = (drawings, prefix, trouble) =>
  Object.entries(drawings).flatMap(([name, svg]) => [taker(`${name}, SVG`, () => saveSvg(svg, `${prefix}${name}`), trouble), taker(`${name}, PNG`, () => savePng(svg, `${prefix}${name}`), trouble)]);

/**
 * All that can be taken along.
 * @param {Record<string, SVGSVGElement>} drawings @param {string} prefix @param {(error: unknown) => void} trouble
 * @param {(() => Promise<void>) | false} whole saves the page as one file
 */
export const takers = (drawings, prefix, trouble, whole) => h("div", { class: "takers" }, h("span", {}, "Take it with you:"), whole && taker("all of it as one HTML file", whole, trouble), ...drawingTakers(drawings, prefix, trouble));

/** The state in which a file opens: without settings, and what the page hides stays hidden. @param {import("./state.js").State} state */
export function keptState(state) {
  const named = new URLSearchParams(new URL(state.link).hash.slice(1));
  named.set("hide", [...new Set(["settings", ...(named.get("hide") ?? "").split(",")])].filter(Boolean).join(","));
  return named.toString();
}
