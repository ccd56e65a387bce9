/** Elements: made in one call, HTML and SVG alike. */

const SVG = "http://www.w3.org/2000/svg";
const MATH = "http://www.w3.org/1998/Math/MathML";

/** @typedef {string | number | Node | null | undefined | false} Child */
/** @typedef {Record<string, any>} Attributes */

/**
 * @param {Element} element
 * @param {Attributes} attributes names as in markup; `on...` are listeners, `text` is
 *   the text; null and false are left out
 */
export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "text") element.textContent = String(value);
    else if ((value ?? false) === false) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  return element;
}

/** @template {Element} T @param {T} element @param {Attributes} attributes @param {(Child | Child[])[]} children @returns {T} */
function filled(element, attributes, children) {
  set(element, attributes);
  element.append(.../** @type {any[]} */ (children.flat().filter((child) => (child ?? false) !== false)));
  return element;
}

/** @template {keyof HTMLElementTagNameMap} K @param {K} tag @param {Attributes} [attributes] @param {...(Child | Child[])} children @returns {HTMLElementTagNameMap[K]} */
export function h(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** @template {keyof SVGElementTagNameMap} K @param {K} tag @param {Attributes} [attributes] @param {...(Child | Child[])} children @returns {SVGElementTagNameMap[K]} */
export function s(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

/** A MathML element. @param {string} tag @param {Attributes} [attributes] @param {...(Child | Child[])} children */
export function m(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(MATH, tag), attributes, children);
}

/**
 * Call back with an element's width, now and whenever it changes.
 * @param {Element} element
 * @param {(width: number) => void} tell
 * @returns {() => void} stop
 */
export function watchWidth(element, tell) {
  let last = 0;
  const observer = new ResizeObserver(([entry]) => {
    const width = Math.round(entry.contentRect.width);
    if (width && width !== last) tell((last = width));
  });
  observer.observe(element);
  return () => observer.disconnect();
}

/** Whether the reader asks for less motion. */
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Act once before the next frame is drawn, however often that is asked for. @param {() => void} act */
export function later(act) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      act();
    });
  };
}

/**
 * Put nodes in place of those that are there. Where only texts and attributes differ,
 * those that are there stay, and with them focus and scrolling.
 * @param {Element} place @param {...Node} nodes
 */
export function renew(place, ...nodes) {
  const old = [...place.childNodes];
  if (old.length === nodes.length && nodes.every((node, k) => isAlike(old[k], node))) nodes.forEach((node, k) => take(old[k], node));
  else place.replaceChildren(...nodes);
}

/** @param {Node} one @param {Node} other @returns {boolean} */
const isAlike = (one, other) => one.nodeName === other.nodeName && one.childNodes.length === other.childNodes.length && [...one.childNodes].every((child, k) => isAlike(child, other.childNodes[k]));

/** @param {Node} one @param {Node} other */
function take(one, other) {
  if (one instanceof Text) one.data = /** @type {Text} */ (other).data;
  else for (const { name, value } of /** @type {Element} */ (other).attributes) if (name !== "tabindex") /** @type {Element} */ (one).setAttribute(name, value);
  one.childNodes.forEach((child, k) => take(child, other.childNodes[k]));
}
