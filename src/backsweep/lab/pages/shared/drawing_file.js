/** Drawings as files: as they look now, standing on their own, as SVG and as PNG. */

import { fileOf, kept } from "./server.js";
import { save } from "./files.js";

const STYLES = [
  "fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "vector-effect",
  "opacity", "display", "filter", "font-family", "font-size", "font-weight", "text-anchor", "paint-order", "clip-path", "image-rendering",
];
const FONT = "vendor/source-sans-3-latin.woff2";

/** @param {ArrayBuffer} bytes */
function base64(bytes) {
  let text = "";
  for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
  return btoa(text);
}

/**
 * A drawing as it looks now, standing on its own.
 * @param {SVGSVGElement} svg
 */
async function alone(svg) {
  const copy = /** @type {SVGSVGElement} */ (svg.cloneNode(true));
  const originals = [svg, ...svg.querySelectorAll("*")];
  const copies = /** @type {SVGElement[]} */ ([copy, ...copy.querySelectorAll("*")]);
  originals.forEach((original, k) => {
    const style = getComputedStyle(original);
    const worn = STYLES.map((name) => [name, style.getPropertyValue(name)]).filter(([, value]) => value && value !== "normal");
    copies[k].removeAttribute("style");
    for (const [name, value] of worn) copies[k].style.setProperty(name, value);
    for (const name of ["tabindex", "role", "class", "data-part", "data-stands", "aria-label"]) copies[k].removeAttribute(name);
  });
  for (const one of copies) if (one.style.display === "none") one.remove();
  const { width, height } = svg.viewBox.baseVal;
  const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  ground.setAttribute("width", String(width));
  ground.setAttribute("height", String(height));
  ground.setAttribute("fill", getComputedStyle(document.documentElement).getPropertyValue("--panel").trim());
  const font = kept ? ofStyle() : `data:font/woff2;base64,${base64(await fileOf(FONT))}`;
  const type = document.createElementNS("http://www.w3.org/2000/svg", "style");
  type.textContent = `@font-face{font-family:"Source Sans 3";font-weight:200 900;src:url(${font})}`;
  copy.prepend(type, ground);
  return { text: new XMLSerializer().serializeToString(copy), width, height };
}

/** The typeface that a saved page holds: its style sheet's first. */
const ofStyle = () => document.querySelector("style")?.textContent?.match(/data:font\/woff2;base64,[^")]+/)?.[0] ?? "";

/** @param {SVGSVGElement} svg @param {string} name */
export async function saveSvg(svg, name) {
  save(new Blob([(await alone(svg)).text], { type: "image/svg+xml" }), `${name}.svg`);
}

/** At three dots to a pixel. @param {SVGSVGElement} svg @param {string} name */
export async function savePng(svg, name) {
  const { text, width, height } = await alone(svg);
  const picture = new Image(width * 3, height * 3);
  picture.src = `data:image/svg+xml;base64,${base64(new TextEncoder().encode(text).buffer)}`;
  await picture.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width * 3;
  canvas.height = height * 3;
  /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).drawImage(picture, 0, 0, canvas.width, canvas.height);
  await new Promise((done) => canvas.toBlob((blob) => done(blob && save(blob, `${name}.png`)), "image/png"));
}
