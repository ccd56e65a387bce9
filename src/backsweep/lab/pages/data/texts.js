/** What the page says about each of its parts, in three levels. */

/** @type {Record<string, import("../shared/levels.js").Text>} */
export const TEXTS = {
  table: {
    glance: "Each row is a case, each column something known about it. Choose the column that the network is to find out from the others.",
    depth: "Columns of numbers and of classes, with how their values are spread. One is predicted, or several of a kind (*predict too*), the others learned from or left out. What is the same for no two rows only names them, and is left out by itself.",
    maths: "As input a number has mean 0 and standard deviation 1 over the cases that are learned from; a class has a [unit] of its own, 1 or 0. Predicted classes are softmax units, predicted numbers linear ones.",
  },
  network: {
    glance: "The columns come in on the left, the answer goes out on the right. The [hidden units|hidden unit] between them have no names yet: learning gives them something to say.",
    depth: "Layers of [units|unit], each hearing from the layers below that are joined to it. A link may skip a layer. Few hidden units must generalise; many can learn by heart.",
    maths: "y = f(x), x = Σ w y + [bias] by (1) and (2), with f as chosen for each layer. The notation below says the same in a line for each layer; write there what the buttons cannot.",
  },
  rule: {
    glance: "Good settings stand here already. Press *Learn* and see; change one thing at a time.",
    depth: "Held-out cases are kept apart for the test at the end, each class giving its part. [Epsilon|epsilon] is the step, [alpha] the share of the last step that is repeated; each run has a [start] of its own.",
    maths: "Δw(t) = −{ε|epsilon} ∂E/∂w + {α|alpha} Δw(t−1), equation (9), E divided by the number of cases so that ε suits a table of any length. Starts are drawn from U(−r, r), by (seed, run).",
  },
};

/** @type {Record<string, import("../shared/levels.js").Text>} */
export const STORY = {
  before: {
    glance: "Take a table of your own, or this example, and let a network find the answer in it. Everything stays on this machine.",
    depth: "A table, a column to be predicted, and a network whose [hidden units|hidden unit] have to work out by themselves what matters. Nothing leaves this machine.",
    maths: "A mapping from the columns of a table to one of them, fitted by gradient descent on %E. Nothing leaves this machine.",
  },
  learning: {
    glance: "It learns: after every [sweep] each [weight] is a little better than before. Stop when you have seen enough; what is learned is kept.",
    depth: "It learns: the [error] of the first [run] is drawn as it falls. Stop when you like; what is learned by then is kept.",
    maths: "Gradient descent with momentum is under way; the error E of the first [run] is drawn sweep by sweep. Stop when you like; what is learned by then is kept.",
  },
};
