// @ts-check
/** The picture to share: the song's name, the verdict and the ribbon, in the page's colours and letters. */

import { clock, percent, signed } from "../format.js";
import { wordsOf } from "../heard-words.js";
import { message } from "../language/language.js";
import { labelOf } from "../mood-words.js";
import { bars, paintRibbon, paletteOf } from "../../pkg/view/ribbon.js";
import { TIMELINE_WORDS } from "../timeline-words.js";

/** The size that pages show shared pictures in. */
export const WIDTH = 1200;
export const HEIGHT = 630;
const MARGIN = 64;
const INSIDE = WIDTH - 2 * MARGIN;

/** @typedef {import("../../pkg/client/analyse.js").Heard} Heard */

/**
 * What stands on the card.
 * @param {string} name @param {Heard} heard
 */
export function cardTexts(name, heard) {
  const { state, mood, headline } = wordsOf(heard);
  const { verdict, valence, arousal, durationS } = heard.analysis;
  const feeling = state === "silent" ? [] : [`${labelOf(verdict.mood)} ${percent(verdict.probability)}`, message("card.valence", { value: signed(valence) }), message("card.arousal", { value: signed(arousal) })];
  return { name: name.slice(name.search(/[^/\\]*$/)), headline, mood, facts: [...feeling, message(`card.kind.${heard.kind}`)].join("  ·  "), length: clock(durationS) };
}

/**
 * Words in lines no wider than a width; the last line that is allowed ends in an ellipsis if there is more.
 * @param {string} text
 * @param {{ width: number, lines: number, measure: (text: string) => number }} room
 */
export function wrapped(text, { width, lines, measure }) {
  /** @type {string[]} */
  const done = [];
  let line = "";
  // Between Chinese characters a line may break anywhere but before punctuation.
  const words = text.trim().replace(/\s+/g, " ").match(/ ?(?:\p{Script=Han}[，。、；：？！”）]*|[^\s\p{Script=Han}]+)/gu) ?? [];
  for (const [i, word] of words.entries()) {
    const longer = line ? line + word : word.trimStart();
    if (line === "" || measure(longer) <= width) {
      line = longer;
      continue;
    }
    if (done.length === lines - 1) {
      line = [line, ...words.slice(i)].join("");
      break;
    }
    done.push(line);
    line = word.trimStart();
  }
  return [...done, shortened(line, width, measure)];
}

/** @param {string} line @param {number} width @param {(text: string) => number} measure */
function shortened(line, width, measure) {
  if (measure(line) <= width) return line;
  // By code points, so that no letter is cut in two.
  const letters = [...line];
  while (letters.length > 0 && measure(`${letters.join("").trimEnd()}…`) > width) letters.pop();
  return `${letters.join("").trimEnd()}…`;
}

/** The theme in force. */
function look() {
  const style = getComputedStyle(document.documentElement);
  const value = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
  return { paper: value("paper"), card: value("card"), ink: value("ink"), soft: value("soft"), hairline: value("hairline"), sans: value("sans"), display: value("display"), palette: paletteOf(document.documentElement) };
}

/**
 * @param {string} name
 * @param {Heard} heard
 * @returns {HTMLCanvasElement} WIDTH × HEIGHT pixels
 */
export function drawCard(name, heard) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [WIDTH, HEIGHT];
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this browser offers no canvas to draw on");
  const theme = look();
  const { name: title, headline, mood, facts, length } = cardTexts(name, heard);
  drawGround(context, theme, mood ? theme.palette.moods[mood] : null);

  const measure = (/** @type {string} */ text) => context.measureText(text).width;
  context.textBaseline = "alphabetic";
  context.fillStyle = theme.soft;
  context.font = `400 26px ${theme.sans}`;
  context.fillText(wrapped(title, { width: INSIDE, lines: 1, measure })[0], MARGIN, 162);
  context.fillStyle = theme.ink;
  context.font = `600 54px ${theme.display}`;
  const lines = wrapped(headline, { width: INSIDE, lines: 2, measure });
  lines.forEach((line, i) => context.fillText(line, MARGIN, 226 + i * 62));

  drawTimeline(context, theme, heard, lines.length > 1 ? 330 : 290);

  context.font = `500 22px ${theme.sans}`;
  context.fillStyle = theme.soft;
  context.fillText(facts, MARGIN, HEIGHT - 40);
  context.textAlign = "right";
  context.fillText(length, WIDTH - MARGIN, HEIGHT - 40);
  return canvas;
}

/** @param {CanvasRenderingContext2D} context @param {ReturnType<typeof look>} theme @param {string | null} colour the mood's */
function drawGround(context, theme, colour) {
  context.fillStyle = theme.paper;
  context.fillRect(0, 0, WIDTH, HEIGHT);
  if (colour) {
    const glow = context.createRadialGradient(WIDTH * 0.75, -120, 0, WIDTH * 0.75, -120, WIDTH * 0.75);
    glow.addColorStop(0, colour);
    // "transparent" is black: on the way there the colour would turn grey.
    glow.addColorStop(1, `${colour}00`);
    context.globalAlpha = 0.22;
    context.fillStyle = glow;
    context.fillRect(0, 0, WIDTH, HEIGHT);
    context.globalAlpha = 1;
  }
  // The word mark's five bars.
  const { moods } = theme.palette;
  const marks = /** @type {const} */ ([["sad", 13, 9], ["calm", 8, 14], ["happy", 2, 20], ["surprised", 9, 13], ["fearful", 15, 7]]);
  marks.forEach(([mood, top, height], i) => {
    context.fillStyle = moods[mood];
    context.beginPath();
    context.roundRect(MARGIN + i * 10, 56 + top * 1.5, 6, height * 1.5, 3);
    context.fill();
  });
  context.fillStyle = theme.ink;
  context.font = `700 30px ${theme.sans}`;
  context.fillText("songmood", MARGIN + 64, 89);
}

/** Ribbon and names of passages on a card. @param {CanvasRenderingContext2D} context @param {ReturnType<typeof look>} theme @param {Heard} heard @param {number} top */
function drawTimeline(context, theme, heard, top) {
  const { analysis: { windows, durationS }, networks: { settings: { sureAbove } } } = heard;
  const bottom = HEIGHT - 84;
  context.fillStyle = theme.card;
  context.strokeStyle = theme.hairline;
  context.beginPath();
  context.roundRect(MARGIN - 24, top, INSIDE + 48, bottom - top, 24);
  context.fill();
  context.stroke();

  const ribbon = { width: INSIDE, height: bottom - top - 76 };
  context.save();
  context.translate(MARGIN, top + 24);
  paintRibbon({ context, ...ribbon }, bars(windows, { startS: 0, endS: durationS, knownToS: durationS, widthPx: INSIDE }), theme.palette, { sureAbove });
  context.restore();

  context.font = `600 19px ${theme.sans}`;
  context.textAlign = "center";
  for (const run of wordsOf(heard).runs) {
    const { startS, endS, mood, silent, unsure } = run;
    const [left, width] = [MARGIN + (INSIDE * startS) / durationS, (INSIDE * (endS - startS)) / durationS];
    context.fillStyle = silent ? theme.palette.quiet : theme.palette.moods[mood];
    context.globalAlpha = unsure ? 0.5 : 1;
    context.beginPath();
    context.roundRect(left + 1, bottom - 46, Math.max(1, width - 2), 5, 2);
    context.fill();
    context.globalAlpha = 1;
    const name = TIMELINE_WORDS.passages.name(run);
    context.fillStyle = theme.soft;
    if (context.measureText(name).width < width - 6) context.fillText(name, left + width / 2, bottom - 18);
  }
  context.textAlign = "left";
}

/** @param {HTMLCanvasElement} canvas @returns {Promise<Blob>} */
export const asPng = (canvas) => new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the picture could not be written"))), "image/png"));
