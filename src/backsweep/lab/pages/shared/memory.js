/** What the browser remembers from visit to visit; where it may store nothing, the page does. */

/** @type {Map<string, string>} */ const unstored = new Map();

/** @param {string} name @param {string} value */
export function remember(name, value) {
  unstored.set(name, value);
  try {
    localStorage.setItem(name, value);
    if (localStorage.getItem(name) === value) unstored.delete(name); // another tab may change it
  } catch {}
}

/** @param {string} name */
export function remembered(name) {
  try {
    return unstored.get(name) ?? localStorage.getItem(name);
  } catch {
    return null;
  }
}
