// What the pictures, the plane, the selection and the recording show, without a screen: numbers in, numbers out.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { colourMap } from "../../www/js/colour-maps.js";
import { KEPT_S, KeptRecording } from "../../www/js/kept-recording.js";
import { keptWords, recordingName } from "../../www/js/live-tools.js";
import { meanWithin, segments } from "../../pkg/view/moments.js";
import { MOODS, mapMoods } from "../../www/js/moods.js";
import { frequencyMarks, melHeat, mfccHeat, pictureWords, waveBars } from "../../www/js/pictures.js";
import { nearestMood, pathOf, pathWords, placeWords, trailOf } from "../../www/js/plane-path.js";
import { Recorder } from "../../pkg/client/recorder.js";
import { moveEdge, rangeOf } from "../../www/js/selection.js";
import { SIGHT, linear, oklab } from "./support/colour.mjs";

/** @typedef {import("../../www/types/songmood.d.ts").MoodWindow} MoodWindow */

/** A picture whose value is its column, its row a hundred times that. @param {number} columns @param {number} rows */
const ramp = (columns, rows, columnS = 0.5) => ({ columns, rows, columnS, data: Float32Array.from({ length: columns * rows }, (_, i) => Math.floor(i / rows) + 100 * (i % rows)) });

/** Windows of 4 s, one a second, along a line on the plane. @param {(number | null)[]} valences null is silent @returns {MoodWindow[]} */
const windowsAt = (valences) => valences.map((valence, i) => {
  const moods = mapMoods((mood) => (mood === (i % 2 ? "calm" : "happy") ? 0.3 : 0.1));
  return { startS: i, endS: i + 4, silent: valence === null, valence: valence ?? 0, arousal: 0.5, moods, models: [] };
});

const PLACES = /** @type {import("../../www/types/songmood.d.ts").Circumplex} */ (Object.fromEntries(MOODS.map((mood, i) => [mood, { valence: Math.cos(i), arousal: Math.sin(i) }])));

describe("colour maps", () => {
  for (const theme of /** @type {const} */ (["light", "dark"])) {
    for (const kind of /** @type {const} */ (["sequential", "diverging"])) {
      const colours = Array.from({ length: 256 }, (_, i) => linear(`#${Buffer.from(colourMap(kind, theme).subarray(i * 3, i * 3 + 3)).toString("hex")}`));
      const labs = colours.map((rgb) => oklab(rgb));

      test(`${kind}, ${theme}: equal steps look equally large`, () => {
        // Sixteen steps at a time: single ones are as small as the screen's own.
        for (const half of kind === "diverging" ? [[0, 112], [128, 240]] : [[0, 240]]) {
          const steps = [];
          for (let i = half[0]; i < half[1]; i += 16) steps.push(Math.hypot(...labs[i].map((value, k) => value - labs[Math.min(255, i + 16)][k])));
          const [least, most] = [Math.min(...steps), Math.max(...steps)];
          assert.ok(most / least < 1.3, `${least.toFixed(3)} to ${most.toFixed(3)}`);
        }
      });

      test(`${kind}, ${theme}: lightness alone tells the value, for colour-blind eyes too`, () => {
        for (const [sight, matrix] of Object.entries(SIGHT)) {
          const light = colours.map((rgb) => oklab(matrix.map((row) => Math.max(0, row.reduce((sum, weight, i) => sum + weight * rgb[i], 0))))[0]);
          const away = theme === "light" ? -1 : 1;
          for (let i = 16; i < 256; i += 16) {
            const outward = kind === "diverging" && i <= 128 ? -away : away;
            assert.ok((light[i] - light[i - 16]) * outward > 0, `${sight}, step ${i}: ${light[i - 16].toFixed(3)} to ${light[i].toFixed(3)}`);
          }
        }
      });
    }
  }

  test("the two arms of the diverging map are told apart by every eye", () => {
    for (const theme of /** @type {const} */ (["light", "dark"])) {
      const map = colourMap("diverging", theme);
      for (const matrix of Object.values(SIGHT)) {
        const [low, high] = [40, 215].map((i) => {
          const rgb = linear(`#${Buffer.from(map.subarray(i * 3, i * 3 + 3)).toString("hex")}`);
          return oklab(matrix.map((row) => Math.max(0, row.reduce((sum, weight, k) => sum + weight * rgb[k], 0))));
        });
        assert.ok(Math.hypot(...low.map((value, k) => value - high[k])) > 0.09);
      }
    }
  });
});

describe("heat maps", () => {
  test("a pixel shows the columns of its time, the highest row on top", () => {
    // 8 columns of 0.5 s over 4 s, at 4 px: two columns a pixel.
    const { width, height, levels } = melHeat(ramp(8, 2), { startS: 0, endS: 4, widthPx: 4 });
    assert.deepEqual([width, height], [4, 2]);
    const db = [...levels].map((level) => (level - 1) * 80 + 107);
    // The lower row lies more than 80 dB below the top: it is the floor.
    [100.5, 102.5, 104.5, 106.5, 27, 27, 27, 27].forEach((value, i) => assert.ok(Math.abs(db[i] - value) < 1e-3, `${db}`));
  });

  test("fewer columns than pixels are repeated; beyond the end nothing is known", () => {
    const { levels } = melHeat(ramp(2, 1, 1), { startS: 0, endS: 4, widthPx: 8 });
    assert.deepEqual([...levels].map((level) => (Number.isNaN(level) ? null : Math.round((level - 1) * 80) + 1)), [0, 0, 1, 1, null, null, null, null]);
  });

  test("a stretch of the song shows that stretch", () => {
    const { levels } = melHeat(ramp(100, 1, 1), { startS: 50, endS: 60, widthPx: 10 });
    assert.deepEqual([...levels].map((level) => Math.round((level - 1) * 80) + 99), [50, 51, 52, 53, 54, 55, 56, 57, 58, 59]);
  });

  test("each MFCC is coloured by its own mean and spread, and a constant one is in the middle", () => {
    const picture = { columns: 4, rows: 3, columnS: 1, data: Float32Array.from([-1000, 1, 5, -900, 2, 5, -1000, 1, 5, -900, 2, 5]) };
    const { levels } = mfccHeat(picture, { startS: 0, endS: 4, widthPx: 4 });
    const [top, middle, bottom] = [0, 4, 8].map((from) => [...levels.slice(from, from + 4)]);
    assert.ok(top.every((level) => level === 0.5));
    middle.forEach((level, i) => assert.ok(Math.abs(level - bottom[i]) < 1e-3));
    assert.ok(Math.abs(bottom[0] - 0.3) < 1e-3 && Math.abs(bottom[1] - 0.7) < 1e-3);
  });

  test("marks for round frequencies lie between the bands around them", () => {
    const centres = Float32Array.from([100, 300, 900, 2700, 8100]);
    const marks = frequencyMarks(centres);
    assert.deepEqual(marks.map(({ hertz }) => hertz), [200, 1000, 5000]);
    assert.ok(Math.abs(marks[0].share - 1 / 5) < 1e-6);
    assert.deepEqual(frequencyMarks(new Float32Array(0)), []);
  });
});

describe("the waveform", () => {
  const picture = { columns: 4, rows: 3, columnS: 1, data: Float32Array.from([-0.1, 0.2, 0.1, -0.5, 0.1, 0.3, 0, 0, 0, -0.2, 0.25, 0.1]) };

  test("a pixel has the extremes of its time, as shares of the peak", () => {
    const bars = waveBars(picture, { startS: 0, endS: 8, widthPx: 4 });
    assert.deepEqual(bars.map((bar) => bar && [bar.low, bar.high].map((value) => Number(value.toFixed(3)))), [[-1, 0.4], [-0.4, 0.5], null, null]);
    assert.ok(waveBars({ ...picture, columns: 0, data: new Float32Array(0) }, { startS: 0, endS: 8, widthPx: 4 }).every((bar) => bar === null));
  });

  test("has words", () => {
    assert.equal(pictureWords("waveform", picture, new Float32Array(0)), "Waveform: loudest near 0:01, with a peak of 6 decibels below full scale in the whole.");
    assert.match(pictureWords("mel", ramp(3, 2), Float32Array.from([100, 5000])), /2 bands up to 5 kilohertz; on the whole strongest near 5,000 hertz/);
    assert.match(pictureWords("mfcc", ramp(3, 40), new Float32Array(0)), /40 coefficients/);
    assert.equal(pictureWords("mel", { columns: 0, rows: 3, columnS: 1, data: new Float32Array(0) }, new Float32Array(0)), "");
  });
});

describe("the plane", () => {
  test("the path follows the windows and is cut where it is silent", () => {
    const parts = pathOf(windowsAt([0.1, 0.2, null, 0.4]));
    assert.deepEqual(parts.map((part) => part.map(({ t, valence }) => [t, valence])), [[[2, 0.1], [3, 0.2]], [[5, 0.4]]]);
    assert.deepEqual(pathOf([]), []);
  });

  test("an hour has no more points than can be told apart, and keeps its mean", () => {
    const points = pathOf(windowsAt(Array.from({ length: 3600 }, (_, i) => Math.sin(i / 500)))).flat();
    assert.ok(points.length <= 240 && points.length > 120);
    assert.ok(points.every(({ t }, i) => i === 0 || t > points[i - 1].t));
  });

  test("the trail is what was just passed, in the same part", () => {
    const parts = pathOf(windowsAt([0.1, 0.2, 0.3, null, 0.5, 0.6]));
    assert.deepEqual(trailOf(parts, 4.5, 2).map(({ t }) => t), [3, 4]);
    assert.deepEqual(trailOf(parts, 6.5, 30).map(({ t }) => t), [6]);
    assert.deepEqual(trailOf(parts, 0, 5), []);
  });

  test("places have words, and the nearest mood", () => {
    assert.equal(nearestMood({ valence: 1, arousal: 0 }, PLACES), "neutral");
    assert.equal(placeWords({ valence: 0.9, arousal: -0.3 }, PLACES), "pleasant and still (valence +0.90, arousal \u22120.30), nearest to disgusted");
    assert.match(placeWords({ valence: 0, arousal: 0.05 }, PLACES), /^neither pleasant nor unpleasant and neither still nor stirred/);
    assert.match(pathWords(pathOf(windowsAt([-0.5, 0.5])), { valence: 0.5, arousal: 0.5 }, PLACES), /^On the whole pleasant and stirred .*\. It begins unpleasant and stirred .*, and ends pleasant and stirred/);
    assert.equal(pathWords([], null, PLACES), "Nothing is on the plane yet.");
  });
});

describe("a part", () => {
  const song = { startS: 0, endS: 20 };

  test("lies within the song, in order, and is never shorter than can be judged", () => {
    assert.deepEqual(rangeOf(12, 5, song), { startS: 5, endS: 12 });
    assert.deepEqual(rangeOf(-3, 99, song), song);
    assert.deepEqual(rangeOf(19.9, 20, song), { startS: 19.5, endS: 20 });
    assert.deepEqual(rangeOf(4, 4.1, song), { startS: 4, endS: 4.5 });
  });

  test("an edge stops short of the other and at the song's ends", () => {
    const range = { startS: 5, endS: 10 };
    assert.deepEqual(moveEdge(range, "startS", 12, song), { startS: 9.5, endS: 10 });
    assert.deepEqual(moveEdge(range, "startS", -1, song), { startS: 0, endS: 10 });
    assert.deepEqual(moveEdge(range, "endS", 3, song), { startS: 5, endS: 5.5 });
    assert.deepEqual(moveEdge(range, "endS", Infinity, song), { startS: 5, endS: 20 });
  });

  test("is estimated from the windows centred in it, or the one nearest", () => {
    const windows = windowsAt([0, 0.1, 0.2, 0.3]);
    assert.ok(Math.abs((meanWithin(windows, { startS: 2.5, endS: 4.5 }, "apart")?.valence ?? NaN) - 0.15) < 1e-9);
    assert.ok(Math.abs((meanWithin(windows, { startS: 3.1, endS: 3.2 }, "apart")?.valence ?? NaN) - 0.115) < 1e-9);
    assert.equal(meanWithin([], { startS: 0, endS: 1 }, "apart"), null);
  });
});

test("passages of an hour that changes every second are joined, without gaps", () => {
  const windows = windowsAt(Array.from({ length: 3600 }, () => 0));
  const runs = segments(windows, { endS: 3603, shortestS: 60 });
  assert.ok(runs.length < 60);
  runs.forEach((run, i) => assert.equal(run.startS, i === 0 ? 0 : runs[i - 1].endS));
  assert.equal(runs.at(-1)?.endS, 3603);
});

describe("the recording", () => {
  test("comes in parts of some seconds, and loses nothing", async () => {
    /** @type {import("../../pkg/client/recorder.js").Part[]} */
    const parts = [];
    const recorder = new Recorder(1000, (part) => parts.push(part));
    for (let i = 0; i < 100; i += 1) recorder.push(new Float32Array(130).fill(i / 100));
    recorder.flush();
    recorder.flush();
    assert.equal(parts.reduce((sum, { frames }) => sum + frames, 0), 13_000);
    assert.equal(parts.length, 3);
    const kept = new KeptRecording(1000);
    parts.forEach((part) => kept.add(part));
    const file = Buffer.from(await kept.wav().arrayBuffer());
    assert.equal(file.length, 44 + 26_000);
    assert.equal(file.toString("latin1", 0, 4), "RIFF");
    assert.equal(file.readUInt32LE(24), 1000);
    assert.equal(file.readUInt32LE(40), 26_000);
    assert.equal(file.readInt16LE(44 + 2 * 12_999), Math.round(0.99 * 32_767));
    assert.deepEqual([kept.durationS, kept.startS], [13, 0]);
  });

  test("keeps the last hour, and says so", () => {
    const kept = new KeptRecording(100);
    for (let i = 0; i < 800; i += 1) kept.add({ blob: new Blob([]), frames: 500 });
    assert.equal(kept.durationS, KEPT_S);
    assert.equal(kept.startS, 4000 - KEPT_S);
    assert.match(keptWords(kept), /^The last 1:00:00 of the sound is kept \(an hour is the most\), in this tab alone/);
    assert.match(keptWords({ durationS: 65, startS: 0 }), /^1:05 of sound is kept, in this tab alone/);
    assert.equal(recordingName(new Date(2026, 0, 5, 9, 3)), "songmood 2026-01-05 09.03.wav");
  });
});
