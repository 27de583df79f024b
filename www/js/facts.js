// @ts-check
/** What was heard and how, as a short list of facts. */

import { capital, clock, duration, hertz, listed, seconds, sentences } from "./format.js";
import { message } from "./language/language.js";

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
const windows = ({ windowS, hopS }) => message("facts.windowsEach", { length: seconds(windowS), hop: seconds(hopS) });

/** @param {number} sampleRate Hz @param {number} channels */
const sound = (sampleRate, channels) => message(channels === 1 ? "facts.mono" : channels === 2 ? "facts.stereo" : "facts.channels", { rate: hertz(sampleRate), count: channels });

/**
 * @param {import("../pkg/client/analyse.js").Heard} heard
 * @returns {[string, string][]}
 */
export function songFacts({ analysis, kind, networks, channels, tookMs }) {
  const { resampleMs, mfccMs, forwardMs } = analysis.timings;
  return [
    [message("facts.kind"), message(`facts.kind.${kind}`)],
    [message("facts.length"), clock(analysis.durationS)],
    [message("facts.sound"), sound(analysis.sampleRate, channels)],
    [message("facts.windows"), message("facts.windowsOf", { count: analysis.windows.length, each: windows(networks.settings) })],
    [message("facts.computing"), duration(resampleMs + mfccMs + forwardMs)],
    [message("facts.inAll"), duration(tookMs)],
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
    [message("facts.kind"), message(`facts.kind.${kind}`)],
    [message("facts.microphone"), device || message("facts.noName")],
    [message("facts.sound"), hertz(contextRate)],
    [message("facts.windows"), windows(settings)],
  ];
}

/**
 * What the browser did with the wish for raw sound.
 * @param {MediaTrackSettings} settings
 */
export function grantedText(settings) {
  const asked = /** @type {const} */ (["echoCancellation", "noiseSuppression", "autoGainControl"]);
  const state = (/** @type {boolean | string | undefined} */ on) => (on === undefined ? "unknown" : on ? "on" : "off");
  const list = listed(asked.map((name) => message(`live.${name}.${state(settings[name])}`)));
  return sentences(capital(message("live.granted", { list })), asked.some((name) => settings[name]) ? message("live.grantedOn") : "");
}
