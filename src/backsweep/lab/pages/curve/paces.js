/** How fast a run is played: slowly where there is much to read and to see. */

import { CHAPTERS, chapter } from "./story.js";

/** @typedef {import("../shared/run.js").Run} Run */

const READ = 34; // characters that are read in a second
const [SHORTEST, LONGEST] = [2.2, 5]; // seconds for a chapter
const PACES = [10, 55]; // sweeps a second

/**
 * Sweeps a second, sweep by sweep, so that each chapter can be read and the drop seen.
 * @param {Run} run @param {import("../shared/levels.js").Level} level
 */
export function paces(run, level) {
  const names = Array.from({ length: run.last + 1 }, (_, sweep) => chapter(run, sweep));
  const found = new Float32Array(names.length);
  for (let from = 0, to = 0; from < names.length; from = to) {
    while (to < names.length && names[to] === names[from]) to++;
    const seconds = Math.min(LONGEST, Math.max(SHORTEST, CHAPTERS[names[from]][level].length / READ));
    found.fill(Math.min(PACES[1], Math.max(PACES[0], (to - from) / seconds)), from, to);
  }
  return found;
}
