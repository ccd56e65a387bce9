/** A module that is fetched when it is first needed. */

/**
 * @template T
 * @param {() => Promise<T>} load
 * @param {() => void} told called when it is here
 */
export function onDemand(load, told) {
  /** @type {T | null} */ let here = null;
  /** @type {Promise<void> | null} */ let coming = null;
  const ready = () =>
    (coming ??= load().then((module) => {
      here = module;
      told();
    }));
  return {
    ready,
    /** The module, or null where it is only on its way. */
    get now() {
      void ready();
      return here;
    },
  };
}
