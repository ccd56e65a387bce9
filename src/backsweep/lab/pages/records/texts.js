/** What the page says, in three levels. */

/** @type {Record<string, import("../shared/levels.js").Text>} */
export const TEXTS = {
  list: {
    glance: "Everything that was learned and saved in this folder. Open one to look at it again.",
    depth: "A record holds every setting that decided a result, and the result: each [run] with its [error] over the [sweeps|sweep] and its [weights|weight] at the end. It is checked bit by bit when it is opened.",
    maths: "Zarr stores with the SHA-256 of each variable. The same settings give the same record; a [run] can be learned again from it, to the same bits, to see it at any [sweep].",
  },
};
