/** What the page says about each of its parts, in three levels, and its sources. */

/** @type {Record<string, import("../shared/levels.js").Text>} */
export const TEXTS = {
  map: {
    glance: "Draw a rectangle to look closer. Click a spot to see its networks, click again to open one.",
    depth: "Coarse at first, then finer: every level is learned afresh, with so many networks to a cell. Draw a rectangle to look closer, hold Shift to move. Click a cell for its runs, and once more to open its network.",
    maths: "Cells of equal width, on a logarithmic axis in equal ratios; each at its middle. A level has a quarter of the cells of the next along a side, and starts of its own. The last one is, bit for bit, what the command below makes.",
  },
  cell: {
    glance: "The networks of the spot that you point at, and how their [error] went.",
    depth: "Each line is a [run]: its [error] as a multiple of the first. Those that fall to the floor learn; those that stay level are [stuck], or too slow; those that rise have steps too large; one that breaks off has [diverged].",
    maths: "E(t) / E(1) on a logarithmic scale, E as in equation (3). Runs of the cell are those of the map, learned again to the same bits.",
  },
  numbers: {
    glance: "",
    depth: "",
    maths: "Point at a symbol, or reach it by Tab: what it stands for lights up, on the axes, among the numbers of the cell, on its curves.",
  },
  edge: {
    glance: "A ball rolls down into a bowl in jumps. Small jumps get there slowly. Large ones fly past the bottom, and the largest land higher than they began: that is the edge.",
    depth: "Where the [error] is shaped like a bowl, a step goes too far as soon as it is more than twice what would reach the bottom. How steep the bowl is depends on the weights, and the weights change: so the edge is not one line, and near it learning may swing for long, escape to a gentler place, or fly off. With units that end at 0 and 1 it does not fly far, but comes to rest where hardly any [blame] gets through.",
    maths: "Along a direction with curvature λ, w − w* is multiplied by 1 − ελ at each step (8): it shrinks if 0 < ελ < 2. With momentum (9) the multipliers z solve z² − (1 + α − ελ) z + α = 0, and both are under 1 in size if 0 < ελ < 2 (1 + α): in a bowl momentum moves the edge outward, to at most twice the step. On long slopes steps add up to ε/(1 − α): it moves the slow edge inward by far more. That the right edge of these maps leans inward too says that it is no bowl’s edge alone: steps that add up throw the units to their ends, where y(1 − y) in (5) is nearly 0.",
  },
};

/** @type {readonly {who: string, year: number, what: string, source: string}[]} */
export const SOURCES = [
  { who: "Polyak", year: 1964, what: "Momentum, and what it does to speed and stability in a bowl.", source: "Some methods of speeding up the convergence of iteration methods, USSR Computational Mathematics and Mathematical Physics 4(5), 1–17" },
  { who: "Rumelhart, Hinton and Williams", year: 1986, what: "Steps (8) and, with momentum, (9): the two settings of these maps.", source: "Learning representations by back-propagating errors, Nature 323, 533–536" },
  { who: "Cohen and others", year: 2021, what: "Networks learn their way up to the edge: the curvature grows until it stands near 2/ε.", source: "Gradient descent on neural networks typically occurs at the edge of stability, ICLR, arXiv:2103.00065" },
  { who: "Sohl-Dickstein", year: 2024, what: "The edge between steps that learn and steps that do not is a fractal.", source: "The boundary of neural network trainability is fractal, arXiv:2402.06184" },
];
