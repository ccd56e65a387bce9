/** A file that is dropped, wherever on the page. */

import { h } from "../shared/dom.js";

/** @param {DragEvent} event */
const hasFile = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

/**
 * @param {HTMLElement} root of the page
 * @param {(file: File) => void} take
 * @returns {() => void} ends it
 */
export function dropAnywhere(root, take) {
  const ended = new AbortController();
  const { signal } = ended;
  const veil = h("div", { class: "drop-veil", hidden: true, "aria-hidden": "true" }, h("p", {}, "Drop it anywhere"));
  root.append(veil);
  document.addEventListener("dragover", (event) => {
    if (!hasFile(event)) return;
    event.preventDefault();
    veil.hidden = false;
  }, { signal });
  document.addEventListener("dragleave", (event) => event.relatedTarget === null && (veil.hidden = true), { signal });
  document.addEventListener("drop", (event) => {
    veil.hidden = true;
    if (!hasFile(event)) return;
    event.preventDefault();
    const file = event.dataTransfer?.files[0];
    if (file) take(file);
  }, { signal });
  return () => ended.abort();
}
