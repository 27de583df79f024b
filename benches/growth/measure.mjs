// One measurement of benches/growth, in a process of its own so that memory begins at nothing:
//   node benches/growth/measure.mjs length SECONDS SOUND | songs COUNT SOUND
// SOUND is a file of samples, 32-bit floats at 44.1 kHz, which is heard again and again: only how much there is of it matters here.
// Prints one line of JSON: seconds of processor, and the most bytes that the wasm's memory and the whole process held.

import { readFileSync } from "node:fs";
import init, { Classifier, initSync } from "../../pkg/node.js";
import { music } from "../../pkg/weights-node.js";

const RATE = 44_100;
/** As the page hands songs over. */
const PIECE = 4 * RATE;
/** Length of each of many songs. */
const SONG_S = 30;

/** @param {Classifier} classifier @param {Float32Array} sound @param {number} seconds */
function judge(classifier, sound, seconds) {
  const recording = classifier.recording(RATE);
  for (let done = 0; done < seconds * RATE; done += PIECE) {
    const from = done % (sound.length - PIECE + 1);
    recording.push(sound.subarray(from, from + Math.min(PIECE, seconds * RATE - done)));
  }
  recording.finish();
  recording.free();
}

const [what, given, path] = process.argv.slice(2);
const amount = Number(given);
await init();
// The module is loaded already, so this loads nothing.
const { memory } = initSync({ module: new Uint8Array() });
const classifier = new Classifier(await music());
const bytes = readFileSync(path);
const sound = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
judge(classifier, sound, 10);
const start = process.cpuUsage();
if (what === "length") judge(classifier, sound, amount);
else for (let i = 0; i < amount; i += 1) judge(classifier, sound, SONG_S);
const { user, system } = process.cpuUsage(start);
console.log(JSON.stringify({ what, amount, seconds: (user + system) / 1e6, wasm: memory.buffer.byteLength, process: process.resourceUsage().maxRSS * 1024 }));
