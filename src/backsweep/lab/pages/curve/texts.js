/** What the page says about each of its parts, in three levels. */

import { kept } from "../shared/server.js";

/** @type {Record<string, import("../shared/levels.js").Text>} */
export const TEXTS = {
  network: {
    glance: "Signals run from left to right. Wherever the answer is off, [blame] runs back along the same arcs, and every [weight] moves a little to make it smaller.",
    depth: "Forward, each [unit] adds up what it hears and answers. Backward, each learns how much it contributed to the [error], without a teacher of its own: it asks the units above that listened to it. Choose a unit or an arc to read its numbers.",
    maths: "Forward by (1) and (2), backward by (4) to (7). Arcs are as wide as the root of |w|, the blame on them as the root of |∂E/∂w|, rings as the root of |∂E/∂x|. Choose a unit or an arc to see its equations with numbers.",
  },
  truth: {
    glance: "What the network says to each question. The closer to its goal, the better.",
    depth: "The output for every [case]. A case counts as right when it is on the goal’s side of one half. Choose one to see it pass through the network.",
    maths: "y of the output unit by [case]; right where |y − d| < ½. Choose a case c, or all of them summed as in (3) and (6).",
  },
  plane: {
    glance: "Every spot is a question: first input across, second upward. The more colour, the more the [unit] says yes.",
    depth: "What a [unit] would say to inputs that it never saw, between the corners too. Each [hidden unit] parts the square by one straight line, and the output combines the parts.",
    maths: "y over the unit square. A hidden unit’s line is x = 0, where y = ½; its weights stand at right angles to it, and their length is its sharpness. The output’s border is y = ½ again.",
  },
  curve: {
    glance: "How wrong the network is, [sweep] by sweep. Drag along it to go through time.",
    depth: "The mean squared [error] of this [run], among a thousand others that differ in nothing but their [start]. Half of them stay in the darker band, nine in ten in the lighter.",
    maths: "2E divided by the number of cases, with E = ½ Σ (y − d)², equation (3), measured before each change. Bands: the 5 %, 25 %, 75 % and 95 % quantiles over a thousand starts at each sweep; the line between them: the median.",
  },
  others: {
    glance: "The same network, a thousand other [starts|start]. Each dot is one of them: some learn soon, some late, some never.",
    depth: "A single [run] is one draw. Here are a thousand [starts|start], placed by the [sweep] in which all [cases|case] were first right. Point at one to see its curve" + (kept ? "." : ", choose it to make it yours."),
    maths: "Runs of this seed, each from (seed, run) alone, in bins of eight sweeps. Learned: all |y − d| < ½ within 600 sweeps. The interval of a share is Wilson’s at 95 %.",
  },
};
