// Writes PNGs with a palette, a third of the size of what a browser's screenshot has: icons have few colours.

import { crc32, deflateSync } from "node:zlib";

const MOST_COLOURS = 256;

/** @param {string} type @param {Buffer} data */
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** The nearest value of so many that are evenly spread from 0 to 255. @param {number} value @param {number} steps */
const nearest = (value, steps) => Math.round((Math.round((value / 255) * (steps - 1)) / (steps - 1)) * 255);

/**
 * A picture as PNG. Where it has more than 256 colours, the finest differences go: those of blurred edges.
 * @param {Uint8Array} pixels RGBA
 * @param {number} width
 */
export function png(pixels, width) {
  const height = pixels.length / 4 / width;
  for (let steps = 256; ; steps /= 2) {
    /** @type {Map<number, number>} */
    const colours = new Map();
    const rows = Buffer.alloc(height * (width + 1));
    for (let i = 0; i < width * height; i++) {
      const part = (/** @type {number} */ index) => nearest(pixels[4 * i + index] ?? 0, steps);
      // What cannot be seen has one colour.
      const colour = part(3) === 0 ? 0 : ((part(0) << 24) | (part(1) << 16) | (part(2) << 8) | part(3)) >>> 0;
      if (!colours.has(colour)) colours.set(colour, colours.size);
      // Each row begins with its filter: none.
      rows[i + Math.floor(i / width) + 1] = colours.get(colour) ?? 0;
    }
    if (colours.size > MOST_COLOURS) continue;
    const header = Buffer.alloc(13);
    header.writeUInt32BE(width, 0);
    header.writeUInt32BE(height, 4);
    header.set([8, 3, 0, 0, 0], 8);
    const of = (/** @type {number[]} */ shifts) => Buffer.from([...colours.keys()].flatMap((colour) => shifts.map((shift) => (colour >>> shift) & 255)));
    const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    return Buffer.concat([signature, chunk("IHDR", header), chunk("PLTE", of([24, 16, 8])), chunk("tRNS", of([0])), chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
  }
}
