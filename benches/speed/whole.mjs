// From navigation to the verdict in a fresh browser: three minutes of mp3, through songmood and through stacks of peers.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { launch } from "../../scripts/chromium.mjs";
import { run, which } from "../../scripts/process.mjs";
import { wav } from "../../tests/browser/audio.mjs";
import { lift } from "./priority.mjs";
import { sound } from "./sound.mjs";

/** MFCC by one, the network by another. */
const STACKS = [["songmood", "songmood"], ["melspec", "tensorflow"], ["onnxruntime", "onnxruntime"], ["tensorflow", "tensorflow"]];

/** The song as mp3 where ffmpeg is installed, else as WAV. @param {string} folder @returns {Promise<string>} the file's name */
export async function song(folder) {
  const path = join(folder, "audio", "song.wav");
  await writeFile(path, wav([0, 1].map((channel) => sound(180, 44_100, channel)), 44_100));
  if (!which("ffmpeg")) return "song.wav";
  await run("ffmpeg", ["-v", "error", "-y", "-i", path, "-b:a", "192k", join(folder, "audio", "song.mp3")]);
  return "song.mp3";
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/**
 * @param {string} url the isolated server
 * @param {string} file
 * @param {string[]} peers those that may take part
 * @param {number} rounds
 */
export async function whole(url, file, peers, rounds) {
  const stacks = STACKS.filter((stack) => stack.every((name) => peers.includes(name)));
  /** @type {Map<string, Record<string, number>[]>} */
  const times = new Map();
  for (let round = 0; round < rounds; round += 1) {
    for (const [front, back] of stacks) {
      const browser = await launch();
      try {
        const page = await browser.newPage();
        page.setDefaultTimeout(120_000);
        lift();
        await page.goto(`${url}benches/speed/job.html?${front}&${back}&${file}`);
        const result = await (await page.waitForFunction(() => window.result)).jsonValue();
        if (result.error) throw new Error(`${front} + ${back}: ${result.error}`);
        const name = front === back ? front : `${front} + ${back}`;
        times.set(name, [...(times.get(name) ?? []), result]);
      } finally {
        await browser.close();
      }
    }
  }
  const middle = (runs) => Object.fromEntries(Object.keys(runs[0]).map((key) => [key, median(runs.map((run) => run[key]))]));
  return Object.fromEntries([...times].map(([name, runs]) => [name, middle(runs)]));
}
