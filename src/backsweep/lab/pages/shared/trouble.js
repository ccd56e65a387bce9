/** Trouble: what a page says when something was not done, and how it goes on. */

import { h } from "./dom.js";
import { LOST, Refused, isUnfetched, untilBack } from "./server.js";

const NOT_HELD = 410; // what the server knew before it was started again

/** A sentence begins with a capital; a command, or the name of a file, stays as it is. @param {string} text */
export const begun = (text) => (/^(backsweep |\S+\.\w+ )/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1));

/**
 * @param {AbortSignal} gone when the page is left
 * @param {() => unknown} again asks for everything anew, once the server is back
 */
export function troubleBox(gone, again) {
  // It sticks to the top of the window: what caused it may be far below.
  const element = h("div", { class: "trouble", role: "alert", hidden: true });
  const clear = () => void (element.hidden = true);
  const close = h("button", { type: "button", class: "close", "aria-label": "Close this message", onclick: clear });
  let isWaiting = false;
  /** @param {unknown} error */
  function tell(error) {
    if (gone.aborted) return;
    if (isUnfetched(error)) return void Promise.reject(error); // the shell waits, and opens the page anew
    if (!(error instanceof Refused)) reportError(error);
    const { message, hint, status } = error instanceof Refused ? error : new Refused(String(error));
    const said = [h("strong", {}, begun(message)), hint ? ` ${begun(hint)} ` : " "];
    element.hidden = false;
    // That work has ended stays said when one asks for more while nobody answers.
    if (status !== LOST || !isWaiting) element.replaceChildren(...said, close);
    else if (!element.textContent?.includes(begun(message))) element.append(...said);
    if (status === NOT_HELD) again();
    if (status !== LOST || isWaiting) return;
    isWaiting = true;
    void untilBack(gone).then(() => {
      isWaiting = false;
      if (gone.aborted) return;
      element.hidden = true;
      again();
    });
  }
  return { element, tell, clear };
}
