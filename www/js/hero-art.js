// @ts-check
/** The picture at the top of the empty page: a made-up ribbon, so that one sees what to expect. Not a result. */

import { MOODS } from "./moods.js";
import { drawRibbon, paletteOf } from "../pkg/view/ribbon.js";

const ORDER = [1, 1, 0, 2, 2, 7, 7, 2, 1, 3, 3, 5, 5, 4, 4, 3, 6, 0, 1, 1];

/** @param {HTMLCanvasElement} canvas */
export function heroArt(canvas) {
  const draw = () => {
    const count = Math.floor(canvas.clientWidth / 9);
    const bars = Array.from({ length: count }, (_, i) => {
      const x = i / count;
      const swell = Math.sin(Math.PI * x) ** 0.7;
      const wave = 0.5 + 0.28 * Math.sin(x * 19 + 1) + 0.22 * Math.sin(x * 47);
      return { mood: MOODS[ORDER[Math.floor(x * ORDER.length)]], certainty: 0.06 + 0.9 * swell * wave, silent: false };
    });
    drawRibbon(canvas, bars, paletteOf(canvas), { sureAbove: 0, line: false });
  };
  new ResizeObserver(draw).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}
