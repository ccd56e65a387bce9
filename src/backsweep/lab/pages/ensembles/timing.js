/** How long work takes: in words, and what is left of it. */

/** @param {number} seconds */
export function duration(seconds) {
  if (seconds < 1) return "under a second";
  if (seconds < 9.5) return `${Math.round(seconds)} s`;
  if (seconds < 57) return `${5 * Math.round(seconds / 5)} s`;
  const minutes = Math.max(1, Math.round(seconds / 60));
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Judges what is left. @param {number} [expected] seconds for all of it, which count for more at first */
export function stopwatch(expected) {
  const begun = performance.now();
  /** @param {number} share that is done */
  return (share) => {
    const passed = (performance.now() - begun) / 1000;
    const trust = expected === undefined ? 1 : Math.min(1, 5 * share);
    const seen = share ? passed / share - passed : 0;
    return `${duration(trust * seen + (1 - trust) * (expected ?? 0) * (1 - share))} left`;
  };
}
