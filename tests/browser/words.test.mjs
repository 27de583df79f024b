// The page's pure parts, without a browser: moments, passages, sentences, numbers, errors, the sample.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { explain } from "../../www/js/error-words.js";
import { PageError } from "../../www/js/errors.js";
import { clock, decibels, grouped, percent, signed } from "../../www/js/format.js";
import { grantedText } from "../../www/js/facts.js";
import { meanOf, momentAt, segments } from "../../pkg/view/moments.js";
import { lettersOf } from "../../www/js/mood-words.js";
import { MOODS, mapMoods, topMood } from "../../www/js/moods.js";
import { bars } from "../../pkg/view/ribbon.js";
import { renderSample, sampleWav } from "../../www/js/sample-song.js";
import { notSound } from "../../pkg/client/sniff.js";
import { liveWords, songWords } from "../../www/js/verdict.js";

/** @typedef {import("../../www/types/songmood.d.ts").Mood} Mood */
/** @typedef {import("../../www/types/songmood.d.ts").MoodWindow} MoodWindow */

/** One mood with a share, the rest spread over the others. @param {Mood} mood @param {number} share */
const moodsOf = (mood, share) => mapMoods((other) => (other === mood ? share : (1 - share) / 7));

/** Windows of 3 s, one a second. @param {(Mood | null)[]} moods null is silent @param {number} [share] @returns {MoodWindow[]} */
const windowsOf = (moods, share = 0.8) => moods.map((mood, i) => {
  const of = mood ? moodsOf(mood, share) : mapMoods(() => 1 / 8);
  return { startS: i, endS: i + 3, silent: mood === null, moods: of, valence: 0, arousal: 0, models: [{ name: "a", moods: of }, { name: "b", moods: of }] };
});

/** @param {MoodWindow[]} windows */
const runs = (windows) => segments(windows, { endS: windows.length + 2, shortestS: 2 });

/** @param {MoodWindow[]} windows @param {boolean} [unsure] */
function words(windows, unsure = false) {
  const whole = /** @type {NonNullable<ReturnType<typeof meanOf>>} */ (meanOf(windows, "apart"));
  const mood = topMood(whole.moods);
  const analysis = {
    durationS: windows.length + 2, sampleRate: 22_050, windows, ...whole, timings: { resampleMs: 0, mfccMs: 0, forwardMs: 0 },
    models: whole.models.map((model) => ({ ...model, mood: topMood(model.moods) })), verdict: { mood, probability: whole.moods[mood], unsure },
  };
  return songWords(analysis, runs(windows), { sureAbove: 0.8, shortName: (name) => name.toUpperCase() });
}

/** @template T @param {number} count @param {T} value @returns {T[]} */
const times = (count, value) => Array.from({ length: count }, () => value);

describe("moments", () => {
  const windows = windowsOf(["calm", "happy"], 1);

  test("between two windows lies a blend that sums to 1; outside, the nearest window", () => {
    const middle = momentAt(windows, 2);
    assert.ok(middle);
    assert.ok(Math.abs(middle.moods.calm - 0.5) < 1e-9 && Math.abs(middle.moods.happy - 0.5) < 1e-9);
    assert.ok(Math.abs(MOODS.reduce((sum, mood) => sum + middle.moods[mood], 0) - 1) < 1e-9);
    assert.equal(momentAt(windows, -5), windows[0]);
    assert.equal(momentAt(windows, 99), windows[1]);
    assert.equal(momentAt([], 0), null);
  });

  test("silence is not blended with sound", () => {
    const mixed = windowsOf(["calm", null], 1);
    assert.equal(momentAt(mixed, 1.9), mixed[0]);
    assert.equal(momentAt(mixed, 2.1), mixed[1]);
  });

  test("the mean leaves silent windows out, unless all are silent", () => {
    assert.ok(Math.abs((meanOf(windowsOf(["sad", null, null], 0.9), "apart")?.moods.sad ?? 0) - 0.9) < 1e-9);
    assert.equal(meanOf(windowsOf([null, null]), "by-arousal")?.silent, true);
    assert.equal(meanOf([], "apart"), null);
  });

  test("tension that windows call by two names is told by their mean arousal", () => {
    const tense = (/** @type {Mood} */ mood, /** @type {number} */ arousal) => ({ ...windowsOf([mood], 0.6)[0], arousal });
    const windows = [tense("angry", 0.5), tense("fearful", -0.2)];
    const share = 0.6 + 0.4 / 7;
    const apart = meanOf(windows, "apart"), told = meanOf(windows, "by-arousal");
    assert.ok(Math.abs((apart?.moods.angry ?? 0) - share / 2) < 1e-9);
    for (const moods of [told?.moods, told?.models[1].moods]) {
      assert.ok(Math.abs((moods?.angry ?? 0) - share) < 1e-9 && moods?.fearful === 0);
      assert.ok(moods && Math.abs(MOODS.reduce((sum, mood) => sum + moods[mood], 0) - 1) < 1e-9);
    }
    const even = meanOf([tense("angry", 0.21), tense("fearful", -0.21)], "by-arousal");
    assert.ok(Math.abs((even?.moods.angry ?? 0) - share / 2) < 1e-9, "at an arousal of 0 both share it");
    // Silence has no tension to tell.
    assert.equal(meanOf(windowsOf([null]), "by-arousal")?.moods.fearful, 1 / 8);
  });
});

describe("passages", () => {
  test("they cover the whole without gaps, and an odd window joins its neighbours", () => {
    const list = runs(windowsOf([...times(6, /** @type {Mood} */ ("calm")), "angry", ...times(5, /** @type {Mood} */ ("calm")), ...times(8, /** @type {Mood} */ ("happy"))]));
    assert.deepEqual(list.map(({ mood }) => mood), ["calm", "happy"]);
    assert.equal(list[0].startS, 0);
    assert.equal(list[1].endS, 22);
    assert.equal(list[0].endS, list[1].startS);
  });

  test("silence and doubt are marked", () => {
    const list = runs([...windowsOf(times(5, null)), ...windowsOf(times(5, "sad"), 0.3).map((window, i) => ({ ...window, startS: i + 5, endS: i + 8 }))]);
    assert.deepEqual(list.map(({ silent, unsure }) => [silent, unsure]), [[true, false], [false, true]]);
    assert.deepEqual(list[0].said, [null, null]);
  });

  test("no windows, no passages", () => assert.deepEqual(segments([], { endS: 0, shortestS: 2 }), []));
});

describe("sentences", () => {
  /** @type {Mood} */ const calm = "calm";
  /** @type {Mood} */ const happy = "happy";
  /** @type {Mood} */ const angry = "angry";

  test("one mood", () => {
    assert.equal(words(windowsOf(times(20, happy))).headline, "Happy from start to end.");
    assert.equal(words(windowsOf(times(3, happy))).headline, "Happy.");
    assert.match(words(windowsOf(times(20, happy))).detail, /^Happy with 80%, both networks together\. Both networks agree\.$/);
  });

  test("a turn, a beginning, passages", () => {
    assert.equal(words(windowsOf([...times(20, calm), ...times(8, angry)])).headline, "Mostly calm, turning angry after 0:21.");
    assert.equal(words(windowsOf([...times(8, angry), ...times(20, calm)])).headline, "Calm, but angry at the beginning.");
    assert.equal(words(windowsOf([...times(10, calm), ...times(6, happy), ...times(10, calm)])).headline, "Mostly calm, with happy passages.");
    assert.match(words(windowsOf([...times(10, calm), ...times(9, happy), ...times(5, angry)])).headline, /^It changes: calm on the whole, with happy and angry passages\.$/);
  });

  test("doubt is said, not hidden", () => {
    const doubt = words(windowsOf(times(12, calm), 0.3), true);
    assert.equal(doubt.state, "unsure");
    assert.equal(doubt.headline, "Not sure. Closest to calm.");
    assert.match(doubt.detail, /^No mood stands out: calm 30%/);
    const likely = words(windowsOf(times(12, calm), 0.6), true);
    assert.equal(likely.state, "unsure");
    assert.equal(likely.headline, "Probably calm from start to end.");
    assert.match(likely.detail, /^Not quite sure: calm 60%, and only from 80% on/);
    const parts = words(windowsOf([...times(10, calm), ...times(10, angry)], 0.7), true);
    const half = words([...windowsOf(times(10, calm)), ...windowsOf(times(10, angry), 0.3).map((window, i) => ({ ...window, startS: i + 10, endS: i + 13 }))], true);
    assert.equal(half.headline, "Not sure as a whole: calm from 0:00 to 0:11.");
    assert.equal(parts.headline, "Not sure as a whole: calm at first, angry after 0:11.");
  });

  test("silence has no mood", () => assert.equal(words(windowsOf(times(5, null)), true).state, "silent"));

  test("a network alone is not called both", () => {
    const windows = windowsOf(times(20, happy)).map(({ models: [model], ...window }) => ({ ...window, models: [model] }));
    assert.equal(words(windows).detail, "Happy with 80%.");
    assert.equal(liveWords(windows[0], { sureAbove: 0.7, waitS: 0, shortName: String }).detail, "Now: 80%.");
    const three = windows.map(({ models: [model], ...window }) => ({ ...window, models: [model, model, model] }));
    assert.equal(words(three).detail, "Happy with 80%, all networks together. All networks agree.");
  });

  test("over the whole time of the microphone", () => {
    const [window] = windowsOf([happy]);
    assert.equal(liveWords(window, { sureAbove: 0.7, waitS: 0, shortName: String, over: "whole" }).detail, "Over the whole time: 80%, both networks together. Both networks agree.");
  });

  test("networks that differ are named", () => {
    const windows = windowsOf(times(10, calm)).map((window) => ({ ...window, models: [window.models[0], { name: "b", moods: moodsOf("sad", 0.7) }] }));
    assert.match(words(windows).detail, /The networks differ: A hears calm, B hears sad\./);
  });

  test("live: waiting, silent, unsure, sure", () => {
    const context = { sureAbove: 0.8, waitS: 2.2, shortName: String };
    assert.match(liveWords(null, context).detail, /in 3 s/);
    assert.equal(liveWords(windowsOf([null])[0], context).state, "silent");
    assert.equal(liveWords(windowsOf(["sad"], 0.4)[0], context).headline, "Not sure. Closest to sad.");
    assert.equal(liveWords(windowsOf(["sad"], 0.6)[0], context).headline, "Probably sad.");
    assert.equal(liveWords(windowsOf(["disgust"], 0.9)[0], context).headline, "Disgusted.");
  });
});

test("numbers as people read them", () => {
  assert.deepEqual([0, 59.9, 83, 3725, NaN].map(clock), ["0:00", "0:59", "1:23", "1:02:05", "0:00"]);
  assert.deepEqual([percent(0.126), signed(0.314), signed(-0.2), signed(-0.001)], ["13%", "+0.31", "\u22120.20", "0.00"]);
  assert.deepEqual([grouped(44_100), grouped(8000), grouped(12)], ["44,100", "8,000", "12"]);
  assert.deepEqual([decibels(1), decibels(0)], [0, -100]);
  assert.ok(Math.abs(decibels(0.5) + 6.02) < 0.01);
});

test("no two moods share their letters", () => assert.equal(new Set(MOODS.map(lettersOf)).size, 8));

test("the ribbon knows nothing beyond its windows", () => {
  const list = bars(windowsOf(["calm"]), { startS: 0, endS: 60, knownToS: 3, widthPx: 600 });
  assert.equal(list[0]?.mood, "calm");
  assert.equal(list.at(-1), null);
});

test("every error says what to do, also one that nobody foresaw", () => {
  const foreseen = explain(new PageError("mic-denied"));
  assert.match(foreseen.advice, /Allow/);
  assert.equal(foreseen.reason, "");
  const strange = explain(Object.assign(new Error("boom"), { code: "from-the-future" }));
  assert.equal(strange.code, "from-the-future");
  assert.equal(strange.reason, "boom");
  assert.equal(explain(Object.assign(new Error("no samples"), { code: "empty-audio" })).title, explain(new PageError("no-samples")).title);
  assert.equal(explain("just a text").reason, "just a text");
});

test("kinds of files that hold no sound are recognised, sound is not", () => {
  assert.match(notSound(Buffer.from("%PDF-1.7 and more of it"))?.words ?? "", /PDF/);
  assert.equal(notSound(Buffer.from("RIFF\0\0\0\0WAVEfmt ", "latin1")), null);
  assert.equal(notSound(Buffer.from("ID3\x04\0\0\0\0\0\0", "latin1")), null);
  assert.equal(notSound(new Uint8Array(0)), null);
});

test("what the browser granted is told, and what it kept on is pointed out", () => {
  assert.equal(grantedText({ echoCancellation: false, noiseSuppression: false, autoGainControl: false }), "The browser granted: echo cancellation off, noise suppression off and automatic gain off.");
  assert.match(grantedText({ echoCancellation: true, noiseSuppression: false }), /echo cancellation on, noise suppression off and automatic gain not told\. What is on changes the sound/);
});

test("the built-in sample is the same each time, loud enough and whole", () => {
  const { samples, sampleRate } = renderSample();
  assert.equal(sampleRate, 32_000);
  assert.ok(samples.length / sampleRate > 24 && samples.length / sampleRate < 25);
  assert.ok(samples.every(Number.isFinite));
  assert.ok(Math.abs(samples.reduce((top, sample) => Math.max(top, Math.abs(sample)), 0) - 0.8) < 1e-3);
  assert.ok(Buffer.from(renderSample().samples.buffer).equals(Buffer.from(samples.buffer)));
  const rms = (/** @type {number} */ from) => Math.sqrt(samples.subarray(from * sampleRate, (from + 6) * sampleRate).reduce((sum, sample) => sum + sample * sample, 0) / (6 * sampleRate));
  for (const from of [0, 6, 12, 18]) assert.ok(rms(from) > 0.01, `the part at ${from} s can be heard`);
  const file = Buffer.from(sampleWav());
  assert.equal(file.toString("latin1", 0, 4), "RIFF");
  assert.equal(file.length, 44 + samples.length * 2);
});
