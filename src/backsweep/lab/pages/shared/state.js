/**
 * The one state of the lab, mirrored in the address: every view is a link.
 *
 * A key that has its default value is left out of the address. Settings make an entry
 * in the browser's history; keys marked `quiet`, such as the sweep, only replace it.
 * Keys marked `lasting`, such as the level, are the reader's and outlive a page.
 */

/**
 * @typedef {Object} Key
 * @property {any} fallback the value where the address says none
 * @property {(text: string) => any} read undefined where the text is not understood
 * @property {boolean} [quiet]
 * @property {boolean} [lasting] whether it stays as it is where an address says none
 */
/** @typedef {Record<string, Key>} Schema */

/** @param {any} fallback @param {readonly string[]} choices @returns {Key} */
export const choice = (fallback, choices) => ({
  fallback,
  read: (text) => (choices.includes(text) ? text : undefined),
});

/** @param {number} fallback @param {number} low @param {number} high @returns {Key} */
export const number = (fallback, low, high) => ({
  fallback,
  read: (text) => {
    const value = text.trim() === "" ? NaN : Number(text);
    return value >= low && value <= high ? value : undefined;
  },
});

/** @param {number} fallback @param {number} low @param {number} high @returns {Key} */
export const whole = (fallback, low, high) => ({
  fallback,
  read: (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    return value >= low && value <= high ? value : undefined;
  },
});

/** @param {string} fallback @param {RegExp} pattern @returns {Key} */
export const words = (fallback, pattern) => ({
  fallback,
  read: (text) => (pattern.test(text) ? text : undefined),
});

/** @param {Key} key @returns {Key} */
export const quiet = (key) => ({ ...key, quiet: true });

/** @param {Key} key @returns {Key} */
export const lasting = (key) => ({ ...key, lasting: true });

const WRITE_MS = 200; // browsers refuse more than a few changes of the address a second

export class State {
  /** @type {Schema} */ #schema;
  /** @type {Record<string, any>} */ #values = {};
  /** @type {Set<(changed: Set<string>) => void>} */ #listeners = new Set();
  /** @type {ReturnType<typeof setTimeout> | null} */ #timer = null;

  /** @param {Schema} schema */
  constructor(schema) {
    this.#schema = schema;
    this.#read(location.hash);
    addEventListener("popstate", () => this.#take(location.hash));
    addEventListener("hashchange", () => this.#take(location.hash));
  }

  /** Keys that the address names. */
  static named() {
    return new Set(new URLSearchParams(location.hash.slice(1)).keys());
  }

  /** Add the keys of a page that is opened. @param {Schema} schema */
  extend(schema) {
    this.#schema = { ...this.#schema, ...schema };
    this.#read(location.hash);
  }

  /** @param {string} name @returns {any} */
  get(name) {
    return this.#values[name];
  }

  /** @param {Record<string, any>} patch */
  set(patch) {
    const changed = new Set(Object.keys(patch).filter((name) => this.#values[name] !== patch[name]));
    if (!changed.size) return;
    Object.assign(this.#values, patch);
    const loud = [...changed].some((name) => !this.#schema[name]?.quiet);
    if (loud) this.#write(true);
    else if (this.#timer === null) this.#timer = setTimeout(() => this.#write(false), WRITE_MS);
    this.#tell(changed);
  }

  /** @param {(changed: Set<string>) => void} listener @returns {() => void} */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The state as a link. */
  get link() {
    return `${location.origin}${location.pathname}${this.#hash()}`;
  }

  #hash() {
    const named = new URLSearchParams();
    for (const [name, key] of Object.entries(this.#schema)) {
      const value = this.#values[name];
      if (value !== key.fallback) named.set(name, String(value));
    }
    return `#${named}`;
  }

  /** @param {boolean} pushed */
  #write(pushed) {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const hash = this.#hash();
    if (hash === location.hash || (hash === "#" && !location.hash)) return;
    if (pushed) history.pushState(null, "", hash);
    else history.replaceState(null, "", hash);
  }

  /** @param {string} hash */
  #read(hash) {
    const named = new URLSearchParams(hash.slice(1));
    for (const [name, key] of Object.entries(this.#schema)) {
      const text = named.get(name);
      const value = text === null ? undefined : key.read(text);
      const otherwise = key.lasting ? (this.#values[name] ?? key.fallback) : key.fallback;
      this.#values[name] = value === undefined ? otherwise : value;
    }
  }

  /** @param {string} hash */
  #take(hash) {
    const before = { ...this.#values };
    this.#read(hash);
    this.#tell(new Set(Object.keys(this.#values).filter((name) => before[name] !== this.#values[name])));
  }

  /** @param {Set<string>} changed */
  #tell(changed) {
    // A page that is left while the others are told is told nothing more.
    for (const listener of changed.size ? [...this.#listeners] : []) if (this.#listeners.has(listener)) listener(changed);
  }
}
