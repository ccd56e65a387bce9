/** The colours and shapes of classes, and how levels from 0 to 65,535 become colours. */

/** @typedef {number[]} Colour red, green, blue */
/** @typedef {{activity: Uint32Array, classes: Uint32Array[], numbers: Uint32Array}} Tables colours by the upper eight bits of a level */

const TINT = 0.45; // how much of a class's colour its ground has at most

/** The outline of a class's mark about 0, 0. @type {((r: number) => string)[]} */
export const SHAPES = [
  (r) => `M${-r},0A${r},${r} 0 1 1 ${r},0A${r},${r} 0 1 1 ${-r},0Z`,
  (r) => `M${-r * 0.9},${-r * 0.9}H${r * 0.9}V${r * 0.9}H${-r * 0.9}Z`,
  (r) => `M0,${-r * 1.25}L${r * 1.15},${r * 0.85}H${-r * 1.15}Z`,
  (r) => `M0,${-r * 1.3}L${r * 1.3},0L0,${r * 1.3}L${-r * 1.3},0Z`,
  (r) => `M0,${r * 1.25}L${r * 1.15},${-r * 0.85}H${-r * 1.15}Z`,
  (r) => `M${-r * 0.45},${-r * 1.2}H${r * 0.45}L${r * 1.2},${-r * 0.45}V${r * 0.45}L${r * 0.45},${r * 1.2}H${-r * 0.45}L${-r * 1.2},${r * 0.45}V${-r * 0.45}Z`,
];
/** @param {number} of the class @param {number} r */
export const shape = (of, r) => SHAPES[of % SHAPES.length](r);

/** The variable of a class's colour. @param {number} of */
export const colourOf = (of) => `var(--class-${(of % SHAPES.length) + 1})`;

/** Give an element the colour that its style calls for. @template {HTMLElement | SVGElement} T @param {T} element @param {string} colour @returns {T} */
export function coloured(element, colour) {
  element.style.setProperty("--key", colour);
  return element;
}

/** The colour of a number, 0 to 1 on its scale. @param {number} share */
export const numberColour = (share) => {
  const far = Math.round(100 * Math.min(1, Math.abs(2 * share - 1)));
  return `color-mix(in srgb, ${share < 0.5 ? colourOf(1) : colourOf(0)} ${far}%, var(--plane-off))`;
};

const packed = (/** @type {Colour} */ [r, g, b]) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
const mixed = (/** @type {Colour} */ a, /** @type {Colour} */ b, /** @type {number} */ share) => a.map((v, k) => Math.round(v + (b[k] - v) * share));

/** 256 colours from the first through the others. @param {...Colour} through */
function ramp(...through) {
  const last = through.length - 1;
  return Uint32Array.from({ length: 256 }, (_, k) => {
    const at = (k / 255) * last;
    const from = Math.min(last - 1, Math.floor(at));
    return packed(mixed(through[from], through[from + 1], at - from));
  });
}

/** The colours of the theme that holds now. @returns {Tables} */
export function tables() {
  const style = getComputedStyle(document.documentElement);
  const read = (/** @type {string} */ name) => [1, 3, 5].map((k) => parseInt(style.getPropertyValue(name).trim().slice(k, k + 2), 16));
  const ground = read("--plane-off");
  const grounds = Array.from({ length: SHAPES.length }, (_, k) => mixed(ground, read(`--class-${k + 1}`), TINT));
  return { activity: ramp(ground, read("--plane-on")), classes: grounds.map((one) => ramp(ground, one)), numbers: ramp(grounds[1], ground, grounds[0]) };
}

/**
 * What fills a canvas, row by row from below.
 * @param {HTMLCanvasElement} canvas
 * @returns {(side: number, colour: (place: number) => number) => void}
 */
export function painter(canvas) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  /** @type {ImageData | null} */ let image = null;
  return (side, colour) => {
    if (!image || image.width !== side || canvas.width !== side) {
      canvas.width = canvas.height = side;
      image = context.createImageData(side, side);
    }
    const pixels = new Uint32Array(image.data.buffer);
    for (let row = 0; row < side; row++) for (let k = 0; k < side; k++) pixels[(side - 1 - row) * side + k] = colour(row * side + k);
    context.putImageData(image, 0, 0);
  };
}

/**
 * Which class wins at a place, and by how much, 0 to 65,535: the strongest over the next.
 * @param {readonly Uint16Array[]} sheets one of each class
 * @param {number} place
 */
export function winner(sheets, place) {
  let best = 0;
  let next = -1;
  for (let k = 1; k < sheets.length; k++) {
    if (sheets[k][place] > sheets[best][place]) [best, next] = [k, best];
    else if (next < 0 || sheets[k][place] > sheets[next][place]) next = k;
  }
  return [best, sheets[best][place] - (next < 0 ? 0 : sheets[next][place])];
}
