/** All 104 questions: people down, relations across, what is right and what broke. */

import { s, set, watchWidth } from "../shared/dom.js";
import { roving, stopAt } from "../shared/roving.js";
import { stand } from "../shared/links.js";
import { legendOf, swatches } from "../shared/legend.js";

/** @typedef {import("./run.js").Run} Run */
/** @typedef {import("./run.js").Answers} Answers */

/** @param {HTMLElement} frame @param {{choose: (q: number) => void, point: (q: number | null) => void}} options */
export function facts(frame, { choose, point }) {
  const svg = s("svg", { class: "all-facts", role: "group", "aria-label": "All 104 questions. Arrow keys move from one to the next." });
  frame.append(svg);
  /** @type {Run | null} */ let run = null;
  /** @type {any[]} */ let cells = [];
  let width = 0;
  /** @type {(() => void) | null} */ let again = null;

  function draw() {
    if (!run || !width) return;
    const { message, people } = run;
    const beside = width >= 620;
    const wide = beside ? (width - 28) / 2 : width;
    const room = 84;
    const cell = Math.min(26, (wide - room) / 12);
    const head = 62;
    const high = head + 12 * cell + 8;
    const height = beside ? high : 2 * high + 14;
    set(svg, { viewBox: `0 0 ${width} ${height}`, width, height });
    svg.replaceChildren();
    cells = [];
    for (const side of [0, 1]) {
      const [left, top] = beside ? [side * (wide + 28), 0] : [0, side * (high + 14)];
      message.relations.forEach((relation, k) => {
        const [x, y] = [left + room + (k + 0.62) * cell, top + head - 7];
        svg.append(s("text", { class: "fact-name", transform: `translate(${x},${y}) rotate(-58)`, "data-relation": relation }, relation));
      });
      for (let k = 0; k < 12; k++) {
        const name = people[side * 12 + k];
        const y = top + head + k * cell;
        svg.append(s("text", { class: "fact-name person-of", x: left + room - 9, y: y + cell / 2 + 4.5, "data-person": name }, name));
        svg.append(s("line", { class: "fact-rule", x1: left + room, x2: left + room + 12 * cell, y1: y + cell / 2, y2: y + cell / 2 }));
        message.questions.forEach((question, q) => {
          if (question.person !== name) return;
          const x = left + room + (message.relations.indexOf(question.relation) + 0.5) * cell;
          cells.push({ q, ...fact(x, y + cell / 2, cell, !(/** @type {Run} */ (run).told[q])) });
        });
      }
    }
    svg.append(...cells.map((one) => one.node));
    roving(
      cells.map((one) => one.node),
      { choose: (k) => choose(cells[k].q), point: (k) => point(k === null ? null : cells[k].q) },
    );
    again?.();
  }

  /** @param {number} x @param {number} y @param {number} cell @param {boolean} isHeldOut */
  function fact(x, y, cell, isHeldOut) {
    const r = cell * 0.33;
    const d = isHeldOut ? `M0,${-1.42 * r}L${1.42 * r},0L0,${1.42 * r}L${-1.42 * r},0Z` : `M${-r},${-r}H${r}V${r}H${-r}Z`;
    const c = r * 0.62;
    const node = s(
      "g",
      { class: "fact", role: "button", transform: `translate(${x.toFixed(1)},${y.toFixed(1)})` },
      s("rect", { class: "fact-hit", x: -cell / 2, y: -cell / 2, width: cell, height: cell, rx: 4 }),
      s("path", { class: "fact-shape", d }),
      s("path", { class: "fact-cross", d: `M${-c},${-c}L${c},${c}M${c},${-c}L${-c},${c}` }),
    );
    if (isHeldOut) node.classList.add("held-out");
    else stand(node, "told");
    return { node, was: "" };
  }

  /** @param {Answers} intact @param {Answers | null} lesioned @param {number} row @param {number} chosen */
  function show(intact, lesioned, row, chosen) {
    again = () => show(intact, lesioned, row, chosen);
    if (!run) return;
    const now = lesioned ?? intact;
    for (const one of cells) {
      const right = now.right(row, one.q);
      const broken = lesioned !== null && !right && intact.right(row, one.q);
      const kind = broken ? "broken" : right ? "right" : "wrong";
      const mark = `${kind}${one.q === chosen}`;
      if (one.was === mark) continue;
      one.was = mark;
      for (const name of ["right", "wrong", "broken"]) one.node.classList.toggle(name, name === kind);
      one.node.classList.toggle("chosen", one.q === chosen);
      const { person, relation } = run.message.questions[one.q];
      const told = run.told[one.q] ? "" : ", never told";
      set(one.node, { "aria-label": `${person}’s ${relation}${told}: ${broken ? "broken by the lesion" : kind}`, "aria-pressed": String(one.q === chosen) });
    }
    const { person, relation } = run.message.questions[chosen];
    for (const text of svg.querySelectorAll("text")) {
      const { person: p, relation: r } = /** @type {any} */ (text).dataset;
      text.classList.toggle("hot", p === person || r === relation);
    }
    if (!svg.contains(document.activeElement)) stopAt(cells.map((one) => one.node), cells.findIndex((one) => one.q === chosen));
  }

  const stop = watchWidth(frame, (now) => {
    width = now;
    draw();
  });
  return {
    /** @param {Run} next */
    lay(next) {
      run = next;
      draw();
    },
    show,
    svg,
    stop,
  };
}

/** What the marks mean. @param {boolean} isLesioned */
export function factsLegend(isLesioned) {
  const swatch = swatches("all-facts", 18, 18);
  const [square, diamond] = ["M3,3H15V15H3Z", "M9,1L17,9L9,17L1,9Z"];
  const mark = (/** @type {string} */ text, /** @type {string} */ cls, d = square) => swatch(text, [s("path", { class: "fact-shape", d }), s("path", { class: "fact-cross", d: "M5.4,5.4L12.6,12.6M12.6,5.4L5.4,12.6" })], `fact ${cls}`);
  return legendOf(mark("right", "right"), mark("wrong", "wrong"), mark("never told, and right", "held-out right", diamond), mark("never told, and wrong", "held-out wrong", diamond), isLesioned && mark("broken by the lesion", "broken"));
}
