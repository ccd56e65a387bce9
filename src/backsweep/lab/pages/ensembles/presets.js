/** Maps worth a look, with what each of them shows. */

/** @typedef {import("../shared/levels.js").Text} Text */
/** @typedef {{name: string, title: string, text: Text, state: Record<string, any>}} Preset */

/** @type {readonly Preset[]} */
export const PRESETS = [
  {
    name: "XOR",
    title: "Where XOR can be learned",
    text: {
      glance: "Each spot is a way of setting up the network: bolder steps to the right, more momentum upward. In yellow spots all networks learn, in violet ones few, in grey ones none. Click one to see them.",
      depth: "In every cell several networks learn XOR, each from a [start] of its own. To the left the steps are too small for so few [sweeps|sweep]; to the right they are so large that the units are thrown to their ends, where hardly any [blame] gets through. Between them runs a yellow band.",
      maths: "Share of runs with all |y − d| < ½ within the sweeps given, by ε and α of equation (9). With momentum steps add up to ε/(1 − α): the left edge follows lines on which that is the same. They are drawn.",
    },
    state: { task: "xor", x: "epsilon", y: "alpha", show: "share", cells: 128, runs: 16, sweeps: 600 },
  },
  {
    name: "XOR, start",
    title: "How large the first weights should be",
    text: {
      glance: "Bolder steps to the right, larger first [weights|weight] upward. Begin too small, and all units stay alike for long; begin too large, and they are set in their ways.",
      depth: "Upward stands the [start] range: weights and biases are drawn between plus and minus that number. From a tiny start the [hidden units|hidden unit] receive nearly the same blame and take long to differ; from a large one many begin saturated, on the wrong side, and are [stuck].",
      maths: "Start U(−r, r) with r upward, ε to the right. Near w = 0 all hidden units have the same ∂E/∂w: symmetry is broken only by the start, and grows from there. At large r, y(1 − y) in (5) is nearly 0.",
    },
    state: { task: "xor", x: "epsilon", y: "start", show: "share", cells: 128, runs: 16, sweeps: 600 },
  },
  {
    name: "Speed",
    title: "Where XOR is learned quickly",
    text: {
      glance: "The same map, coloured by speed: yellow spots take the fewest [sweeps|sweep], violet ones the most. The quickest spots lie close to the edge, where learning breaks down.",
      depth: "The median [sweep] of learning, over those runs that learned. It falls toward the right edge: the best step size is not far below one that is too large.",
      maths: "Median of the sweeps to learn, on a logarithmic scale. Lines on which ε/(1 − α) is the same are nearly lines of the same speed, until that step is too large for the curvature.",
    },
    state: { task: "xor", x: "epsilon", y: "alpha", show: "median", cells: 128, runs: 16, sweeps: 600 },
  },
  {
    name: "Symmetry",
    title: "Where mirror symmetry can be learned",
    text: {
      glance: "A network of two [hidden units|hidden unit] learns whether six lights are the mirror image of each other. Yellow spots are where it always manages.",
      depth: "The network of Fig. 1 of the letter and its 64 [cases|case]. The letter took ε = 0.1 and α = 0.9: close to the edge of the yellow region, where one of eight networks learns, or all of them, from cell to cell.",
      maths: "Network 6-2-1, start U(−0.3, 0.3), E summed over 64 cases: the same curvature is reached at a smaller ε than with the four cases of XOR.",
    },
    state: { task: "symmetry", x: "epsilon", y: "alpha", show: "share", cells: 32, runs: 8, sweeps: 2000, window: "-2,0.5,0,1" },
  },
  {
    name: "Encoder",
    title: "Where a code of three bits is found",
    text: {
      glance: "Eight inputs must be told apart through only three [hidden units|hidden unit]. Here is where networks find such a code.",
      depth: "The encoder 8-3-8: the output is to repeat the input, and what passes between them must fit three units. Each cell has a few networks, from other [starts|start].",
      maths: "Network 8-3-8, all |y − d| < ½ within the sweeps given. A code needs eight corners of the cube that planes can part from each other.",
    },
    state: { task: "encoder:8-3", x: "epsilon", y: "alpha", show: "share", cells: 64, runs: 8, sweeps: 1000 },
  },
  {
    name: "The fractal edge",
    title: "The edge of learning is a fractal",
    text: {
      glance: "Blue settings learn, orange ones do not. Draw a rectangle over the edge between them, and look closer: it has edges within edges, as far down as the numbers of this machine reach.",
      depth: "One small network with one [start]; its two layers have step sizes of their own. Each of very many cells is a [run] of its own. Blue runs end with less [error] than they began with, orange ones with more; the paler, the nearer to the edge.",
      maths: "out = W₁ tanh(√(2/n) W₀x) / n with n = 8, 72 random cases, the mean of (out − d)². [Convergence|convergence] is measured, with v the error over the first one: −Σ v if the last 20 v are under 1 in the mean, else Σ 1/v. Colours by rank on either side.",
    },
    state: { task: "trainability:8", x: "rate of hidden", y: "rate of output", show: "convergence", cells: 512, runs: 1, sweeps: 100 },
  },
  {
    name: "Deep inside",
    title: "Inside the edge",
    text: {
      glance: "A piece of the edge, one two-thousandth of that map. Streaks and islands of either kind lie within the other. Zoom in further: it goes on, to sixteen digits.",
      depth: "A window of a fifth of a power of ten. Steps this close to the edge neither settle nor fly off, but are thrown about; a hair’s breadth decides on which side they come down.",
      maths: "log₁₀ of the hidden rate from 1.27 to 1.47, of the output’s from 1.52 to 1.72. Each sweep maps weights to weights; repeated, it is a dynamical system, as z → z² + c is, whose boundary of the bounded orbits is a fractal too.",
    },
    state: { task: "trainability:8", x: "rate of hidden", y: "rate of output", show: "convergence", cells: 512, runs: 1, sweeps: 100, window: "1.27,1.47,1.52,1.72" },
  },
];

/** What is told of a map that is none of these. @type {{title: string, text: Text}} */
export const OTHERWISE = {
  title: "A map of your own",
  text: {
    glance: "Each spot is a way of setting up the network, and its colour says what came of it.",
    depth: "In every cell networks learn with that cell’s settings, each from a [start] of its own.",
    maths: "Runs are numbered cell by cell, the upward setting going fastest; each start comes from (seed, run) alone.",
  },
};
