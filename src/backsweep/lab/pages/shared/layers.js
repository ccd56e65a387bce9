/** Layers of a network, changed one by one and written in the notation. */

/** @typedef {import("./messages.js").LayerPlan} Layer */

/** Write layers in the notation. @param {readonly Layer[]} layers */
export const written = (layers) =>
  layers.map(({ name, size, activation, sources }) => `${name} ${size}${sources.length ? ` ${activation} <- ${sources.join(", ")}` : ""}`).join("; ");

/** Put a layer below the output. @param {readonly Layer[]} layers */
export function withLayer(layers) {
  const output = layers[layers.length - 1];
  const below = layers[layers.length - 2];
  let count = layers.length - 1;
  while (layers.some((layer) => layer.name === `hidden${count}`)) count++;
  const added = { name: `hidden${count}`, size: Math.max(2, Math.min(8, below.size)), activation: "tanh", sources: [below.name], units: [] };
  const sources = [...new Set(output.sources.map((name) => (name === below.name ? added.name : name)))];
  return [...layers.slice(0, -1), added, { ...output, sources }];
}

/** Take a layer out; what heard from it hears what it heard. @param {readonly Layer[]} layers @param {string} name */
export function without(layers, name) {
  const gone = /** @type {Layer} */ (layers.find((layer) => layer.name === name));
  return layers
    .filter((layer) => layer !== gone)
    .map((layer) => ({ ...layer, sources: [...new Set(layer.sources.flatMap((source) => (source === name ? gone.sources : [source])))] }));
}
