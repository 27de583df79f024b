// How much sooner two workers have heard a long song than one: node benches/two-workers.mjs [MINUTES] [CHANNELS]
// Samples are made in the page (10 minutes, one channel), handed over as an AudioBuffer, and heard by one worker and by two in turns, five times each
// after a time that does not count. Prints the medians in milliseconds and their ratio, once both have said the same to the last bit.

import { cpus } from "node:os";
import { launch } from "../scripts/chromium.mjs";
import { serve } from "../scripts/serve.mjs";

const [minutes = 10, channels = 1] = process.argv.slice(2).map(Number);
const ROUNDS = 5;

const server = await serve({ port: 0 });
const browser = await launch();
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(0);
  await page.goto(server.url);
  const heard = await page.evaluate(async ({ minutes, channels, rounds }) => {
    /** @type {typeof import("../pkg/client.js")} */
    const { createSongmood } = await import(/** @type {any} */ ("/pkg/client.js"));
    const buffer = new AudioBuffer({ length: minutes * 60 * 44_100, numberOfChannels: channels, sampleRate: 44_100 });
    for (let channel = 0; channel < channels; channel++) {
      const samples = buffer.getChannelData(channel);
      for (let i = 0; i < samples.length; i++) samples[i] = 0.2 * Math.sin(i * 0.05 + 3 * Math.sin(i * 1e-4)) + 0.02 * (Math.random() - 0.5);
    }
    const rows = [];
    for (const kind of /** @type {const} */ (["music", "voice"])) {
      const moods = await Promise.all([1, 2].map((workers) => createSongmood({ workers })));
      const ms = /** @type {number[][]} */ ([[], []]);
      for (let round = 0; round <= rounds; round++) {
        const said = [];
        for (const [index, mood] of moods.entries()) {
          const started = performance.now();
          const { windows, moods } = await mood.analyse(buffer, { kind });
          if (round > 0) ms[index].push(performance.now() - started);
          said.push(JSON.stringify([windows, moods]));
        }
        if (said[0] !== said[1]) throw new Error(`one worker and two say different things of a ${kind}`);
      }
      moods.forEach((mood) => mood.dispose());
      rows.push({ kind, ms });
    }
    return rows;
  }, { minutes, channels, rounds: ROUNDS });
  console.log(`${minutes} minutes, ${channels} channels, ${cpus().length} cores`);
  for (const { kind, ms } of heard) {
    const [one, two] = ms.map((times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]);
    console.log(`${kind}: one worker ${one.toFixed(0)} ms, two ${two.toFixed(0)} ms, ${(one / two).toFixed(2)} times as fast`);
  }
} finally {
  await browser.close();
  await server.close();
}
