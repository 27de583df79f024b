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

/** About so many pixels; letters of Chinese are as wide as they are high. @param {string} name */
const widthOf = (name) => [...name].reduce((width, letter) => width + (letter > "\u2e80" ? 14 : 8), 0);

/** @param {HTMLElement} box @param {View} view @param {number} width in pixels @param {Words} words */
export function drawPassages(box, { windows, startS, endS, knownToS }, width, words) {
  const span = endS - startS;
  const visible = windows.filter((window) => window.endS > startS);
  const shortestS = Math.max(shortestRun(span), (span * PASSAGE_ROOM_PX) / Math.max(width, 1));
  box.replaceChildren(...segments(visible, { startS, endS: Math.min(endS, knownToS), shortestS }).map((run) => {
    const room = (width * (run.endS - run.startS)) / span;
    const name = words.name(run);
    const part = element("span", `segment ${run.silent ? "silent" : `m-${run.mood}`}${run.unsure ? " unsure" : ""}`);
    part.append(element("span", "segment-name", room > widthOf(name) + 10 ? name : words.short(run)));
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
