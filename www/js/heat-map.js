// @ts-check
/** Draws the picture under the ribbon. Knows no page, only a canvas. */

import { clearCanvas } from "../pkg/view/canvas.js";
import { colourMap } from "./colour-maps.js";

/** @typedef {import("./pictures.js").Heat} Heat */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Heat} heat
 * @param {"sequential" | "diverging"} map
 * @param {import("./colour-maps.js").Theme} theme
 */
export function drawHeat(canvas, heat, map, theme) {
  const place = clearCanvas(canvas);
  if (!place) return;
  const colours = colourMap(map, theme);
  const image = new ImageData(heat.width, heat.height);
  heat.levels.forEach((level, i) => {
    if (Number.isNaN(level)) return;
    const from = Math.round(level * 255) * 3;
    image.data[i * 4] = colours[from];
    image.data[i * 4 + 1] = colours[from + 1];
    image.data[i * 4 + 2] = colours[from + 2];
    image.data[i * 4 + 3] = 255;
  });
  const small = new OffscreenCanvas(heat.width, heat.height);
  small.getContext("2d")?.putImageData(image, 0, 0);
  place.context.drawImage(small, 0, 0, place.width, place.height);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {ReturnType<typeof import("./pictures.js").waveBars>} bars one for each pixel
 * @param {{ peak: string, level: string }} colours
 */
export function drawWave(canvas, bars, colours) {
  const place = clearCanvas(canvas);
  if (!place) return;
  const { context, width, height } = place;
  const [middle, half, step] = [height / 2, height / 2 - 1, width / bars.length];
  /** @param {number} x @param {number} top @param {number} bottom */
  const bar = (x, top, bottom) => context.fillRect(x * step, middle - top * half, step, Math.max(1, (top - bottom) * half));
  context.fillStyle = colours.peak;
  bars.forEach((column, x) => column && bar(x, column.high, column.low));
  context.fillStyle = colours.level;
  bars.forEach((column, x) => column && bar(x, column.level, -column.level));
}
