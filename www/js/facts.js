// @ts-check
/** What was heard and how, as a short list of facts. */

import { clock, duration, grouped } from "./format.js";

/** @typedef {import("../types/songmood.d.ts").Settings} Settings */

/** @param {HTMLElement} list a dl @param {[name: string, value: string][]} facts */
export function fillFacts(list, facts) {
  list.replaceChildren(...facts.map(([name, value]) => {
    const pair = document.createElement("div");
    const term = document.createElement("dt");
    const description = document.createElement("dd");
    term.textContent = name;
    description.textContent = value;
    pair.append(term, description);
    return pair;
  }));
}

/** @param {Settings} settings */
const windows = ({ windowS, hopS }) => `${windowS.toFixed(1)} s, every ${hopS.toFixed(1)} s`;

/**
 * @param {import("../pkg/client/analyse.js").Heard} heard
 * @returns {[string, string][]}
 */
export function songFacts({ analysis, kind, networks, channels, tookMs }) {
  const { resampleMs, mfccMs, forwardMs } = analysis.timings;
  return [
    ["Listened for", kind === "music" ? "music" : "a voice"],
    ["Length", clock(analysis.durationS)],
    ["Sound", `${grouped(analysis.sampleRate)} Hz, ${channels === 1 ? "mono" : channels === 2 ? "stereo" : `${channels} channels`}`],
    ["Windows", `${grouped(analysis.windows.length)} of ${windows(networks.settings)}`],
    ["Features and networks", duration(resampleMs + mfccMs + forwardMs)],
    ["In all, with decoding", duration(tookMs)],
  ];
}

/**
 * @param {import("../pkg/client/microphone.js").Granted} granted
 * @param {import("../types/songmood.d.ts").Kind} kind
 * @param {Settings} settings
 * @returns {[string, string][]}
 */
export function liveFacts({ device, contextRate }, kind, settings) {
  return [
    ["Listened for", kind === "music" ? "music" : "a voice"],
    ["Microphone", device || "no name given"],
    ["Sound", `${grouped(contextRate)} Hz`],
    ["Windows", windows(settings)],
  ];
}

/**
 * What the browser did with the wish for raw sound.
 * @param {MediaTrackSettings} settings
 */
export function grantedText(settings) {
  /** @type {[string, boolean | string | undefined][]} */
  const asked = [
    ["echo cancellation", settings.echoCancellation],
    ["noise suppression", settings.noiseSuppression],
    ["automatic gain", settings.autoGainControl],
  ];
  const state = (/** @type {boolean | string | undefined} */ on) => (on === undefined ? "not told" : on ? "on" : "off");
  const kept = asked.filter(([, on]) => on);
  const list = asked.map(([name, on]) => `${name} ${state(on)}`).join(", ");
  return `The browser granted: ${list}.${kept.length > 0 ? " What is on changes the sound, and with it the moods." : ""}`;
}
