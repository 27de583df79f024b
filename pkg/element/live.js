// @ts-check
/** Draws what the microphone hears, and says it. */

import { meanVerdict } from "./verdict.js";

/** How much of what the microphone hears the timeline shows. */
export const SPAN_S = 60;

/** @typedef {import("../client/types.d.ts").MoodWindow} MoodWindow */

/**
 * @param {import("../client/types.d.ts").Songmood} mood
 * @param {import("./face.js").Face} face
 * @param {{
 *   kind: import("../client/types.d.ts").Kind, signal: AbortSignal, words: import("./types.d.ts").Words, windows: readonly MoodWindow[],
 *   onWindow: (window: MoodWindow) => void, onError: (error: unknown) => void,
 * }} how `windows`: those heard up to now, to which `onWindow` adds
 */
export function showLive(mood, face, { kind, signal, words, windows, onWindow, onError }) {
  const { settings } = mood.networks[kind];
  /** What screen readers heard last: every second would be too much. */
  let said = "";
  return mood.live({
    kind, signal, onError,
    onLevel: (level) => face.showLevel(level),
    onWindow: (window) => {
      onWindow(window);
      const endS = Math.max(SPAN_S, window.endS);
      face.show(windows, { startS: endS - SPAN_S, endS, knownToS: window.endS, sureAbove: settings.sureAbove });
      const now = meanVerdict([window], settings);
      const key = window.silent ? "silent" : `${now.mood} ${now.unsure}`;
      if (window.silent) face.say(words.silent, { aloud: key !== said });
      else face.sayVerdict(now, key !== said);
      said = key;
    },
  });
}
