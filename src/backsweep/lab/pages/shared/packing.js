/** Packing: a message with arrays behind it, read without copying. */

const KINDS = { float32: Float32Array, uint8: Uint8Array, uint16: Uint16Array, int32: Int32Array };

/** @typedef {Float32Array | Uint8Array | Uint16Array | Int32Array} Numbers */

/**
 * @param {ArrayBuffer} body
 * @returns {{message: any, arrays: Record<string, Numbers>}}
 */
export function unpacked(body) {
  const length = new DataView(body).getUint32(0, true);
  const message = JSON.parse(new TextDecoder().decode(new Uint8Array(body, 4, length)));
  const arrays = Object.fromEntries(
    message.arrays.map((/** @type {import("./messages.js").ArrayPlace} */ place) => {
      const count = place.shape.reduce((a, b) => a * b, 1);
      return [place.name, new KINDS[place.dtype](body, 4 + length + place.offset, count)];
    }),
  );
  return { message, arrays };
}
