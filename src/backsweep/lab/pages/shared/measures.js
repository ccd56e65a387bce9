/** How an error, and the distance of an answer, are said: in formulas and in a column's own unit. */

/** The measure of error that is chosen, as a formula in a sentence. @param {import("./messages.js").DataPlan | null} plan */
export function measureOf(plan) {
  if (!plan) return "an error E";
  if (plan.error === "squared") return "E = ½ Σ (y − d)², equation (3) of the letter of 1986, divided by the number of cases";
  const isShared = plan.layers[plan.layers.length - 1].activation === "softmax";
  return `the cross-entropy E = ${isShared ? "−Σ d ln y of softmax units" : "−Σ (d ln y + (1 − d) ln(1 − y))"}, divided by the number of cases; the letter of 1986 has squares there`;
}

const FRACTIONS = /** @type {Record<string, string>} */ ({ 0.5: "half a standard deviation", 1: "one standard deviation" });

/** How near an answer in numbers must be, in the column's own unit. @param {import("./messages.js").DataPlan} plan */
export function nearness({ criterion, spreads }) {
  const distance = Number(criterion.split(":")[0]);
  if (!spreads.length || !Number.isFinite(distance)) return "";
  const said = FRACTIONS[distance] ?? `${distance} standard deviations`;
  return spreads.length > 1 ? `${said} of each column` : `${Number((distance * spreads[0]).toPrecision(3))} (${said})`;
}

/** Errors of an answer in numbers, in the column's own unit. @param {import("./messages.js").DataPlan | null} plan @param {number} error @param {number | null} apart of held-out cases @returns {[string, string][]} */
export function inOwnUnit(plan, error, apart) {
  if (plan?.spreads.length !== 1 || plan.error !== "squared") return [];
  const off = (/** @type {number} */ half) => String(Number((Math.sqrt(2 * half) * plan.spreads[0]).toPrecision(3)));
  const told = /** @type {[string, string][]} */ ([["typically off by", off(error)]]);
  if (apart !== null) told.push(["typically off by, held out", off(apart)]);
  if (apart !== null && plan.held_out_variance) told.push(["R², held out", (1 - (2 * apart) / plan.held_out_variance).toFixed(2).replace("-", "−")]);
  return told.filter(([, value]) => value !== "NaN");
}
