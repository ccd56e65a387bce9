/** Trouble: what went wrong, said on the page; a server that went away is waited for. */

import { h } from "./dom.js";
import { Refused, untilBack } from "./server.js";

/** @param {AbortSignal} gone when the page is left @param {() => unknown} again what is done when the server is back */
export function troubleBox(gone, again) {
  const element = h("div", { class: "trouble", role: "alert", hidden: true });
  return {
    element,
    /** @param {unknown} error */
    tell(error) {
      const refused = error instanceof Refused ? error : new Refused(String(error));
      element.hidden = false;
      element.replaceChildren(h("strong", {}, refused.message), refused.hint ? ` ${refused.hint}` : "");
      if (refused === error && refused.status === 0) void untilBack(gone).then(() => (gone.aborted ? undefined : again()));
    },
    clear: () => void (element.hidden = true),
  };
}
