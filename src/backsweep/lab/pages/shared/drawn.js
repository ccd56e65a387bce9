/**
 * A table that is drawn: its points as text for the address, and as a CSV.
 *
 * A point is five characters: a, b or c for its class, then across and up, 0 to 200
 * for -1 to 1, each as two digits to the base of 36.
 */

/** @typedef {{of: number, at: [number, number]}} Point at from 0 to 200 */

export const MOST = 300;
const LETTERS = "abc";

/** @param {string} text @returns {Point[]} */
export const read = (text) =>
  (text.match(/.{5}/g) ?? []).map((one) => {
    const [across, up] = [one.slice(1, 3), one.slice(3)].map((digits) => Math.min(200, parseInt(digits, 36)));
    return { of: LETTERS.indexOf(one[0]), at: [across, up] };
  });

/** @param {readonly Point[]} points */
export const asText = (points) => points.map(({ of, at }) => LETTERS[of] + at.map((v) => v.toString(36).padStart(2, "0")).join("")).join("");

/** As numbers from -1 to 1. @param {Point} point */
export const placed = ({ at }) => at.map((v) => v / 100 - 1);

/** @param {string} text */
export const csv = (text) => `across,up,class\n${read(text).map((point) => `${placed(point).map((v) => v.toFixed(2)).join(",")},${LETTERS[point.of].toUpperCase()}\n`).join("")}`;

/** How many classes there are, and whether that is enough to learn. @param {string} text */
export function enough(text) {
  const counts = [0, 0, 0];
  for (const { of } of read(text)) counts[of]++;
  return { classes: counts.filter(Boolean).length, can: counts.filter(Boolean).length > 1 && !counts.includes(1) };
}
