// The wasm's memory never shrinks, so what leaks shows as growth: it must stay as it is over an hour of live sound and
// over many recordings.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { importFrom, installPackage, modelFiles } from "./support/installed.mjs";
import { tune } from "./support/signals.mjs";

const RATE = 22_050;

/** @type {Awaited<ReturnType<typeof installPackage>>} */
let installed;
/** @type {Awaited<ReturnType<typeof importFrom>>} */
let songmood;
/** @type {import("../../pkg/songmood.js").Classifier} */
let classifier;

before(async () => {
  installed = await installPackage();
  songmood = await importFrom(installed.project);
  await songmood.default();
  classifier = new songmood.Classifier(await modelFiles());
});
after(async () => {
  classifier?.free();
  await installed?.remove();
});

/** Bytes of the wasm's memory. The module is loaded already, so this loads nothing. */
const memory = () => songmood.initSync({ module: new Uint8Array() }).memory.buffer.byteLength;

test("an hour of live sound needs no more memory than its first half minute", () => {
  const live = classifier.live(RATE);
  const sound = tune({ seconds: 60, sampleRate: RATE });
  /** @param {number} seconds */
  const listen = (seconds) => {
    let windows = 0;
    for (let start = 0; start + 2048 <= seconds * RATE; start += 2048) {
      const at = start % (sound.length - 2048);
      if (live.push(sound.subarray(at, at + 2048))) windows += 1;
    }
    return windows;
  };
  listen(30);
  const before = memory();
  const windows = listen(3600);
  assert.ok(Math.abs(windows - 3600) < 10, `${windows} windows`);
  assert.equal(memory(), before);
  live.free();
});

test("two hundred recordings in a row need no more memory than the first few", () => {
  const sound = tune({ seconds: 12, sampleRate: RATE });
  const judge = () => classifier.classify(sound, RATE).windows.length;
  for (let i = 0; i < 3; i += 1) assert.ok(judge() > 0);
  const before = memory();
  for (let i = 0; i < 200; i += 1) judge();
  assert.equal(memory(), before);
});
