/** Other starts of the symmetry task: how long each takes, and this one among them. */

import { drawingTakers } from "../shared/export.js";
import { h } from "../shared/dom.js";
import { otherStarts } from "../shared/other_starts.js";
import { histogram, summary, worthALook } from "./histogram.js";

/** @typedef {import("../shared/messages.js").SymmetryTally} Tally */

const PUBLISHED = 1425; // sweeps of the letter's run
const AMOUNTS = [1000, 10_000]; // that learn along: soon a few, then as many as tell how it scatters
const OFTEN = 500; // runs between two drawings of many

/**
 * What the panel of other starts holds.
 * @param {{state: import("../shared/state.js").State, line: import("../shared/server.js").Line, settings: () => import("../shared/messages.js").SymmetrySettings,
 *   limit: number, most: number, trouble: (error: unknown) => void, told: (runs: number) => void, held: Tally | null}} options
 *   `held` is what a file holds of them: then none learns, and none can be opened
 */
export function symmetryStarts({ state, line, settings, limit, most, trouble, told, held }) {
  const frame = h("div", { class: "frame" });
  const said = h("p", { class: "summary starts-said" });
  const looks = h("div", { class: "looks" });
  const choose = (/** @type {number} */ run) => state.set({ run });
  const bars = histogram(frame, { choose: held ? null : choose, limit, published: PUBLISHED });
  const look = (/** @type {{name: string, run: number}} */ { name, run }) => h("button", { type: "button", class: "plain", onclick: () => choose(run) }, name);
  let seen = -1;
  let offered = "[]";
  /** @type {import("../shared/other_starts.js").Options<Tally>} */
  const learning = {
    line,
    label: "Starts that have ended",
    amounts: AMOUNTS,
    most,
    lot: () => JSON.stringify(["epsilon", "alpha", "start", "seed"].map((name) => state.get(name))),
    own: () => state.get("run"),
    work: (first, runs) => ({ work: "symmetry starts", settings: settings(), first, runs }),
    show(tally, isUnderWay) {
      const own = state.get("run");
      // Many are drawn now and then, so that bars can be pointed at while they grow.
      if (isUnderWay && tally && tally.runs > AMOUNTS[0] && tally.runs % OFTEN && own === seen) return;
      seen = own;
      bars.show(tally, own);
      told(tally?.runs ?? 0);
      said.textContent = tally ? summary(tally, own, PUBLISHED) : "";
      const worth = tally && (!isUnderWay || tally.runs >= AMOUNTS[0]) ? worthALook(tally, PUBLISHED) : [];
      if (JSON.stringify(worth) === offered) return;
      offered = JSON.stringify(worth);
      looks.replaceChildren(...(worth.length ? [h("span", {}, "Look at "), ...worth.map(look)] : []));
    },
    trouble,
  };
  const takers = drawingTakers({ histogram: bars.svg }, "symmetry-", trouble);
  if (held) {
    const show = () => {
      bars.show(held, state.get("run"));
      told(held.runs);
      said.textContent = summary(held, state.get("run"), PUBLISHED);
    };
    return { elements: [said, frame], takers, ask: show, lot: () => held, settle() {}, leave() {}, stop: bars.stop };
  }
  const others = otherStarts(learning);
  return {
    elements: [said, frame, h("div", { class: "foot" }, looks, others.element)],
    takers,
    ask: others.ask,
    lot: others.known,
    settle: others.settle,
    leave: others.stop,
    stop() {
      others.stop();
      bars.stop();
    },
  };
}
