/** What came before the letter of 1986, and what came after. */

import { h } from "./dom.js";

/** @type {readonly [year: number, who: string, what: string, source: string][]} */
const EVENTS = [
  [1943, "McCulloch and Pitts", "Simple units that fire or do not can compute any logical function, if somebody sets their connections by hand.", "A logical calculus of the ideas immanent in nervous activity, Bulletin of Mathematical Biophysics 5, 115–133"],
  [1958, "Rosenblatt", "The perceptron learns its connections from examples, with one layer of them.", "The perceptron, Psychological Review 65, 386–408"],
  [1969, "Minsky and Papert", "What one layer cannot do, XOR and parity among it, is proved. Nobody knows how to teach the layers below.", "Perceptrons, MIT Press"],
  [1974, "Werbos", "Derivatives can be carried backward through a whole system of equations, step by step.", "Beyond regression, thesis, Harvard University"],
  [1986, "Rumelhart, Hinton and Williams", "Errors sent back let hidden units find out by themselves what to stand for: what you see on this page.", "Learning representations by back-propagating errors, Nature 323, 533–536"],
  [2012, "AlexNet", "The same rule, in eight layers and on a million pictures, wins the contest at naming what they show.", "Krizhevsky, Sutskever and Hinton, ImageNet classification with deep convolutional neural networks, NIPS 25"],
  [2017, "The Transformer", "A network learns where in a text to look. Language models are built on it, and taught by errors sent back.", "Vaswani and others, Attention is all you need, NIPS 30"],
  [2021, "AlphaFold", "A network predicts the shapes of proteins about as well as they can be measured.", "Jumper and others, Highly accurate protein structure prediction with AlphaFold, Nature 596, 583–589"],
];

/** The timeline as a list, the letter marked. */
export function timeline() {
  return h(
    "section",
    { class: "timeline", "aria-label": "What came before, what came after" },
    h("h2", {}, "Before and after"),
    h(
      "ol",
      {},
      ...EVENTS.map(([year, who, what, source]) =>
        h("li", { class: year === 1986 && "here" }, h("strong", {}, year), h("span", { class: "who" }, who), h("p", {}, what), h("cite", {}, source)),
      ),
    ),
  );
}
