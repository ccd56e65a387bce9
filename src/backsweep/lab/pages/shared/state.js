/**
 * The one state of the lab, mirrored in the address: every view is a link.
 *
 * A key that has its default value is left out of the address. Settings make an entry
 * in the browser's history; keys marked `quiet`, such as the sweep, only replace it, and
 * what follows from going back makes none.
 * Keys marked `lasting`, such as the level, are the reader's and outlive a page.
 */

/**
 * @typedef {Object} Key
 * @property {any} fallback the value where the address says none
 * @property {(text: string) => any} read undefined where the text is not understood
 * @property {boolean} [quiet]
 * @property {any} [unsaid] the value where nobody chose one, if that is not the fallback
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

/** The sweep, in the address once it was chosen, 0 too: without one it is a first visit. @param {number} last @returns {Key} */
export const sweepUpTo = (last) => {
  const { read } = whole(0, 0, last);
  return quiet({ fallback: undefined, unsaid: 0, read: (text) => read(text) ?? 0 });
};

/** How fast time passes. @type {Record<string, number>} */
export const SPEEDS = { slow: 0.1, normal: 1, fast: 4 };

const WRITE_MS = 200; // browsers refuse more than a few changes of the address a second

export class State {
  /** @type {Schema} */ #schema;
  /** @type {Record<string, any>} */ #values = {};
  /** @type {Set<(changed: Set<string>) => void>} */ #listeners = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;
  #isTaking = false;

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
    return this.#values[name] ?? this.#schema[name]?.unsaid;
  }

  /** @param {Record<string, any>} patch */
  set(patch) {
    const changed = new Set(Object.keys(patch).filter((name) => this.#values[name] !== patch[name]));
    if (!changed.size) return;
    Object.assign(this.#values, patch);
    const loud = [...changed].some((name) => !this.#schema[name]?.quiet);
    if (loud) this.#write(!this.#isTaking);
    else this.#timer ??= setTimeout(() => this.#write(false), WRITE_MS);
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
    this.#drop();
    const hash = this.#hash();
    if (hash === location.hash || (hash === "#" && !location.hash)) return;
    if (pushed) history.pushState(null, "", hash);
    else history.replaceState(null, "", hash);
  }

  #drop() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
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
    this.#drop(); // it was of the address that is left
    const before = { ...this.#values };
    this.#read(hash);
    this.#isTaking = true;
    this.#tell(new Set(Object.keys(this.#values).filter((name) => before[name] !== this.#values[name])));
    this.#isTaking = false;
  }

  /** @param {Set<string>} changed */
  #tell(changed) {
    // A page that is left while the others are told is told nothing more.
    for (const listener of changed.size ? [...this.#listeners] : []) if (this.#listeners.has(listener)) listener(changed);
  }
}
