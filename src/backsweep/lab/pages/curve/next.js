/** What to try next, once a run has come to its end. */

/** @typedef {import("../shared/messages.js").CurveSettings} Settings */
/** @typedef {{text: string, patch: Partial<Settings>}} Idea */

const MOST = 3;

/** @type {((settings: Required<Settings>, hasLearned: boolean) => Idea | false)[]} the first that fit are shown */
const IDEAS = [
  ({ epsilon, start }, hasLearned) => !hasLearned && (epsilon > 2 || epsilon === 0 || start === 0 || start > 2) && { text: "the usual steps and start", patch: { epsilon: 0.5, alpha: 0.9, start: 0.5 } },
  ({ task, hidden }, hasLearned) => !hasLearned && hidden < 2 && task !== "and" && { text: "2 hidden units", patch: { hidden: 2 } },
  ({ run }) => ({ text: "another start", patch: { run: run + 1 } }),
  ({ hidden }, hasLearned) => !hasLearned && hidden >= 2 && hidden < 8 && { text: `${hidden + 1} hidden units`, patch: { hidden: hidden + 1 } },
  ({ hidden }, hasLearned) => hasLearned && hidden > 0 && { text: "0 hidden units", patch: { hidden: 0 } },
  ({ task }) => task !== "parity:3" && { text: "parity of 3", patch: { task: "parity:3", hidden: 4 } },
  ({ task }) => task !== "xor" && { text: "XOR", patch: { task: "xor", hidden: 2 } },
];

/** @param {Settings} settings @param {boolean} hasLearned */
export const nextOnes = (settings, hasLearned) =>
  IDEAS.map((idea) => idea(/** @type {Required<Settings>} */ (settings), hasLearned)).filter((idea) => idea !== false).slice(0, MOST);
