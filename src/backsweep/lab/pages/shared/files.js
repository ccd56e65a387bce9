/** Files that the browser saves. */

import { post } from "./server.js";

/** @param {Blob} blob @param {string} name */
export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/**
 * What the server writes: one HTML file that works from disk, or another kind of file.
 * @param {string} path of the route
 * @param {object} body what it holds, and the state in which it opens
 * @param {string} name
 * @param {string} [kind]
 */
export async function saveHtml(path, body, name, kind = "html") {
  const answer = await post(path, body);
  save(await answer.blob(), `${name}.${kind}`);
}
