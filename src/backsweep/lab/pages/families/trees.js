/**
 * The two family trees. Everybody in them is an output unit too: whom the network
 * names is filled, whom it should name wears a ring.
 */

import { s, set, watchWidth } from "../shared/dom.js";
import { fixed } from "../shared/format.js";
import { roving, stopAt } from "../shared/roving.js";
import { stand } from "../shared/links.js";
import { legendOf, swatches } from "../shared/legend.js";

/** @typedef {import("./run.js").Run} Run */
/** @typedef {import("./run.js").Answers} Answers */
/** @typedef {{x: number, y: number, low: boolean}} Place */

const SAID = 0.2; // from here on a number is written, asked for or not
const TICK = "M-4,0.3L-1.2,3.2L4.2,-3.4";
const CROSS = "M-3.4,-3.4L3.4,3.4M3.4,-3.4L-3.4,3.4";
let count = 0;

/**
 * Where people stand, in steps: across from 0 to 5, down from 0 to 2.
 * @param {readonly (readonly string[])[]} couples the eldest first
 * @param {readonly import("../shared/messages.js").Relative[]} people of one tree
 */
function places(couples, people) {
  const eldest = couples.slice(0, 2);
  const middle = couples.slice(2);
  /** @type {Map<string, {x: number, y: number}>} */ const found = new Map();
  middle.flat().forEach((name, k) => found.set(name, { x: k, y: 1 }));
  const childrenOf = (/** @type {readonly string[]} */ couple) => people.filter((one) => one.parents.some((parent) => couple.includes(parent)));
  const centre = (/** @type {string[]} */ names) => names.reduce((sum, name) => sum + (found.get(name)?.x ?? 0), 0) / names.length;
  for (const couple of eldest) {
    const over = centre(childrenOf(couple).map((one) => one.name));
    couple.forEach((name, k) => found.set(name, { x: over + (k - 0.5) * 1.16 - (over < 2.5 ? 0.12 : -0.12), y: 0 }));
  }
  for (const couple of middle) {
    const children = childrenOf(couple);
    children.forEach((one, k) => found.set(one.name, { x: centre([...couple]) + (k - (children.length - 1) / 2) * 1.3, y: 2 }));
  }
  return { found, families: couples.map((couple) => ({ couple, children: childrenOf(couple).map((one) => one.name) })) };
}

/** @param {HTMLElement} frame @param {{choose: (person: string) => void}} options */
export function familyTrees(frame, { choose }) {
  const id = `tree${++count}`;
  const svg = s("svg", { class: "trees", role: "group", "aria-label": "The two family trees. Arrow keys move from person to person." });
  frame.append(svg);
  /** @type {Run | null} */ let run = null;
  /** @type {any[]} */ let nodes = [];
  let width = 0;
  /** @type {(() => void) | null} */ let again = null;

  function draw() {
    if (!run || !width) return;
    const { people, couples } = run.message;
    const beside = width >= 700;
    const wide = beside ? (width - 36) / 2 : width;
    const step = wide / 6;
    const radius = Math.min(25, step * 0.36);
    const down = radius * 2 + (beside ? 98 : 66);
    const dense = step < 62;
    const high = 3 * down - 4;
    const height = beside ? high : 2 * high + 26;
    set(svg, { viewBox: `0 0 ${width} ${height}`, width, height });
    svg.replaceChildren();
    nodes = [];
    couples.forEach((tree, side) => {
      const own = people.filter((one) => tree.flat().includes(one.name) || tree.flat().some((name) => one.parents.includes(name)));
      const { found, families } = places(tree, own);
      const [left, top] = beside ? [side * (wide + 36), 0] : [0, side * (high + 26)];
      const at = (/** @type {string} */ name) => {
        const place = /** @type {{x: number, y: number}} */ (found.get(name));
        return { x: left + (place.x + 0.5) * step, y: top + 40 + place.y * down, low: dense && place.y < 2 && tree.flat().indexOf(name) % 2 === 1 };
      };
      svg.append(s("text", { x: left + 2, y: top + 14, class: "tree-name" }, own[0].nationality));
      svg.append(s("path", { class: "kin", d: families.map((family) => kin(family, at, radius, down)).join("") }));
      for (const one of own) nodes.push(person(one, at(one.name), radius));
    });
    nodes.sort((a, b) => a.index - b.index);
    svg.append(...nodes.map((one) => one.node));
    roving(
      nodes.map((one) => one.node),
      { choose: (k) => choose(nodes[k].name) },
    );
    again?.();
  }

  /**
   * A couple's bar, and the way down to its children.
   * @param {{couple: readonly string[], children: string[]}} family
   * @param {(name: string) => Place} at @param {number} radius @param {number} down
   */
  function kin({ couple, children }, at, radius, down) {
    const [a, b] = couple.map(at);
    let d = `M${a.x + radius},${a.y - 2.5}H${b.x - radius}M${a.x + radius},${a.y + 2.5}H${b.x - radius}`;
    if (children.length) {
      const rail = a.y + down - radius - 15;
      const ends = children.map((name) => at(name).x);
      const middle = (a.x + b.x) / 2;
      d += `M${middle},${a.y + 2.5}V${rail}M${Math.min(middle, ...ends)},${rail}H${Math.max(middle, ...ends)}`;
      for (const name of children) d += `M${at(name).x},${rail}V${at(name).y - radius}`;
    }
    return d;
  }

  /** @param {import("../shared/messages.js").Relative} one @param {Place} at @param {number} radius */
  function person(one, at, radius) {
    const index = /** @type {Run} */ (run).people.indexOf(one.name);
    const clip = `${id}-${index}`;
    const fill = s("rect", { class: "activity", x: at.x - radius, width: 2 * radius });
    const value = s("text", { x: at.x, y: at.y + 4.5, class: "person-value" });
    const badge = s("g", { class: "badge", transform: `translate(${at.x + radius * 0.86},${at.y - radius * 0.86})` }, s("circle", { r: 8.5 }), s("path", {}));
    const node = s(
      "g",
      { class: "person", role: "button", "data-person": one.name },
      s("defs", {}, s("clipPath", { id: clip }, s("circle", { cx: at.x, cy: at.y, r: radius - 1 }))),
      s("circle", { cx: at.x, cy: at.y, r: radius + 9, class: "halo" }),
      s("circle", { cx: at.x, cy: at.y, r: radius + 4.5, class: "wanted" }),
      s("circle", { cx: at.x, cy: at.y, r: radius, class: "vessel" }),
      s("g", { "clip-path": `url(#${clip})` }, fill),
      s("circle", { cx: at.x, cy: at.y, r: radius, class: "rim" }),
      value,
      s("text", { x: at.x, y: at.y + 6, class: "query" }, "?"),
      badge,
      s("text", { x: at.x, y: at.y + radius + (at.low ? 31 : 18), class: "person-name" }, one.name),
    );
    stand(node, `y:output:${index}`, `d:output:${index}`);
    return { name: one.name, index, node, fill, value, badge, radius, y: at.y };
  }

  /** @param {Answers} answers @param {number} row @param {number} q */
  function show(answers, row, q) {
    again = () => show(answers, row, q);
    if (!run) return;
    const asked = run.message.questions[q];
    for (const one of nodes) {
      const y = answers.output(row, q, one.index);
      const wanted = asked.answers.includes(one.name);
      const named = y > 0.5;
      const high = 2 * one.radius * y;
      one.fill.setAttribute("y", (one.y + one.radius - high).toFixed(2));
      one.fill.setAttribute("height", high.toFixed(2));
      one.value.textContent = one.radius > 15 && one.name !== asked.person && (wanted || y >= SAID) ? fixed(y, 2) : "";
      one.node.classList.toggle("wanted-one", wanted);
      one.node.classList.toggle("asked", one.name === asked.person);
      const verdict = wanted === named ? (wanted ? "right" : "") : "wrong";
      one.badge.setAttribute("class", `badge ${verdict}`);
      one.badge.lastChild.setAttribute("d", verdict === "wrong" ? CROSS : TICK);
      const said = `${one.name}: ${fixed(y, 2)}${wanted ? ", a right answer" : ""}${one.name === asked.person ? ", asked about" : ""}`;
      if (one.said !== said) one.node.setAttribute("aria-label", (one.said = said));
    }
    const at = nodes.findIndex((one) => one.name === asked.person);
    if (!svg.contains(document.activeElement)) stopAt(nodes.map((one) => one.node), at);
  }

  const stop = watchWidth(frame, (now) => {
    width = now;
    draw();
  });
  return {
    /** @param {Run} next */
    lay(next) {
      const isNew = run?.people.length !== next.people.length;
      run = next;
      if (isNew || !nodes.length) draw();
    },
    show,
    svg,
    stop,
  };
}

/** What the marks of the trees mean. */
export function treesLegend() {
  const swatch = swatches("trees", 26, 24);
  const circle = (/** @type {string} */ cls, r = 8) => s("circle", { cx: 13, cy: 12, r, class: cls });
  const badge = (/** @type {string} */ text, /** @type {string} */ kind, /** @type {string} */ d) => swatch(text, [s("g", { class: `badge ${kind}`, transform: "translate(13,12)" }, s("circle", { r: 8.5 }), s("path", { d }))]);
  return legendOf(
    swatch("asked about", [circle("vessel", 9), circle("rim", 9), s("text", { x: 13, y: 17, class: "query" }, "?")], "person asked"),
    swatch("named as strongly as it is full", [circle("vessel"), s("path", { d: "M5.4,14H20.6A8,8 0 0 1 5.4,14Z", class: "activity" }), circle("rim")], "person"),
    swatch("should be named", [circle("wanted", 11), circle("vessel", 7), circle("rim", 7)], "person wanted-one"),
    badge("is", "right", TICK),
    badge("wrongly named, or not named", "wrong", CROSS),
  );
}
