// @ts-check
/** What stands along the timeline: the names of passages, and time marks. */

import { clock } from "./clock.js";
import { segments, shortestRun } from "./moments.js";

/** @typedef {import("./timeline.js").View} View */
/** @typedef {import("../client/types.d.ts").Segment} Segment */
/** What a passage is called, and what it is called where there is no room. @typedef {{ name: (run: Segment) => string, short: (run: Segment) => string }} Words */

/** Distances between time marks that people count in, in seconds. */
const TICK_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800];
const TICK_ROOM_PX = 72;
/** Narrower passages join their neighbours. */
const PASSAGE_ROOM_PX = 18;

/** @param {string} tag @param {string} className @param {string} [text] */
function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

/** Between a passage's edge and its name, on both sides together. */
const PASSAGE_PADDING_PX = 6;
/** The size of a name that would not fit otherwise, as the stylesheets have it for `.snug`. */
const SNUG = 0.85;

/** Measures names without laying the page out. @type {CanvasRenderingContext2D | null} */
let ruler = null;

/** How wide names become in a box's font, in pixels. @param {Element} box @returns {(name: string) => number} */
function widths(box) {
  ruler ??= document.createElement("canvas").getContext("2d");
  const measuring = ruler;
  if (!measuring) return () => Infinity;
  const { fontWeight, fontSize, fontFamily } = getComputedStyle(box);
  measuring.font = `${fontWeight} ${fontSize} ${fontFamily}`;
  return (name) => measuring.measureText(name).width;
}

/** @param {HTMLElement} box @param {View} view @param {number} width in pixels @param {Words} words */
export function drawPassages(box, { windows, startS, endS, knownToS }, width, words) {
  const span = endS - startS;
  const visible = windows.filter((window) => window.endS > startS);
  const shortestS = Math.max(shortestRun(span), (span * PASSAGE_ROOM_PX) / Math.max(width, 1));
  const widthOf = widths(box);
  box.replaceChildren(...segments(visible, { startS, endS: Math.min(endS, knownToS), shortestS }).map((run) => {
    const room = (width * (run.endS - run.startS)) / span - PASSAGE_PADDING_PX;
    const name = words.name(run);
    const needed = widthOf(name);
    const part = element("span", `segment ${run.silent ? "silent" : `m-${run.mood}`}${run.unsure ? " unsure" : ""}`);
    part.append(element("span", room < needed ? "segment-name snug" : "segment-name", room < SNUG * needed ? words.short(run) : name));
    part.style.left = `${(100 * (run.startS - startS)) / span}%`;
    part.style.width = `${(100 * (run.endS - run.startS)) / span}%`;
    return part;
  }));
}

/** @param {HTMLElement} box @param {View} view @param {number} width in pixels */
export function drawTicks(box, { startS, endS }, width) {
  const span = endS - startS;
  const most = Math.max(1, width / TICK_ROOM_PX);
  const step = TICK_STEPS.find((seconds) => span / seconds <= most) ?? 3600;
  const ticks = [];
  for (let t = Math.ceil(startS / step) * step; t <= endS && span > 0; t += step) {
    const tick = element("span", "tick", clock(t));
    const share = (t - startS) / span;
    tick.style.left = `${100 * share}%`;
    if (share > 0.96) tick.classList.add("last");
    if (share < 0.01) tick.classList.add("first");
    ticks.push(tick);
  }
  box.replaceChildren(...ticks);
}
