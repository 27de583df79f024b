// @ts-check
/** Draws the mood ribbon: a bar for each moment, its colour the mood, its height how sure. Knows no page, only a canvas. */

import { clearCanvas } from "./canvas.js";
import { momentAt } from "./moments.js";
import { MOODS, topMood } from "./moods.js";

/** @typedef {import("../client/types.d.ts").Mood} Mood */
/** @typedef {import("../client/types.d.ts").MoodWindow} MoodWindow */
/** @typedef {{ mood: Mood, certainty: number, silent: boolean } | null} Bar null where nothing is known yet */

const BAR_PX = 5;
const GAP_PX = 2;
/** How much of its colour a mood has that is not likelier than any other. */
const PALEST = 0.35;
const CHANCE = 1 / MOODS.length;
const PITCH_PX = BAR_PX + GAP_PX;

/**
 * The share of its colour that a bar is drawn with: pale at chance, full from `sureAbove` on.
 * @param {number} certainty
 * @param {number} sureAbove
 */
const strength = (certainty, sureAbove) =>
  certainty >= sureAbove ? 1 : PALEST + (1 - PALEST) * Math.max(0, (certainty - CHANCE) / (sureAbove - CHANCE));

/**
 * What each bar shows, for a ribbon of a width.
 * @param {readonly MoodWindow[]} windows
 * @param {{ startS: number, endS: number, knownToS: number, widthPx: number }} view `knownToS`: where the windows end
 * @returns {Bar[]}
 */
export function bars(windows, { startS, endS, knownToS, widthPx }) {
  const count = Math.max(1, Math.floor((widthPx + GAP_PX) / PITCH_PX));
  return Array.from({ length: count }, (_, i) => {
    const t = startS + ((i + 0.5) / count) * (endS - startS);
    const moment = t <= knownToS ? momentAt(windows, t) : null;
    if (!moment) return null;
    const mood = topMood(moment.moods);
    return { mood, certainty: moment.moods[mood], silent: moment.silent };
  });
}

/**
 * The colours of the theme in force.
 * @param {Element} element
 */
export function paletteOf(element) {
  const style = getComputedStyle(element);
  const colour = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
  return {
    moods: /** @type {Record<Mood, string>} */ (Object.fromEntries(MOODS.map((mood) => [mood, colour(mood)]))),
    grid: colour("hairline"),
    quiet: colour("faint"),
  };
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Bar[]} list
 * @param {ReturnType<typeof paletteOf>} palette
 * @param {{ sureAbove: number, line?: boolean }} options bars have their full colour from `sureAbove` on; `line` marks it
 */
export function drawRibbon(canvas, list, palette, { sureAbove, line = true }) {
  const place = clearCanvas(canvas);
  if (!place) return;
  paintRibbon(place, list, palette, { sureAbove, line });
}

/**
 * The same on any context, in its own units.
 * @param {{ context: CanvasRenderingContext2D, width: number, height: number }} place its origin at the upper left
 * @param {Bar[]} list
 * @param {ReturnType<typeof paletteOf>} palette
 * @param {{ sureAbove: number, line?: boolean }} options
 */
export function paintRibbon({ context, width, height }, list, palette, { sureAbove, line = true }) {
  if (line) {
    context.fillStyle = palette.quiet;
    const y = Math.round(height * (1 - sureAbove));
    for (let x = 1; x < width; x += 6) context.fillRect(x, y, 1.5, 1.5);
    context.fillStyle = palette.grid;
    context.fillRect(0, height - 1, width, 1);
  }
  const pitch = width / list.length;
  const barWidth = Math.max(1, pitch - GAP_PX);
  list.forEach((bar, i) => {
    if (!bar) return;
    const x = i * pitch + (pitch - barWidth) / 2;
    if (bar.silent) {
      context.fillStyle = palette.quiet;
      context.beginPath();
      context.arc(x + barWidth / 2, height - 3, 1.5, 0, 2 * Math.PI);
      context.fill();
      return;
    }
    const tall = Math.max(3, bar.certainty * (height - 1));
    const colour = palette.moods[bar.mood];
    context.globalAlpha = strength(bar.certainty, sureAbove);
    context.fillStyle = colour;
    context.beginPath();
    context.roundRect(x, height - tall, barWidth, tall, Math.min(barWidth / 2, 3));
    context.fill();
    context.globalAlpha = 1;
  });
}
