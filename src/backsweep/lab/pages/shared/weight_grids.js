/** Weights as squares: blue excites, orange inhibits, the area is the size. */

import { h, s, set, watchWidth } from "./dom.js";
import { signed } from "./format.js";

/** @typedef {import("./messages.js").OneRun} OneRun */
const MOST = 1600; // squares of one link

/** @param {HTMLElement} frame */
export function weightGrids(frame) {
  const svg = s("svg", { class: "weights", role: "img" });
  const said = h("p", { class: "pointed" });
  frame.append(svg, said);
  let width = 0;
  /** @type {{message: OneRun, arrays: Record<string, any>} | null} */ let run = null;

  function draw() {
    if (!run || !width) return;
    const { message, arrays } = run;
    const w = arrays.parameters;
    let most = 1e-9;
    for (const value of w) if (Number.isFinite(value) && Math.abs(value) > most) most = Math.abs(value);
    const names = /** @type {Record<string, readonly string[]>} */ ({});
    let above = 0;
    let below = 0;
    for (const layer of message.layers) {
      if (layer.sources.length) names[layer.name] = message.unit_names.slice(above, (above += layer.size));
      else names[layer.name] = message.input_names.slice(below, (below += layer.size));
    }
    const short = (/** @type {string} */ name, /** @type {number} */ room) => {
      const text = name.includes("=") ? name.slice(name.indexOf("=") + 1) : name;
      return text.length > room ? `${text.slice(0, room - 1)}…` : text;
    };
    const shapes = [];
    const label = width < 460 ? 64 : 104;
    let x = 0;
    let y = 0;
    let tall = 0;
    let left = 0;
    const links = message.blocks.filter((block) => block.source !== null);
    for (const block of links) {
      const [to, from] = block.shape;
      const biases = message.blocks.find((one) => one.layer === block.layer && one.source === null);
      const own = biases && links.find((one) => one.layer === block.layer) === block ? biases : null;
      const columns = from + (own ? 1 : 0);
      const size = Math.max(5, Math.min(26, (width - label - 8) / columns, columns > 30 ? 12 : 26));
      const wide = Math.max(label + columns * size + 26, 150);
      if (x && x + wide > width) {
        x = 0;
        y += tall;
        tall = 0;
      }
      const top = y + 30;
      shapes.push(s("text", { x, y: y + 16, class: "grid-title" }, `${block.source} → ${block.layer}`));
      if (to * from > MOST) {
        shapes.push(s("text", { x, y: top + 14 }, `${to} × ${from} weights: too many to draw`));
        tall = Math.max(tall, 70);
        x += wide;
        continue;
      }
      shapes.push(s("rect", { x: x + label, y: top, width: columns * size, height: to * size, class: "grid-ground" }));
      for (let j = 0; j < to; j++) {
        if (size >= 10) shapes.push(s("text", { x: x + label - 6, y: top + (j + 0.5) * size + 5, "text-anchor": "end" }, short(/^\d+$/.test(names[block.layer][j]) ? `${block.layer} ${names[block.layer][j]}` : names[block.layer][j], width < 460 ? 9 : 14)));
        for (let i = 0; i < columns; i++) {
          const index = i < from ? block.start + j * from + i : /** @type {any} */ (own).start + j;
          const value = w[index];
          const side = Math.sqrt(Math.min(1, Math.abs(value) / most)) * (size - 2);
          if (!Number.isFinite(value)) continue;
          const named = `${i < from ? `${names[block.source ?? ""][i]} to` : "bias of"} ${names[block.layer][j]}: ${signed(value)}`;
          shapes.push(
            s("rect", { x: x + label + (i + 0.5) * size - side / 2, y: top + (j + 0.5) * size - side / 2, width: side, height: side, class: value < 0 ? "square inhibits" : "square excites" }),
            s("rect", { x: x + label + i * size, y: top + j * size, width: size, height: size, class: "hit-square", onpointerenter: () => (said.textContent = named) }),
          );
        }
      }
      const long = size >= 10;
      const longest = Math.min(13, Math.max(4, ...names[block.source ?? ""].map((name) => short(name, 13).length)));
      if (long)
        for (let i = 0; i < columns; i++) {
          const at = [x + label + (i + 0.5) * size + 4, top + to * size + 8];
          shapes.push(s("text", { transform: `translate(${at}) rotate(-55)`, "text-anchor": "end" }, i < from ? short(names[block.source ?? ""][i], 13) : "bias"));
        }
      tall = Math.max(tall, to * size + (long ? 56 + 5.6 * longest : 56));
      x += wide;
      left = Math.max(left, x);
    }
    const height = y + tall;
    set(svg, { viewBox: `0 0 ${width} ${height}`, width, height, "aria-label": `${w.length} weights and biases after sweep ${message.sweep}, the largest ${signed(most).replace("+", "")}.` });
    svg.replaceChildren(...shapes);
  }

  const stop = watchWidth(frame, (now) => {
    width = now;
    draw();
  });
  return {
    /** @param {{message: OneRun, arrays: Record<string, any>}} next */
    show(next) {
      run = next;
      draw();
    },
    svg,
    stop,
  };
}
