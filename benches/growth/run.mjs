// How time and memory grow with the length of a song and with the number of songs:
//   node benches/growth/run.mjs [--quick]
// Judges made-up music with the package in Node, piece by piece as the page does, each measurement in a process of its own. Time is the
// processor's, so that other work on the machine counts little. Prints a table and the slopes, writes target/bench/growth.json and
// docs/growth.svg; --quick stops at half an hour and a hundred songs and draws nothing.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { root } from "../../scripts/process.mjs";
import { sound } from "../speed/sound.mjs";
import { figure, line } from "./figure.mjs";

const MINUTE = 60;
const LENGTHS = [10, 30, MINUTE, 3 * MINUTE, 10 * MINUTE, 30 * MINUTE, 60 * MINUTE, 120 * MINUTE, 180 * MINUTE];
const SONGS = [1, 3, 10, 30, 100, 300, 1000];
/** As measure.mjs has it. */
const SONG_S = 30;

const { values: options } = parseArgs({ options: { quick: { type: "boolean", default: false } } });
const script = fileURLToPath(new URL("measure.mjs", import.meta.url));
const folder = join(root, "target", "bench");
const samples = join(folder, "growth.f32");
mkdirSync(folder, { recursive: true });
if (!existsSync(samples)) writeFileSync(samples, new Uint8Array(sound(24, 44_100).buffer));

/** @param {"length" | "songs"} what @param {number[]} amounts */
const measure = (what, amounts) =>
  amounts.map((amount) => {
    const result = JSON.parse(execFileSync(process.execPath, [script, what, String(amount), samples], { encoding: "utf8" }));
    console.error(`${what} ${amount}: ${result.seconds.toFixed(2)} s`);
    return /** @type {{ amount: number, seconds: number, wasm: number, process: number }} */ (result);
  });

const lengths = measure("length", LENGTHS.filter((seconds) => !options.quick || seconds <= 30 * MINUTE));
const songs = measure("songs", SONGS.filter((count) => !options.quick || count <= 100));

const MB = 1e6;
/** @param {typeof lengths} results @param {(result: typeof lengths[number]) => number} x @param {(result: typeof lengths[number]) => number} y @returns {[number, number][]} */
const points = (results, x, y) => results.map((result) => [x(result), y(result)]);
const minutes = (/** @type {typeof lengths[number]} */ { amount }) => amount / MINUTE;
const count = (/** @type {typeof lengths[number]} */ { amount }) => amount;
const seconds = (/** @type {typeof lengths[number]} */ result) => result.seconds;
const wasm = (/** @type {typeof lengths[number]} */ result) => result.wasm / MB;

const time = points(lengths, minutes, seconds);
const memory = points(lengths, minutes, wasm);
const manyTime = points(songs, count, seconds);
const manyMemory = points(songs, count, wasm);
const told = (/** @type {[number, number][]} */ of, /** @type {(slope: number) => string} */ words) => `${words(line(of).slope)}; R² ${line(of).r2.toFixed(4)}`;
const panels = [
  { title: "Time against length", x: "minutes of music", y: "seconds of processor", says: told(time, (slope) => `${((slope * 1000) / 60).toFixed(2)} ms for a second of music`), points: time },
  { title: "Memory against length", x: "minutes of music", y: "MB of the wasm", says: told(memory, (slope) => `${(slope * 60).toFixed(1)} MB for an hour`), points: memory },
  { title: `Time against songs of ${SONG_S} s`, x: "songs", y: "seconds of processor", says: told(manyTime, (slope) => `${(slope * 1000).toFixed(0)} ms for a song`), points: manyTime },
  { title: `Memory against songs of ${SONG_S} s`, x: "songs", y: "MB of the wasm", says: `${(line(manyMemory).slope * 1000).toFixed(2)} MB for a thousand songs`, points: manyMemory },
];

console.log("| | seconds of processor | wasm, MB | process, MB |\n| --- | --- | --- | --- |");
for (const [what, results] of /** @type {const} */ ([["s", lengths], [`songs of ${SONG_S} s`, songs]])) {
  for (const result of results) console.log(`| ${result.amount} ${what} | ${result.seconds.toFixed(2)} | ${(result.wasm / MB).toFixed(1)} | ${(result.process / MB).toFixed(0)} |`);
}
for (const { title, says } of panels) console.log(`${title}: ${says}`);
writeFileSync(join(folder, "growth.json"), `${JSON.stringify({ lengths, songs }, null, 1)}\n`);
if (!options.quick) writeFileSync(join(root, "docs", "growth.svg"), figure(panels));
