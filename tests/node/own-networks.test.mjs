// Networks that PyTorch trained (tests/golden/mood_nets), in the package: they load, and judge what they were trained to judge.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { root } from "../../scripts/process.mjs";
import { importFrom, installPackage } from "./support/installed.mjs";

/** @type {Awaited<ReturnType<typeof installPackage>>} */
let installed;
before(async () => (installed = await installPackage()));
after(() => installed.remove());

const RATE = 22_050;

/**
 * A hum as docs/examples/pytorch/train.py makes them, without its randomness.
 *
 * @param {number} hertz
 * @param {number} sway times a second
 */
function hum(hertz, sway) {
  let phase = 0;
  return Float32Array.from({ length: 4.2 * RATE }, (_, i) => {
    const time = i / RATE;
    const swing = Math.sin(2 * Math.PI * sway * time);
    phase += (2 * Math.PI * hertz * (1 + 0.03 * swing)) / RATE;
    let tone = 0;
    for (let k = 1; k < 9; k += 1) tone += Math.sin(k * phase) / k;
    return 0.1 * tone * (1 + 0.5 * swing) + 0.002 * Math.sin(i * i);
  });
}

test("they tell low, even hums from high, quick ones", async () => {
  const { default: init, Classifier } = await importFrom(installed.project);
  await init();
  const file = async (/** @type {string} */ kind) => new Uint8Array(await readFile(join(root, "tests", "golden", "mood_nets", `voice-${kind}.safetensors`)));
  const classifier = new Classifier([await file("cnn"), await file("rnn")]);
  assert.deepEqual(classifier.models.map(({ name, kind, domain }) => [name, kind, domain]), [["my CNN", "cnn", "voice"], ["my RNN", "rnn", "voice"]]);
  const verdict = (/** @type {Float32Array} */ samples) => classifier.classify(samples, RATE).verdict.mood;
  assert.equal(verdict(hum(110, 2)), "calm");
  assert.equal(verdict(hum(330, 7)), "happy");
  classifier.free();
});
