/** What is made by long work and then fetched: with what is left of it, and a way out. */

import { h } from "../shared/dom.js";
import { percent } from "../shared/format.js";
import { saveHtml } from "../shared/export.js";
import { stopwatch } from "./timing.js";

/** @typedef {import("../shared/messages.js").TakeMap} TakeMap */

/**
 * @param {import("../shared/server.js").Line} line
 * @param {(error: unknown) => void} trouble
 */
export function making(line, trouble) {
  const bar = h("progress", { max: 1, value: 0, "aria-label": "How much of it is made" });
  const status = h("span", { role: "status" });
  const cancel = h("button", { type: "button", class: "plain" }, "Cancel");
  const element = h("span", { class: "making", hidden: true }, bar, status, cancel);
  /** @type {(() => void) | null} */ let stop = null;
  cancel.addEventListener("click", () => stop?.());

  /** @param {string} words */
  function end(words) {
    stop = null;
    bar.hidden = cancel.hidden = true;
    status.textContent = words;
  }
  return {
    element,
    /** @param {Omit<TakeMap, "work">} wanted @param {string} name of the file */
    begin(wanted, name) {
      if (stop) return;
      const watch = stopwatch();
      element.hidden = bar.hidden = cancel.hidden = false;
      bar.value = 0;
      status.textContent = "It is being made.";
      stop = line.begin(
        { work: "take map", ...wanted },
        {
          progress({ done, total }) {
            bar.value = done / total;
            status.textContent = `${percent(done / total)}, ${watch(done / total)}`;
          },
          done(made) {
            if (!made?.ticket) return end("It was cancelled.");
            end(`${(made.size_bytes / 1e6).toFixed(1)} MB.`);
            saveHtml("api/parcel", { ticket: made.ticket }, name, wanted.form === "record" ? "zip" : "html").catch(trouble);
          },
          refused(refusal) {
            end("");
            trouble(refusal);
          },
        },
      );
    },
    stop: () => stop?.(),
  };
}
