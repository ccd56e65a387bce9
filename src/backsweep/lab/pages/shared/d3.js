/** D3, as the parts of it that the pages use. */

import "../vendor/d3.min.js";

// The vendored file is a script for any loader: it leaves its names on `globalThis`.
export const { area, contours, curveMonotoneX, interpolateViridis, line, scaleLinear, scaleLog, scaleSqrt } = /** @type {any} */ (globalThis).d3;
