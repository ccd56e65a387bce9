/** What the page says about each of its parts, in three levels. */

/** @type {Record<string, import("../shared/levels.js").Text>} */
export const TEXTS = {
  network: {
    glance: "Six bits enter on the left. Two units in the middle listen to all of them, and the one on the right says whether the row reads the same from both ends. Choose a row in the grid and watch it pass.",
    depth: "No single input tells anything about symmetry: each bit is 1 in half of the symmetric rows and in half of the others. So [hidden units|hidden unit] must find a feature between the inputs, and two are enough. Choose a unit or an arc to read its numbers.",
    maths: "6-2-1, logistic, 17 parameters; forward by (1) and (2), backward by (4) to (7), changed once per [sweep] of all 64 [cases|case] by (9). Arcs are as wide as the root of |{w}|, the blame on them as the root of |{∂E/∂w|dw}| of this case.",
  },
  grid: {
    glance: "Every row of six bits has its square. Those that read the same from both ends lie on the diagonal: only they should fill up.",
    depth: "The left half goes down, the right half across, both read from the outside to the middle, so that the eight symmetric rows of 64 lie on the diagonal. The filling is the output; a cross marks an answer on the wrong side of one half.",
    maths: "{y|y:8} of the output unit for all 64 [cases|case]; {d|d:8} = 1 on the diagonal, 0 elsewhere. Right: |y − d| < ½.",
  },
  mirrors: {
    glance: "A balance: what a unit hears on the left is taken back on the right. A row that mirrors itself leaves it level; with weights such as 1, 2 and 4 every other row tips it.",
    depth: "Each unit becomes a [mirror detector]: [weights|weight] at mirror places grow equal in size and opposite in sign. The three on one side must differ, and so that no differences cancel, no sum of them, taken plus or minus, may be nought. 1 : 2 : 4 does that, and so does 2 : 3 : 4: of 400 [starts|start], 373 came within 0.1 of every goal, 273 near the former and 100 near the latter. Two units, alike but with all signs changed, catch both ways of tipping; one unit could only catch one.",
    maths: "If w₍₇₋ᵢ₎ = −wᵢ, then {x} = b + Σ wᵢ(pᵢ − p₍₇₋ᵢ₎) over i from 1 to 3, with differences of −1, 0 or 1. It equals b for symmetric rows, and for no other if no signed sum of the |{wᵢ|w}| vanishes: 1 : 2 : 4 gives ±1 to ±7, and so 26 other differences leave x ≠ b. The second unit has −w: with b < 0 and negative weights to the output, y is high only if both are off. Near a code: within 15 % of each ratio.",
  },
  others: {
    glance: "The same lesson from {many} random beginnings. How long it takes is mostly luck: the letter’s own run is marked, and so is this one.",
    depth: "A single number of [sweeps|sweep] says little: here is how it scatters over [starts|start]. The letter tells of one network, which took 1,425. [Stuck|stuck] are those with a wrong answer left after 20,000 sweeps; most of them learn later. Point at a bar and choose a run to open it here.",
    maths: "Learned: the first [sweep] that leaves all 64 |y − d| < ½, within 20,000. The bars are of equal width in log sweeps. The letter does not say how it judged learning, or where the biases began (here in the range of the [weights|weight]): its 1,425 compares no more exactly than that. The interval of the share is Wilson’s at 95 %.",
  },
};
