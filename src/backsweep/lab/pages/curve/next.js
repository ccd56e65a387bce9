/** What to try next, once a run has come to its end. */

/** @typedef {import("../shared/messages.js").Curve} Curve */
/** @typedef {Required<import("../shared/messages.js").CurveSettings>} Settings */
/** @typedef {{text: string, patch: Partial<Settings>}} Idea */
/** @typedef {"learned" | "slow" | "stuck"} End slow: it would learn later */

const MOST = 3;

/** @param {number} epsilon @returns {Idea} */
const epsilonOf = (epsilon) => ({ text: `epsilon ${epsilon}`, patch: { epsilon } });

/** @type {((settings: Settings, end: End) => Idea | false)[]} the first that fit */
const IDEAS = [
  ({ epsilon, alpha, start }, end) => end === "stuck" && (epsilon > 2 || epsilon === 0 || alpha > 0.98 || start === 0 || start > 2) && { text: "the usual steps and start", patch: { epsilon: 0.5, alpha: 0.9, start: 0.5 } },
  ({ alpha }, end) => end === "slow" && alpha < 0.9 && { text: "alpha 0.9", patch: { alpha: 0.9 } },
  ({ epsilon }, end) => end === "slow" && epsilon <= 2 && epsilonOf(epsilon < 0.5 ? 0.5 : 2 * epsilon),
  ({ task, hidden }, end) => end === "stuck" && hidden < 2 && task !== "and" && { text: "2 hidden units", patch: { hidden: 2 } },
  ({ run }) => ({ text: "another start", patch: { run: run + 1 } }),
  ({ hidden }, end) => end === "stuck" && hidden >= 2 && hidden < 8 && { text: `${hidden + 1} hidden units`, patch: { hidden: hidden + 1 } },
  ({ hidden }, end) => end === "learned" && hidden > 0 && { text: "0 hidden units", patch: { hidden: 0 } },
  ({ task }) => task !== "parity:3" && { text: "parity of 3", patch: { task: "parity:3", hidden: 4 } },
  ({ task }) => task !== "xor" && { text: "XOR", patch: { task: "xor", hidden: 2 } },
];

/** @param {Curve} run */
export function nextOnes({ settings, outcome, later_at }) {
  const end = outcome === "learned" ? "learned" : later_at ? "slow" : "stuck";
  return IDEAS.map((idea) => idea(/** @type {Settings} */ (settings), end)).filter((idea) => idea !== false).slice(0, MOST);
}
