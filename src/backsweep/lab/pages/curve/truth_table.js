/** The truth table: what is asked, what is said, and whether it is right. */

import { h, s, set } from "../shared/dom.js";
import { answer } from "../shared/format.js";
import { stand } from "../shared/links.js";

/** @typedef {import("../shared/run.js").Run} Run */

/** @param {HTMLElement} frame @param {{choose: (name: string) => void}} options */
export function truthTable(frame, { choose }) {
  const rows = h("div", { class: "cases", role: "radiogroup", "aria-label": "Case" });
  frame.append(rows);
  /** @type {any[]} */ let lines = [];

  /** @param {Run} run */
  function lay(run) {
    const names = [...run.message.case_names, "all"];
    lines = names.map((name, k) => {
      const isCase = k < run.nCases;
      const desired = isCase ? run.message.desired[k][0] : 0;
      const bar = h("span", { class: "bar" });
      const value = h("span", { class: "said" });
      const verdict = h("span", { class: "verdict" });
      const input = h("input", { type: "radio", name: "case", value: name, onchange: () => choose(name) });
      const row = h(
        "label",
        { class: isCase ? "case-row" : "case-row all" },
        input,
        isCase
          ? [
              h("span", { class: "bits" }, ...[...name].map((bit) => h("span", { class: bit === "1" ? "bit on" : "bit" }, bit))),
              h("span", { class: `track ${desired > 0.5 ? "goal-1" : "goal-0"}`, "aria-hidden": "true" }, bar, h("span", { class: "half" }), h("span", { class: "goal-mark" })),
              value,
              verdict,
            ]
          : [h("span", { class: "all-name" }, `all ${run.nCases} at once`)],
      );
      const output = run.nInputs + run.nUnits - 1;
      if (isCase) stand(row, `y:${output}:${name}`, `d:${output}:${name}`);
      return { name, input, bar, value, verdict, row, desired };
    });
    rows.replaceChildren(...lines.map((line) => line.row));
  }

  /** @param {Run} run @param {number} sweep @param {string} chosen */
  function show(run, sweep, chosen) {
    lines.forEach((line, k) => {
      if (line.input.checked !== (line.name === chosen)) line.input.checked = line.name === chosen;
      line.row.classList.toggle("chosen", line.name === chosen);
      if (k >= run.nCases) return;
      const y = run.output(sweep, k);
      const right = run.isRight(sweep, k);
      line.bar.style.transform = `scaleX(${Number.isFinite(y) ? y : 0})`;
      line.value.textContent = answer(y);
      if (line.right !== right) {
        line.right = right;
        line.verdict.replaceChildren(tick(right), h("span", { class: "unseen" }, right ? "right" : "wrong"));
        line.verdict.className = right ? "verdict right" : "verdict wrong";
      }
    });
  }

  return { lay, show };
}

/** @param {boolean} right */
const tick = (right) =>
  s("svg", { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" }, s("path", { d: right ? "M3,8.5L6.5,12L13,4.5" : "M4,4L12,12M12,4L4,12" }));
