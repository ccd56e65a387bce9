/** What is said about the views of what was learned, in three levels. */

/** @type {Record<string, import("./levels.js").Text>} */
export const VIEW_TEXTS = {
  error: {
    glance: "How wrong the network is, [sweep] by sweep. Held-out cases were never shown to it while it learned: they tell whether it understood, or only learned by heart.",
    depth: "The [error] of this [run] over the cases that it learns from, and over those held out, as dashes. When the dashes rise while the line falls, it has begun to learn by heart.",
    maths: "E of equation (3), or the [cross-entropy], in the units of the procedure, measured before each change; over held-out cases scaled to the same number of cases, at the sweeps of the slider. Bands: quantiles over all runs.",
  },
  runs: {
    glance: "The same network from other small random [starts|start]. Some learn sooner than others.",
    depth: "Each [run] begins from a [start] of its own and ends as it must. One run is an anecdote: here are all of them, by the [sweep] in which enough [cases|case] were right.",
    maths: "Each start is drawn from (seed, run) alone. Learned: the [criterion] was met in some sweep. The interval of the share is Wilson’s at 95 %.",
  },
  strips: {
    glance: "One row for each [unit], one column for each case: the more colour, the louder the unit speaks. Rows that change where the answer changes have found something out.",
    depth: "What each [hidden unit] has come to stand for: cases stand side by side, sorted by the answer that is wanted. Move through time below and watch the pattern appear.",
    maths: "y of every unit above the inputs by case, from the least value of its activation (no colour) to the greatest; logistic and [softmax] from 0 to 1, tanh from −1 to 1.",
  },
  cases: {
    glance: "What was wanted, and what the network says.",
    depth: "The answer to every [case]. Choose one to see what each [unit] says to it.",
    maths: "Right by the rule of the criterion: the most active output is the wanted one, or every |y − d| is under its distance.",
  },
  weights: {
    glance: "All that the network knows. Blue squares excite, orange ones inhibit; the larger, the stronger.",
    depth: "One square for each [weight]: a row hears from the columns. The column at the end is the [bias].",
    maths: "Area in proportion to |w|, on one scale for all links; row j, column i holds the weight from i to j, equation (1).",
  },
};
