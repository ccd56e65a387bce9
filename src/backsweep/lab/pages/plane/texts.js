/** What the page says about each of its parts, in three levels. */

/** @type {Record<string, import("../shared/levels.js").Text>} */
export const TEXTS = {
  plane: {
    glance: "Every small square is a [unit] and shows what it says wherever a case could lie: the more colour, the more active it is there. From left to right simple answers are put together until the last ones fit the points. Blue arcs excite, orange ones inhibit.",
    depth: "Each [hidden unit] of the first layer splits the plane by one straight line; the next layer puts such halves together. The wider an arc, the stronger its [weight]. Change the network with + and −: it learns anew at once.",
    maths: "y(a, b) of each unit by (1) and (2) over a grid of inputs (a, b). Dashed: Σ w y + [bias] = 0 of a unit of the first layer. Between classes the border is where the two strongest outputs are equal; a number has lines of equal answer.",
  },
};

/** @type {Record<string, import("../shared/levels.js").Text>} */
export const STORY = {
  before: {
    glance: "Points of two kinds lie on a plane. A network looks at a few hundred of them, and finds out by itself where the one kind ends and the other begins.",
    depth: "Two numbers in, a class or a number out: small enough that one can see all that every [unit] says. Take one of these tables, draw your own, or bring one from the page Your data.",
    maths: "A mapping from the plane to a class or a number, fitted by gradient descent on %E; each hidden unit is a function of two variables that can be drawn.",
  },
  drawing: {
    glance: "Draw a few points of each kind on the plane. The network will find out by itself where the one kind ends and the other begins.",
    depth: "Points of two or three classes, where you want them. Try a line, an island, a spiral: what can so many [hidden units|hidden unit] still fence in, and what not?",
    maths: "A sample of your own from the square, labelled with two classes or three. It stands in the address: the link holds the points.",
  },
  start: {
    glance: "All [weights|weight] are small and random: the network says nearly the same everywhere. Press play, and see it change its mind.",
    depth: "At the [start] the [weights|weight] are small random numbers: no [unit] has found its task yet, and the answer hardly depends on the point.",
    maths: "w(0) is drawn from U(−r, r), and with small weights a smooth activation such as tanh is nearly linear: the border, if there is one, is nearly a straight line.",
  },
  learning: {
    glance: "It learns: after every [sweep] each [weight] is a little better than before, and the border bends toward the points that are still wrong.",
    depth: "It learns: in every [sweep] the [error] of all cases flows back and changes all weights a little.",
    maths: "Gradient descent with momentum is under way, Δw(t) = −{ε|epsilon} ∂E/∂w + {α|alpha} Δw(t−1), equation (9).",
  },
};
