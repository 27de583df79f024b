// @ts-check
/** What can go wrong, and what the reader can do about it. */

import { ClientError, codeOf } from "../pkg/client/errors.js";

export { ClientError as PageError, codeOf };

/**
 * Is it only that the work was called off?
 * @param {unknown} error
 */
export const isCancelled = (error) => error instanceof Error && error.name === "AbortError";

/** @type {Record<string, [title: string, advice: string]>} */
const TEXTS = {
  "empty-file": ["This file is empty.", "It has no bytes at all; perhaps a download stopped early. Choose another file."],
  "empty-folder": ["There are no songs in this folder.", "None of its files, nor of the folders inside it, has an ending that stands for sound: wav, mp3, ogg, flac, m4a and the like."],
  "no-file": ["There is no file in what you dropped.", "Drop a file from your computer; text and links cannot be heard."],
  unreadable: ["This file could not be read.", "It may have been moved or renamed since you chose it, or this account may not open it. Choose it again."],
  "too-large": ["This file is too large for one go.", "songmood decodes a whole song in memory and takes files up to 1 GB. Cut it into parts."],
  "too-long": ["This recording is too long for one go.", "songmood decodes a whole song in memory and takes up to 75 minutes. Cut it into parts."],
  "not-audio": ["There is no sound in this file that could be read.", "songmood takes what this browser can play: wav, mp3, ogg, flac or m4a."],
  damaged: ["This looks like audio, but it cannot be decoded.", "The file may be cut off, damaged or protected, or its codec is one that this browser lacks. Save it as wav or mp3 and try that, or try another browser."],
  "no-samples": ["This recording has no length.", "It holds a header but no sound. Choose another file."],
  "out-of-memory": ["This recording does not fit into memory.", "Close other tabs, or cut the recording into shorter parts."],
  "models-missing": ["The trained networks are missing.", "The folder models/ should lie beside this page. Reload; if you serve the page yourself, check that models/ is served too."],
  "models-refused": ["The trained networks were refused.", "The files in models/ do not fit this version of songmood. Reload without the cache (Ctrl + F5); if you serve the page yourself, take pkg/ and models/ from the same version."],
  "weights-refused": ["These weights cannot be used.", "songmood takes .safetensors files that `songmood train` of this version wrote. This is what is wrong with the file:"],
  "program-missing": ["A part of songmood could not be loaded.", "The folder pkg/ should lie beside this page. Check the connection and reload; if you serve the page yourself, check that pkg/ is served too."],
  "program-refused": ["This browser cannot run songmood.", "It needs WebAssembly with 128-bit SIMD, which every current browser has. Update the browser, or switch WebAssembly on (some privacy modes switch it off)."],
  "worker-crashed": ["The computation stopped unexpectedly.", "It has been started afresh; try again. If it happens with the same file every time, the file may be too long for this device."],
  "mic-denied": ["The microphone is not allowed.", "Allow it for this page: usually by the icon beside the address. Then switch the microphone on again."],
  "mic-none": ["No microphone was found.", "Plug one in or switch one on in the system's settings, then try again. A file works without a microphone."],
  "mic-busy": ["The microphone cannot be opened.", "Another program may be using it, or the system blocks it. Close the other program and try again."],
  "mic-gone": ["The microphone went away.", "It was unplugged or switched off. What was heard until then is kept below: its moods, and the recording. Plug it in and switch the microphone on again."],
  "mic-chosen-gone": ["The microphone you chose is not there any more.", "Plug it in again, or try again with the one that the system takes by itself."],
  "mic-stopped": ["The browser stopped the microphone.", "Another program or the system took the sound device. Switch the microphone on again when it is free."],
  "insecure-context": ["The microphone needs a secure address.", "Browsers open it only on https:// pages and on this computer itself (http://127.0.0.1 or http://localhost). Files work at any address."],
  "no-worklet": ["This browser cannot hand over live sound.", "Live moods need AudioWorklet, which every current browser has: update it. Files work without."],
  "invalid-samples": ["This recording holds numbers that are no sound.", "A damaged file or a faulty encoder does that. Save it again as wav and try that."],
  "unsupported-sample-rate": ["This sample rate cannot be used.", "songmood takes 8 to 192 kHz. Convert the file to 44.1 kHz and try that; for the microphone, choose another rate in the system's sound settings."],
  "cannot-play": ["This browser can analyse the file but not play it.", "The moods are right; only the playing is missing. Move the cursor to look around."],
  unexpected: ["Something unexpected happened.", "Try again, or reload the page. If it stays, please report it with the text below."],
};

/** Codes of the library that mean the same as one of the page's. @type {Record<string, string>} */
const SAME_AS = {
  "model-unreadable": "weights-refused", "model-version": "weights-refused", "model-architecture": "weights-refused", "model-labels": "weights-refused",
  "model-features": "weights-refused", "model-invalid": "weights-refused", "mixed-models": "weights-refused", "empty-audio": "no-samples", "invalid-audio": "damaged", "no-models": "models-missing",
  "simd-missing": "program-refused", "wasm-missing": "program-refused",
};

/** Where the same thing may well work a moment later. */
const PASSING = new Set([
  "unreadable", "out-of-memory", "models-missing", "models-refused", "program-missing", "worker-crashed",
  "mic-denied", "mic-none", "mic-busy", "mic-gone", "mic-chosen-gone", "mic-stopped", "unexpected",
]);

/**
 * What to show for an error: a sentence, what to do, and the reason where it says more.
 * @param {unknown} error
 * @returns {{ code: string, title: string, advice: string, reason: string, passing: boolean }} passing: worth another try
 */
export function explain(error) {
  const code = codeOf(error);
  const known = [SAME_AS[code] ?? code, "unexpected"].find((name) => name in TEXTS) ?? "unexpected";
  const [title, advice] = TEXTS[known];
  const message = error instanceof ClientError ? error.reason : error instanceof Error ? error.message : String(error);
  return { code, title, advice, reason: message === code ? "" : message, passing: PASSING.has(known) };
}
