/** A module that is fetched when it is first needed. */

/**
 * @template T
 * @param {() => Promise<T>} load
 * @param {() => void} told called when it is here
 */
export function onDemand(load, told) {
  /** @type {T | null} */ let here = null;
  /** @type {Promise<void> | null} */ let coming = null;
  let isAsked = false;
  const ready = () =>
    (coming ??= load().then(
      (module) => {
        here = module;
        told();
      },
      (error) => {
        coming = null; // the next one who waits for it tries again
        throw error;
      },
    ));
  return {
    ready,
    /** The module, or null where it is not here: asked for once, however often it is drawn. */
    get now() {
      if (!isAsked) void ready();
      isAsked = true;
      return here;
    },
  };
}
