/** The shell: heading, menu, level, theme; and the page that the address names. */

import { PAGES } from "./contents.js";
import { h, s, set } from "./shared/dom.js";
import { LEVELS, NAMES } from "./shared/levels.js";
import { Line, answers, isUnfetched, kept, takeToken, untilBack } from "./shared/server.js";
import { remember, remembered } from "./shared/memory.js";
import { SPEEDS, State, choice, lasting, quiet, words } from "./shared/state.js";
import { toggles } from "./shared/controls.js";

const KEPT = ["level", "theme"];
const THEMES = { auto: "as the system", light: "light", dark: "dark" };

if (kept && location.hash.length < 2) history.replaceState(null, "", `#${kept.state}`);
takeToken();
const state = new State({
  page: choice(PAGES[0].name, PAGES.map((page) => page.name)),
  level: lasting(choice("glance", LEVELS)),
  theme: lasting(choice("auto", Object.keys(THEMES))),
  hide: words("", /^[a-z,]*$/),
  speed: lasting(quiet(choice("normal", Object.keys(SPEEDS)))),
});
// What the reader chose before holds where a link does not say otherwise.
const named = State.named();
for (const name of KEPT) {
  const before = remembered(`backsweep-${name}`);
  if (!named.has(name) && before) state.set({ [name]: before });
}

const dark = matchMedia("(prefers-color-scheme: dark)");
/** @type {Set<(dark: boolean) => void>} */
const themed = new Set();

function paint() {
  const theme = state.get("theme");
  const isDark = theme === "dark" || (theme === "auto" && dark.matches);
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
  for (const told of themed) told(isDark);
}
dark.addEventListener("change", paint);

function themeButton() {
  const order = Object.keys(THEMES);
  const button = h(
    "button",
    { type: "button", class: "round quiet", onclick: () => state.set({ theme: order[(order.indexOf(state.get("theme")) + 1) % 3] }) },
    s("svg", { viewBox: "0 0 20 20", width: 20, height: 20, "aria-hidden": "true" }, s("circle", { cx: 10, cy: 10, r: 7, class: "moon-rim" }), s("path", { d: "M10,3A7,7 0 0 1 10,17Z", class: "moon" })),
  );
  const show = () => {
    const theme = /** @type {keyof typeof THEMES} */ (state.get("theme"));
    const title = `Colours: ${THEMES[theme]}`;
    set(button, { title, "aria-label": title, "data-theme": theme });
  };
  show();
  state.subscribe((changed) => changed.has("theme") && show());
  return button;
}

function linkButton() {
  const button = h("button", { type: "button", class: "plain" }, "Copy link");
  button.addEventListener("click", async () => {
    button.textContent = await navigator.clipboard.writeText(state.link).then(() => "Copied", () => "It is in the address bar");
    setTimeout(() => (button.textContent = "Copy link"), 1600);
  });
  return button;
}

function menu() {
  if (kept) return ""; // a file holds one page
  return h(
    "nav",
    { "aria-label": "Pages" },
    ...PAGES.map((page) => h("a", { href: `#page=${page.name}`, title: page.summary, "aria-current": state.get("page") === page.name ? "page" : null }, page.title)),
  );
}

function head() {
  const level = toggles({
    label: "How much explanation",
    choices: LEVELS.map((name) => ({ value: name, text: NAMES[name] })),
    value: state.get("level"),
    choose: (value) => state.set({ level: value }),
  });
  state.subscribe((changed) => changed.has("level") && level.show(state.get("level")));
  const top = /** @type {HTMLElement} */ (document.getElementById("top"));
  top.replaceChildren(
    h("a", { class: "mark", href: "#" }, h("img", { src: document.querySelector("link[rel=icon]")?.getAttribute("href"), width: 26, height: 26, alt: "" }), h("strong", {}, "Backsweep"), " lab"),
    menu(),
    h("div", { class: "tools" }, level.element, !kept && linkButton(), themeButton()),
  );
  // On a narrow screen the menu is one row that scrolls.
  const here = top.querySelector("[aria-current=page]");
  here?.parentElement?.scrollTo({ left: /** @type {HTMLElement} */ (here).offsetLeft - 40 });
}

const main = /** @type {HTMLElement} */ (document.getElementById("main"));
/** @type {(() => void) | null} */
let leave = null;
let turn = 0;

async function open() {
  const entry = PAGES.find((one) => one.name === state.get("page")) ?? PAGES[0];
  document.title = `${entry.title}: Backsweep lab`;
  head();
  // It stays in sight until the next one comes, and moves no more.
  leave?.();
  leave = null;
  for (const part of main.children) part.toggleAttribute("inert", true);
  const mine = ++turn;
  try {
    const page = await entry.load();
    if (mine !== turn) return; // another one was opened meanwhile
    main.replaceChildren();
    state.extend(page.schema);
    const line = new Line();
    const down = page.mount(main, {
      state,
      line,
      onTheme(told) {
        themed.add(told);
        return () => themed.delete(told);
      },
    });
    leave = () => {
      down();
      line.end();
    };
  } catch (error) {
    if (mine === turn) void missed(error);
  }
}

/**
 * A script did not come, or failed: say so, and where nobody answers open the page once
 * somebody does. A browser does not fetch a script again that it once failed to get.
 * @param {unknown} error
 */
async function missed(error) {
  const mine = turn;
  const isLost = !kept && !(await answers());
  if (mine !== turn) return;
  const [said, hint] = isLost
    ? ["The lab's server does not answer, so that this page cannot be fetched.", "Start it again with backsweep lab; the page will open by itself."]
    : [`A script of this page failed (${error}).`, "Reload this page."];
  main.querySelector("#missed")?.remove();
  main.prepend(h("div", { class: "trouble", role: "alert", id: "missed" }, h("strong", {}, said), ` ${hint}`));
  if (!isLost) return reportError(error);
  await untilBack();
  location.reload();
}

// What a page fetches on demand may be missed as well.
addEventListener("unhandledrejection", (event) => {
  if (!isUnfetched(event.reason)) return;
  event.preventDefault();
  void missed(event.reason);
});
state.subscribe((changed) => {
  for (const name of KEPT) if (changed.has(name)) remember(`backsweep-${name}`, state.get(name));
  if (changed.has("theme")) paint();
  if (changed.has("page")) void open();
});
paint();
void open();
