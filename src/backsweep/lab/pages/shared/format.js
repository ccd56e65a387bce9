/** Numbers as text: tabular, with a true minus sign. */

/** @param {string} text */
const minus = (text) => text.replace("-", "\u2212");

/** @param {number} value @param {number} [digits] */
export function fixed(value, digits = 3) {
  if (!Number.isFinite(value)) return "none";
  if (Math.abs(value) >= 1e9) return powered(value);
  const text = value.toFixed(digits);
  return minus(Number(text) === 0 ? text.replace("-", "") : text);
}

/** An answer from 0 to 1: to two digits, or as many as show its side of one half. @param {number} y */
export function answer(y) {
  let digits = 2;
  while (digits < 6 && y !== 0.5 && Number(y.toFixed(digits)) === 0.5) digits++;
  return fixed(y, digits);
}

/** As a power of ten, with two digits. @param {number} value */
function powered(value) {
  const [digits, power] = value.toExponential(1).split("e");
  const raised = [...String(Number(power))].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"["0123456789".indexOf(c)] ?? "⁻");
  return `${minus(digits)}·10${raised.join("")}`;
}

/** With a sign, small ones to as many digits as they need. @param {number} value */
export function signed(value) {
  if (!Number.isFinite(value)) return "none";
  const size = Math.abs(value);
  if (size > 0 && size < 0.00005) {
    return (value > 0 ? "+" : "") + powered(value);
  }
  return (value > 0 ? "+" : "") + fixed(value, size >= 10 ? 2 : size >= 0.1 || size === 0 ? 3 : 4);
}

/** With commas. @param {number} value */
export const counted = (value) => value.toLocaleString("en-US");

/** A share in percent, never rounded to a false 0 or 100. @param {number} share */
export function percent(share) {
  if (share > 0 && share < 0.001) return "under 0.1 %";
  if (share < 1 && share > 0.999) return "over 99.9 %";
  return `${(100 * share).toFixed(share === 0 || share === 1 ? 0 : 1)} %`;
}
