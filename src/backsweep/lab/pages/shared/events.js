/** What came before the letter of 1986, and what came after: a list, the letter marked. */

import { h } from "./dom.js";

/** @type {readonly {year: number, who: string, what: string, source: string}[]} */
const EVENTS = [
  {
    year: 1943,
    who: "McCulloch and Pitts",
    what: "Simple units that fire or do not can compute any logical function, if somebody sets their connections by hand.",
    source: "A logical calculus of the ideas immanent in nervous activity, Bulletin of Mathematical Biophysics 5, 115–133",
  },
  {
    year: 1958,
    who: "Rosenblatt",
    what: "The perceptron learns its connections from examples, with one layer of them.",
    source: "The perceptron, Psychological Review 65, 386–408",
  },
  {
    year: 1969,
    who: "Minsky and Papert",
    what: "What one layer cannot do, XOR and parity among it, is proved. Nobody knows how to teach the layers below.",
    source: "Perceptrons, MIT Press",
  },
  {
    year: 1974,
    who: "Werbos",
    what: "Derivatives can be carried backward through a whole system of equations, step by step.",
    source: "Beyond regression, thesis, Harvard University",
  },
  {
    year: 1986,
    who: "Rumelhart, Hinton and Williams",
    what: "Errors sent back let hidden units find out by themselves what to stand for: what you see on this page.",
    source: "Learning representations by back-propagating errors, Nature 323, 533–536",
  },
  {
    year: 2012,
    who: "AlexNet",
    what: "The same rule, in eight layers and on a million pictures, wins the contest at naming what they show.",
    source: "Krizhevsky, Sutskever and Hinton, ImageNet classification with deep convolutional neural networks, NIPS 25",
  },
  {
    year: 2017,
    who: "The Transformer",
    what: "A network learns where in a text to look. Language models are built on it, and taught by errors sent back.",
    source: "Vaswani and others, Attention is all you need, NIPS 30",
  },
  {
    year: 2021,
    who: "AlphaFold",
    what: "A network predicts the shapes of proteins about as well as they can be measured.",
    source: "Jumper and others, Highly accurate protein structure prediction with AlphaFold, Nature 596, 583–589",
  },
];

export const list = () =>
  h(
    "ol",
    {},
    ...EVENTS.map(({ year, who, what, source }) =>
      h("li", { class: year === 1986 ? "here" : null }, h("strong", {}, String(year)), h("span", { class: "who" }, who), h("p", {}, what), h("cite", {}, source)),
    ),
  );
