// @ts-check
/** Reads the one number that the page needs out of a model file's metadata. */

/**
 * From which probability on the verdict counts as sure, as measured on held-out voices. A safetensors file begins
 * with the length of its header, eight bytes little-endian, and the header as JSON.
 * @param {Uint8Array} file one that the library has accepted
 * @returns {number}
 */
export function sureAbove(file) {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)));
  return JSON.parse(header.__metadata__.calibration).sure_above;
}
