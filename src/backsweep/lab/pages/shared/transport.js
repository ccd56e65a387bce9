/** The transport: a slider over the sweeps with play, pause, step and step back. */

import { calm, h, s, set } from "./dom.js";
import { SPEEDS } from "./state.js";

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
 * What it spans is said by `span`, before it is shown.
 * @param {{state: import("./state.js").State, move: (sweep: number) => void, pace?: number | ((place: number) => number), above?: HTMLElement}} options
 *   `pace` is how many places pass in a second, the same everywhere or from place to place;
 *   `above` stands over the curve along the slider
 */
export function transport({ state, move, pace = 55, above }) {
  const paceAt = typeof pace === "function" ? pace : () => pace;
  let [last, every, sweep] = [1, 1, 0];
  const same = (/** @type {number} */ place) => place;
  let named = same;
  let playing = false;
  let exact = 0;
  let before = 0;

  const slider = h("input", { type: "range", min: 0, value: 0, class: "sweeps", "aria-label": "Sweep", "aria-describedby": "steps" });
  const ground = s("g", {});
  const whole = s("path", { class: "trace" });
  const past = s("path", { class: "trace past" });
  const trace = s("svg", { class: "trace-box", preserveAspectRatio: "none", "aria-hidden": "true" }, ground, whole, past);
  const marks = h("div", { class: "marks" });
  const number = h("output", { class: "sweep-number", "aria-live": "off" });
  const steps = h("span", { class: "steps", id: "steps" });
  const button = (/** @type {keyof typeof ICONS} */ shape, /** @type {string} */ label, /** @type {() => void} */ act, cls = "") =>
    h("button", { type: "button", class: `round ${cls}`, "aria-label": label, title: label, onclick: act }, icon(shape));
  const play = button("play", "Play", () => toggle(), "play");
  const speeds = h(
    "select",
    { class: "speed", "aria-label": "Speed", onchange: () => state.set({ speed: speeds.value }) },
    ...Object.keys(SPEEDS).map((value) => h("option", { value }, value)),
  );
  const showSpeed = () => (speeds.value = state.get("speed"));
  showSpeed();
  const untold = state.subscribe((changed) => changed.has("speed") && showSpeed());
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
    h("div", { class: "rail" }, above, trace, slider, marks),
    h("div", { class: "sweep-said" }, number, steps),
    speeds,
  );

  slider.addEventListener("input", () => {
    pause();
    jumpTo(Number(slider.value));
  });

  /** @param {number} next */
  function jumpTo(next) {
    const clamped = Math.max(0, Math.min(last, next));
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
    exact += (Math.max(0, now - before) / 1000) * paceAt(sweep) * every * SPEEDS[state.get("speed")];
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

  /** Whoever stops it at a sweep has chosen that. */
  const toggle = () => (playing ? jump(sweep) : start());

  /** Arrow keys and the space bar move through time wherever they mean nothing else. @param {KeyboardEvent} event */
  function key(event) {
    const at = /** @type {HTMLElement} */ (event.target);
    const isOwn = at === slider;
    const isSpace = event.key === " ";
    // A radio that is checked has no use for the space bar.
    const isFree = isOwn || (isSpace && at.matches("[type=radio]:checked"));
    if (event.ctrlKey || event.metaKey || event.altKey || (!isFree && at.closest("input, select, textarea, [role=tab], summary"))) return;
    const step = { ArrowLeft: -1, ArrowRight: 1, ...(isOwn && { ArrowDown: -1, ArrowUp: 1, PageDown: -10, PageUp: 10 }) }[event.key];
    if (step) jump(sweep + step * every * (event.shiftKey ? 10 : 1));
    else if (event.key === "Home") jump(0);
    else if (event.key === "End") jump(last);
    else if (isSpace && !at.closest("button, a, [role=button]")) event.repeat || toggle();
    else return;
    event.preventDefault();
  }
  addEventListener("keydown", key);

  return {
    element,
    /** @param {number} next */
    display(next) {
      if (next !== sweep) exact = next; // it plays on from where it was put
      display(next);
    },
    /**
     * Go from 0 to `last`; `every` is how many sweeps lie between two places, `named` gives
     * the sweep of a place where places are no sweeps.
     * @param {{last: number, every?: number, named?: (place: number) => number}} next
     */
    span(next) {
      ({ last, every = 1, named = same } = next);
      set(slider, { max: last, step: every });
      set(trace, { viewBox: `0 0 ${last / every} 1` });
      const far = Array.from({ length: last / every }, (_, k) => named((k + 1) * every) - named(k * every));
      const [low, high] = [Math.min(...far), Math.max(...far)];
      steps.textContent = high > 1 ? `steps of ${low < high ? `${low} to ` : ""}${high}` : "";
      display(Math.min(sweep, last));
    },
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
      untold();
      removeEventListener("keydown", key);
    },
  };
}
