/** What came before the letter of 1986, and what came after, in three levels. */

import { h } from "./dom.js";

/** @type {readonly {year: number, who: string, what: import("./levels.js").Text, source: string}[]} */
const EVENTS = [
  {
    year: 1943,
    who: "McCulloch and Pitts",
    what: {
      glance: "Simple units that fire or stay silent can compute any logical function, if somebody sets their connections by hand.",
      depth: "A unit fires when enough others do, and none that inhibits it. Nets of such units compute whatever logic can say; which connections that takes, a person must find.",
      maths: "y is 1 if the sum of the inputs reaches a threshold and no inhibiting input is 1, else 0. Every Boolean function is a net of these. No rule changes them.",
    },
    source: "A logical calculus of the ideas immanent in nervous activity, Bulletin of Mathematical Biophysics 5, 115–133",
  },
  {
    year: 1958,
    who: "Rosenblatt",
    what: {
      glance: "The perceptron learns its connections from examples, with one layer of them.",
      depth: "After a wrong answer the connections that led to it are changed a little. Only those of the last layer learn; what lies before them is wired once and for all.",
      maths: "Δw = ε (d − y) x, with y either 0 or 1, in the form that is best known. It comes to an end if some plane parts the cases, as was proved in 1962.",
    },
    source: "The perceptron: a probabilistic model for information storage and organization in the brain, Psychological Review 65, 386–408",
  },
  {
    year: 1969,
    who: "Minsky and Papert",
    what: {
      glance: "What one layer cannot do is proved, XOR and parity among it. The authors expect no more of several layers.",
      depth: "Units that each see only a part cannot tell together whether a number of dots is even, or whether a figure hangs together. That several layers would do better seems unlikely to the authors, and few look further.",
      maths: "Parity of n inputs has order n: some unit must see all of them. XOR is the case n = 2: no line parts it.",
    },
    source: "Perceptrons: an introduction to computational geometry, MIT Press",
  },
  {
    year: 1974,
    who: "Werbos",
    what: {
      glance: "Derivatives can be carried backward through a whole system of equations, step by step.",
      depth: "How a result depends on each number in a long chain of calculations is found in one pass from its end to its beginning.",
      maths: "∂E/∂y of a number is the sum, over all that is computed from it, of their derivatives times ∂x/∂y, last to first: the chain rule of equations (5) to (7), for any ordered system.",
    },
    source: "Beyond regression: new tools for prediction and analysis in the behavioral sciences, thesis, Harvard University",
  },
  {
    year: 1986,
    who: "Rumelhart, Hinton and Williams",
    what: {
      glance: "Errors sent back let hidden units find out by themselves what to stand for: what this lab shows.",
      depth: "Hidden units come to stand for what a task needs, though nobody names it: for symmetry, or for somebody’s generation and branch of a family.",
      maths: "Equations (1) to (9): activity up, its derivatives down, Δw(t) = −ε ∂E/∂w(t) + α Δw(t − 1).",
    },
    source: "Learning representations by back-propagating errors, Nature 323, 533–536",
  },
  {
    year: 2012,
    who: "AlexNet",
    what: {
      glance: "The same rule, in eight layers and on a million pictures, wins the contest at naming what they show.",
      depth: "60 million weights learn from 1.2 million pictures on two graphics cards, changed after every few cases. It makes far fewer mistakes than all other entries.",
      maths: "Steps with α = 0.9 after 128 cases each, decay 0.0005, units max(0, x). The right name is not among the first five for 15.3 % of the pictures; for the next best entry for 26.2 %.",
    },
    source: "Krizhevsky, Sutskever and Hinton, ImageNet classification with deep convolutional neural networks, NIPS 25",
  },
  {
    year: 2017,
    who: "The Transformer",
    what: {
      glance: "A network learns where in a text to look. Language models are built on it, and taught by errors sent back.",
      depth: "Each word asks all others and mixes what they answer; whom to heed is learned. All words are worked on at once, not one after the other. Language models are built on it.",
      maths: "softmax(QKᵀ/√d) V: queries Q, keys K and values V are linear in the activities below, and their weights learn by equations like (4) to (7).",
    },
    source: "Vaswani and others, Attention is all you need, NIPS 30",
  },
  {
    year: 2021,
    who: "AlphaFold",
    what: {
      glance: "A network predicts the shapes of proteins, most of them about as well as they can be measured.",
      depth: "From the letters of a protein and of its relatives to the place of every atom, in one network that learns as a whole, by errors sent back. For most proteins of a blind test it came about as near as experiments do.",
      maths: "In the blind test CASP14 the median deviation of the backbone was 0.96 Å, and 2.8 Å for the next best method.",
    },
    source: "Jumper and others, Highly accurate protein structure prediction with AlphaFold, Nature 596, 583–589",
  },
];

/** The timeline as a list, the letter marked; it follows the level. @param {import("./state.js").State} state */
export function list(state) {
  const texts = EVENTS.map(() => h("p", {}));
  const show = () => texts.forEach((text, k) => (text.textContent = EVENTS[k].what[/** @type {import("./levels.js").Level} */ (state.get("level"))]));
  const all = h("ol", {}, ...EVENTS.map(({ year, who, source }, k) => h("li", { class: year === 1986 ? "here" : null }, h("strong", {}, String(year)), h("span", { class: "who" }, who), texts[k], h("cite", {}, source))));
  const stop = state.subscribe((changed) => {
    if (!all.isConnected) stop(); // another page was opened
    else if (changed.has("level")) show();
  });
  show();
  return all;
}
