/** What came of one run at a table, in words. */

import { counted, fixed, percent } from "./format.js";
import { measureOf, nearness } from "./measures.js";

/** @type {Record<import("./messages.js").OneRun["outcome"], {heading: string, advice: (run: import("./messages.js").OneRun) => string}>} */
const OUTCOMES = {
  learned: { heading: "Learned", advice: () => "" },
  stuck: { heading: "Not learned", advice: () => " More [sweeps|sweep], more units, another epsilon or another start may help." },
  diverged: { heading: "Diverged", advice: ({ diverged_at }) => ` In sweep ${diverged_at} its error ceased to be a number: a smaller [epsilon] often helps.` },
  unfinished: { heading: "Stopped", advice: () => " What it had learned until it was stopped is kept." },
};

/**
 * @param {import("./one_run.js").OneRun} one
 * @param {import("./messages.js").DataPlan} plan
 * @param {string} level
 */
export function outcomeOf(one, plan, level) {
  const { run, sweeps, right, held_out_right, outcome } = one.message;
  const { cases, held_out } = plan;
  const { heading, advice } = OUTCOMES[outcome];
  const it = level === "glance" ? "It" : level === "depth" ? `After ${counted(sweeps)} [sweeps|sweep] run ${run}` : `Run ${run} went down ${measureOf(plan)}, for ${counted(sweeps)} [sweeps|sweep], to ${fixed(one.trace(one.nMoments - 1, 0), 4)}, and`;
  const apart = held_out ? `, and ${held_out_right} of the ${held_out} that it never saw: ${percent(held_out_right / held_out)}.` : ". No case was held out, so nobody knows how it does on others.";
  const near = nearness(plan);
  return {
    heading,
    mood: outcome === "learned" ? "learned" : "stuck",
    scores: `${it} has ${right} of the ${cases - held_out} [cases|case] right that it learned from${apart}${near && ` Right means within ${near} of what is wanted.`}`,
    advice: advice(one.message),
  };
}
