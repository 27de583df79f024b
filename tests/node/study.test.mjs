// StudyNetwork in Node: PyTorch's numbers for the study's networks, and errors that say what is wrong.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { root } from "../../scripts/process.mjs";
import { assertCode } from "./support/assertions.mjs";
import { importFrom, installPackage } from "./support/installed.mjs";

/** @type {Awaited<ReturnType<typeof installPackage>>} */
let installed;
/** @type {Awaited<ReturnType<typeof importFrom>>} */
let songmood;

before(async () => {
  installed = await installPackage();
  songmood = await importFrom(installed.project);
  await songmood.default();
});
after(() => installed?.remove());

/** @param {string} name */
const golden = (name) => readFile(join(root, "tests", "golden", name));

/** A little-endian f32 array in C order. @param {string} name */
async function numbers(name) {
  const file = await golden(name);
  return new Float32Array(Uint8Array.from(file.subarray(10 + file.readUInt16LE(8))).buffer);
}

/** @param {Float32Array} logits of one input */
function softmax(logits) {
  const values = logits.map(Math.exp);
  const total = values.reduce((a, b) => a + b);
  return values.map((value) => value / total);
}

for (const architecture of /** @type {const} */ (["cnn", "rnn"])) {
  test(`the study's ${architecture} gives PyTorch's probabilities, one by one and in a batch`, async () => {
    const network = new songmood.StudyNetwork(architecture, await golden(`study_${architecture}.safetensors`));
    const input = await numbers(`study_${architecture}.input.npy`);
    const logits = await numbers(`study_${architecture}.logits.npy`);
    const batch = logits.length / 8;
    const each = input.length / batch;
    const together = network.forward(input);
    assert.equal(together.length, logits.length);
    for (let i = 0; i < batch; i += 1) {
      const expected = softmax(logits.subarray(8 * i, 8 * i + 8));
      const alone = network.forward(input.subarray(i * each, (i + 1) * each));
      expected.forEach((probability, mood) => {
        for (const got of [alone[mood], together[8 * i + mood]]) assert.ok(Math.abs((got ?? NaN) - probability) < 1e-5);
      });
    }
    network.free();
  });
}

test("what is no network, or no input of it, is refused", async () => {
  const weights = await golden("study_cnn.safetensors");
  // @ts-expect-error There is no such architecture.
  assertCode(() => new songmood.StudyNetwork("transformer", weights), "model-architecture");
  assertCode(() => new songmood.StudyNetwork("rnn", weights), "model-invalid");
  assertCode(() => new songmood.StudyNetwork("cnn", new Uint8Array(9)), "model-unreadable");
  const network = new songmood.StudyNetwork("cnn", weights);
  assertCode(() => network.forward(new Float32Array(41)), "invalid-options");
  assertCode(() => network.forward(new Float32Array(0)), "invalid-options");
  network.free();
});
