/** What the page says, in three levels. */

import { counted } from "../shared/format.js";

/** @type {Record<string, import("../shared/levels.js").Text>} */
export const TEXTS = {
  list: {
    glance: "Everything that was learned and saved in this folder. Open one to look at it again.",
    depth: "A record holds every setting that decided a result, and the result: each [run] with its [error] over the [sweeps|sweep] and its [weights|weight] at the end. It is checked bit by bit when it is opened.",
    maths: "Zarr stores with the SHA-256 of each variable. The same settings give the same record; a [run] can be learned again from it, to the same bits, to see it at any [sweep].",
  },
};

/** A count with its word. @param {number} n @param {string} word */
const some = (n, word) => `${counted(n)} ${word}${n === 1 ? "" : "s"}`;

/** What is said first holds names, in which nothing is marked; then a text in three levels. */
export const STORY = {
  /** @param {import("../shared/messages.js").Records} shelf @returns {[string, import("../shared/levels.js").Text]} */
  list: ({ folder, records, more }) => [
    `${some(records.length, "record")} in ${folder}${more ? `, and ${counted(more)} more` : ""}. `,
    {
      glance: "Choose one to see what was learned.",
      depth: "Each holds many [runs|run] at one task: choose one to see how they ended, and any of them from [start] to end.",
      maths: "Each is opened only if every array has the SHA-256 that was written down with it.",
    },
  ],
  /** @param {import("../shared/messages.js").Ensemble} all @param {boolean} isAlone whether there is no list @returns {[string, import("../shared/levels.js").Text]} */
  open: ({ task, runs, learned, sweeps, seed, engine }, isAlone) => [
    `${some(runs, "run")} at the task ${task}${isAlone ? "" : ", open below the list"}: ${counted(learned)} learned. `,
    {
      glance: "Choose a run, a case or a unit there, and go back in time with the slider.",
      depth: `Each [run] went on for at most ${counted(sweeps)} [sweeps|sweep] from a [start] of its own; any of them can be shown.`,
      maths: `Starts are drawn from (seed ${seed}, run) and learned by the engine ${engine}, for at most ${counted(sweeps)} [sweeps|sweep]. What lies between start and end is learned again, to the same bits, or read from the record.`,
    },
  ],
};
