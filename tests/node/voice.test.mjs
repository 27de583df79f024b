// Learning a voice through the package: what was learnt can be stored, read back, and forgotten.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { assertCode } from "./support/assertions.mjs";
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

/** What is learnt of a tune of 20 s. */
function learnt() {
  const live = classifier.live(RATE);
  // Through a function: the compiler believes that what was undefined once stays so.
  const known = () => live.voice;
  assert.equal(known(), undefined);
  live.setLearning(true);
  live.push(tune({ seconds: 20, sampleRate: RATE }));
  const voice = known();
  live.free();
  assert.ok(voice);
  return voice;
}

describe("a learnt voice", () => {
  test("counts the seconds that it was heard", () => {
    const { count, sum, squares, variation } = learnt();
    const heardS = count * classifier.settings.frameS;
    assert.ok(heardS > 10 && heardS <= 20, `${heardS} s`);
    assert.equal(sum.length, 60);
    assert.equal(squares.length, 60);
    assert.equal(variation?.sum.length, 2 * 60);
    assert.ok(Math.abs((variation?.count ?? 0) - count) < 1e-6);
  });

  test("moves the scores, survives storage, and can be forgotten", () => {
    const pcm = tune({ seconds: 6, sampleRate: RATE });
    const before = classifier.classify(pcm, RATE);
    classifier.setVoice(JSON.parse(JSON.stringify(learnt())));
    const relative = classifier.classify(pcm, RATE);
    assert.notDeepEqual(relative.moods, before.moods);
    const live = classifier.live(RATE);
    assert.deepEqual(live.voice, classifier.voice);
    const window = live.push(pcm);
    assert.ok(window);
    live.free();
    const same = relative.windows.find(({ startS }) => Math.abs(startS - window.startS) < 1e-6);
    assert.ok(same);
    for (const mood of /** @type {const} */ (["happy", "sad", "angry"])) {
      assert.ok(Math.abs(window.moods[mood] - same.moods[mood]) < 1e-4);
    }
    classifier.setVoice(undefined);
    assert.equal(classifier.voice, undefined);
    assert.deepEqual(classifier.classify(pcm, RATE).moods, before.moods);
  });

  test("is refused when it is not one, and for music", async () => {
    // @ts-expect-error the types say so too
    assertCode(() => classifier.setVoice({ count: 1 }), "invalid-voice");
    assertCode(() => classifier.setVoice({ count: 1, sum: [0], squares: [0] }), "invalid-voice");
    assertCode(() => classifier.setVoice({ ...learnt(), count: Number.NaN }), "invalid-voice");
    assertCode(() => classifier.setVoice({ ...learnt(), variation: { count: 1, sum: [0] } }), "invalid-voice");
    assert.equal(classifier.voice, undefined);
    const music = new songmood.Classifier(await modelFiles("music"));
    assertCode(() => music.setVoice(learnt()), "no-voice");
    const live = music.live(RATE);
    assertCode(() => live.setLearning(true), "no-voice");
    live.free();
    music.free();
  });
});
