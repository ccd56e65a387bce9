/**
 * The letter's Fig. 4: what each of the six units of the person code listens to. The
 * English stand above their Italian twins; a click silences a unit.
 */

import { h, s, set, watchWidth } from "../shared/dom.js";
import { scaleSqrt } from "../shared/d3.js";
import { fixed, signed } from "../shared/format.js";
import { roving } from "../shared/roving.js";
import { stand } from "../shared/links.js";
import { legendOf, swatches } from "../shared/legend.js";

/** @typedef {import("./run.js").Run} Run */

/** @param {HTMLElement} frame @param {{choose: (unit: number) => void, canChoose: (unit: number) => boolean, point: (unit: number | null, person: number | null) => void}} options */
export function receptiveFields(frame, { choose, canChoose, point }) {
  const svg = s("svg", { class: "fields", role: "group", "aria-label": `The receptive fields of the six units.${canChoose(0) ? " Choose one to silence it." : ""}` });
  frame.append(svg);
  /** @type {Run | null} */ let run = null;
  /** @type {any[]} */ let fields = [];
  /** @type {any[]} */ let names = [];
  let width = 0;
  let cell = 20;
  /** @type {(() => void) | null} */ let again = null;

  function draw() {
    if (!run || !width) return;
    const { columns, attributes } = run.message;
    const own = run.block("person code", "person");
    const across = width >= 1020 ? 3 : width >= 560 ? 2 : 1;
    const gutter = 34;
    const wide = (width - gutter * (across - 1)) / across;
    cell = Math.min(38, wide / 12);
    const box = 12 * cell;
    const head = 28;
    const foot = 40;
    const room = 72; // for names
    const down = Math.ceil(6 / across);
    const apart = 22;
    const high = head + 2 * cell + foot;
    const height = 8 + room + down * high + (down - 1) * apart + room;
    set(svg, { viewBox: `0 0 ${width} ${height}`, width, height });
    svg.replaceChildren();
    fields = [];
    names = [];
    for (let unit = 0; unit < 6; unit++) {
      const [column, line] = [unit % across, Math.floor(unit / across)];
      const x = column * (wide + gutter);
      // The names stand above the first row of fields and below the last one.
      const y = 8 + line * (high + apart) + (line ? room : 0);
      const top = y + head + (line ? 0 : room);
      const under = top + 2 * cell + (line === down - 1 ? room : 0);
      const whole = under + foot - y;
      const squares = columns.flatMap((row, side) =>
        row.map((name, k) => {
          const [cx, cy] = [x + (k + 0.5) * cell, top + (side + 0.5) * cell];
          const person = /** @type {Run} */ (run).people.indexOf(name);
          const hit = s("rect", { class: "field-hit", x: cx - cell / 2, y: cy - cell / 2, width: cell, height: cell, "data-person": person });
          stand(hit, `w:${own.start + unit * 24 + person}`);
          hit.addEventListener("pointerenter", () => point(unit, person));
          return { person, cx, cy, hit };
        }),
      );
      const positive = s("path", { class: "square positive" });
      const negative = s("path", { class: "square negative" });
      const title = s("text", { class: "field-name", x, y: y + 14 }, `Unit ${unit + 1}`);
      const means = s("text", { class: "field-means", x: x + 52, y: y + 14 });
      const act = s("text", { class: "field-act", x: x + box, y: y + 14 });
      const bars = attributes.map((attribute, k) => {
        const left = x + (k * box) / attributes.length;
        const long = box / attributes.length - 14;
        const middle = left + long / 2;
        const bar = s("rect", { class: "probe", y: under + 11, height: 5 });
        const label = s("text", { class: "probe-name", x: left, y: under + 31 });
        return { attribute, bar, label, middle, long, shapes: [s("rect", { class: "probe-ground", x: left, width: long, y: under + 11, height: 5, rx: 2 }), bar, s("line", { class: "probe-nil", x1: middle, x2: middle, y1: under + 8, y2: under + 19 }), label] };
      });
      const node = s(
        "g",
        { class: "field", role: canChoose(unit) ? "button" : "img", "data-unit": unit },
        s("rect", { class: "field-halo", x: x - 9, y: y - 6, width: box + 18, height: whole + 10, rx: 12 }),
        title,
        means,
        act,
        s("rect", { class: "field-ground", x, y: top, width: box, height: 2 * cell }),
        s("line", { class: "field-rule", x1: x, x2: x + box, y1: top + cell, y2: top + cell }),
        positive,
        negative,
        ...squares.map((one) => one.hit),
        s("path", { class: "gone", d: `M${x},${top}L${x + box},${top + 2 * cell}M${x + box},${top}L${x},${top + 2 * cell}` }),
        ...bars.flatMap((one) => one.shapes),
      );
      fields.push({ unit, node, squares, positive, negative, means, act, bars });
      if (line === 0) columns[0].forEach((name, k) => names.push(column_name(name, x + (k + 0.5) * cell + 4, top - 7, -56)));
      if (line === down - 1) columns[1].forEach((name, k) => names.push(column_name(name, x + (k + 0.5) * cell - 3, top + 2 * cell + 12, 56)));
    }
    svg.append(...fields.map((one) => one.node), ...names.map((one) => one.node));
    roving(
      fields.map((one) => one.node),
      { choose, point: (k) => point(k, null), across },
    );
    again?.();
  }

  /** @param {string} name @param {number} x @param {number} y @param {number} turn */
  function column_name(name, x, y, turn) {
    const node = s("text", { class: "column-name", transform: `translate(${x.toFixed(1)},${y.toFixed(1)}) rotate(${turn})` }, name);
    return { name, node };
  }

  /** @param {number} row @param {number[]} silent @param {string} asked */
  function show(row, silent, asked) {
    again = () => show(row, silent, asked);
    if (!run || !fields.length) return;
    const size = scaleSqrt([0, run.fieldScale || 1], [0, cell * 0.92]);
    for (const { unit, node, squares, positive, negative, means, act, bars } of fields) {
      let [above, below] = ["", ""];
      for (const one of squares) {
        const w = run.field(row, unit, one.person);
        const side = size(Math.abs(w));
        const d = `M${(one.cx - side / 2).toFixed(1)},${(one.cy - side / 2).toFixed(1)}h${side.toFixed(1)}v${side.toFixed(1)}h${(-side).toFixed(1)}Z`;
        if (w < 0) below += d;
        else above += d;
      }
      positive.setAttribute("d", above);
      negative.setAttribute("d", below);
      const { attribute, r, clear } = run.meaning(row, unit);
      const lost = silent.includes(unit);
      const said = clear ? attribute : "no single thing";
      means.textContent = said;
      node.classList.toggle("clear", clear);
      node.classList.toggle("lost", lost);
      const can = canChoose(unit);
      act.textContent = !can ? "" : lost ? "silenced: let it speak" : "silence";
      set(node, { "aria-pressed": can && String(lost), "aria-label": `Unit ${unit + 1} stands for ${said}, best correlation ${signed(r)} with ${attribute}.${lost ? " It is silenced." : can ? " Silence it." : ""}` });
      bars.forEach((/** @type {any} */ one, /** @type {number} */ k) => {
        const value = run?.correlation(row, k, unit) ?? 0;
        const long = (Math.abs(value) * one.long) / 2;
        one.bar.setAttribute("x", (value < 0 ? one.middle - long : one.middle).toFixed(2));
        one.bar.setAttribute("width", long.toFixed(2));
        const name = one.long < 92 ? one.attribute.slice(0, 6).replace("nation", "nation.").replace("genera", "gener.") : one.attribute;
        one.label.textContent = `${name} ${fixed(value, 2)}`;
        const strong = Math.abs(value) > (run?.message.carries ?? 1);
        one.label.setAttribute("class", strong ? "probe-name strong-r" : "probe-name");
        one.bar.setAttribute("class", strong ? "probe strong-r" : "probe");
      });
    }
    for (const { name, node } of names) node.classList.toggle("hot", name === asked);
  }

  svg.addEventListener("pointerleave", () => point(null, null));
  const stop = watchWidth(frame, (now) => {
    width = now;
    draw();
  });
  return {
    /** @param {Run} next */
    lay(next) {
      const first = !run;
      run = next;
      if (first || !fields.length) draw();
    },
    show,
    svg,
    stop,
  };
}

/** What the marks mean. */
export function fieldsLegend() {
  const swatch = swatches("fields", 18, 18);
  const square = (/** @type {string} */ sign) => [s("rect", { class: `square ${sign}`, x: 2, y: 2, width: 14, height: 14 })];
  return legendOf(swatch("this person excites the unit", square("positive")), swatch("inhibits it", square("negative")), h("li", {}, "the larger, the stronger"));
}
