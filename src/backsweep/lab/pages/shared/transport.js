/** The transport: a slider over the sweeps with play, pause, step and step back. */

import { calm, h, s, set } from "./dom.js";

const ICONS = {
  first: "M5,4V16M15,4L8,10L15,16Z",
  back: "M13,4L6,10L13,16Z",
  play: "M6,3.5L16,10L6,16.5Z",
  pause: "M6,4H8.5V16H6ZM11.5,4H14V16H11.5Z",
  step: "M7,4L14,10L7,16Z",
};

/** @param {keyof typeof ICONS} name */
const icon = (name) => s("svg", { viewBox: "0 0 20 20", width: 20, height: 20, "aria-hidden": "true", class: "icon" }, s("path", { d: ICONS[name] }));

/**
 * @param {{last: number, move: (sweep: number) => void, name?: string, every?: number, pace?: number | ((place: number) => number), named?: (place: number) => number}} options
 *   `every` is how many sweeps lie between two that can be shown, `pace` how many of
 *   those pass in a second, the same everywhere or from place to place; `named` gives the
 *   sweep to show where places are no sweeps
 */
export function transport({ last, move, name = "Sweep", every = 1, pace = 55, named = (place) => place }) {
  const paceAt = typeof pace === "function" ? pace : () => pace;
  let sweep = 0;
  let speed = 1;
  let playing = false;
  let exact = 0;
  let before = 0;

  const slider = h("input", { type: "range", min: 0, max: last, step: every, value: 0, class: "sweeps", "aria-label": name });
  const ground = s("g", {});
  const whole = s("path", { class: "trace" });
  const past = s("path", { class: "trace past" });
  const trace = s("svg", { class: "trace-box", viewBox: `0 0 ${last / every} 1`, preserveAspectRatio: "none", "aria-hidden": "true" }, ground, whole, past);
  const marks = h("div", { class: "marks" });
  const number = h("output", { class: "sweep-number" });
  const button = (/** @type {keyof typeof ICONS} */ shape, /** @type {string} */ label, /** @type {() => void} */ act, cls = "") =>
    h("button", { type: "button", class: `round ${cls}`, "aria-label": label, title: label, onclick: act }, icon(shape));
  const play = button("play", "Play", () => (playing ? pause() : start()), "play");
  const speeds = h(
    "select",
    { class: "speed", "aria-label": "Speed", onchange: () => (speed = Number(speeds.value)) },
    ...[["0.1", "slow"], ["1", "normal"], ["4", "fast"]].map(([value, text]) => h("option", { value, selected: value === "1" }, text)),
  );
  const element = h(
    "div",
    { class: "transport", role: "group", "aria-label": "Time" },
    h(
      "div",
      { class: "buttons" },
      button("first", "Back to the start", () => jump(0), "extra"),
      button("back", "Step back", () => jump(sweep - every)),
      play,
      button("step", "Step forward", () => jump(sweep + every)),
    ),
    h("div", { class: "rail" }, trace, slider, marks),
    number,
    speeds,
  );

  slider.addEventListener("input", () => {
    pause();
    jumpTo(Number(slider.value));
  });
  slider.addEventListener("keydown", (event) => {
    const by = { PageUp: 10, PageDown: -10 }[event.key];
    if (!by) return;
    event.preventDefault();
    jump(sweep + by * every);
  });

  /** @param {number} next */
  function jumpTo(next) {
    const clamped = Math.max(0, Math.min(last, next));
    if (clamped === sweep) return;
    display(clamped);
    move(clamped);
  }

  /** @param {number} next */
  function jump(next) {
    pause();
    jumpTo(next);
  }

  /** @param {number} next */
  function display(next) {
    sweep = next;
    slider.value = String(next);
    slider.setAttribute("aria-valuetext", `sweep ${named(next)} of ${named(last)}`);
    number.textContent = String(named(next));
    slider.style.setProperty("--done", `${(100 * next) / last}%`);
    past.style.clipPath = `inset(-2px ${100 - (100 * next) / last}% -2px 0)`;
    for (const mark of marks.children) mark.classList.toggle("here", Number(/** @type {HTMLElement} */ (mark).dataset.at) === next);
  }

  /** @param {number} now */
  function tick(now) {
    if (!playing) return;
    exact += (Math.max(0, now - before) / 1000) * paceAt(sweep) * every * speed;
    before = Math.max(before, now);
    const reached = Math.floor(exact / every) * every;
    if (reached !== sweep) jumpTo(reached);
    if (sweep >= last) pause();
    else requestAnimationFrame(tick);
  }

  /** @param {number} [rest] milliseconds before it moves */
  function start(rest = 0) {
    if (sweep >= last) jumpTo(0);
    playing = true;
    exact = sweep;
    set(play, { "aria-label": "Pause", title: "Pause" });
    play.replaceChildren(icon("pause"));
    requestAnimationFrame((now) => {
      before = now + rest;
      tick(now);
    });
  }

  function pause() {
    if (!playing) return;
    playing = false;
    set(play, { "aria-label": "Play", title: "Play" });
    play.replaceChildren(icon("play"));
  }

  /** Arrow keys and the space bar move through time wherever they mean nothing else. @param {KeyboardEvent} event */
  function key(event) {
    const at = /** @type {HTMLElement} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || at.closest("input, select, textarea, [role=radio], [role=tab], summary")) return;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) jump(sweep + step * every * (event.shiftKey ? 10 : 1));
    else if (event.key === "Home") jump(0);
    else if (event.key === "End") jump(last);
    else if (event.key === " " && !at.closest("button, a, [role=button]")) playing ? pause() : start();
    else return;
    event.preventDefault();
  }
  addEventListener("keydown", key);
  display(0);

  return {
    element,
    display,
    /**
     * Draw a curve along the slider, so that one sees where one goes.
     * @param {ArrayLike<number>} values one for each place of the slider
     * @param {(readonly number[] | null)[]} zones from one place to another
     * @param {{at: number, said: string}[]} [marked] places with something to say
     */
    lay(values, zones, marked = []) {
      let top = 0;
      for (let k = 0; k < values.length; k++) if (values[k] > top) top = values[k];
      let d = "M0,1";
      for (let k = 0; k < values.length; k++) if (Number.isFinite(values[k])) d += `L${k},${(1 - (0.96 * values[k]) / (top || 1)).toFixed(4)}`;
      d += `L${values.length - 1},1Z`;
      set(whole, { d });
      set(past, { d });
      ground.replaceChildren(...zones.flatMap((zone, k) => (zone ? [s("rect", { class: k ? "zone drop" : "zone plateau", x: zone[0], width: Math.max(1, zone[1] - zone[0]), y: 0, height: 1 })] : [])));
      marks.replaceChildren(
        ...marked.map(({ at, said }) => {
          const mark = h("button", { type: "button", class: "set-mark", "data-at": at, "aria-label": `${said}: go there`, onclick: () => jump(at) }, h("span", { class: "set-said" }, said));
          mark.style.setProperty("--at", `${(100 * at) / last}%`);
          return mark;
        }),
      );
      display(sweep);
    },
    pause,
    /** Play from where it stands, unless less motion is asked for. */
    begin: (rest = 0) => void (calm() || start(rest)),
    get playing() {
      return playing;
    },
    stop() {
      pause();
      removeEventListener("keydown", key);
    },
  };
}
