// Many songs without a browser: the queue, the order of the table, what is kept of a song, and what is saved.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { PageError } from "../../www/js/errors.js";
import { wrapped } from "../../www/js/export/card.js";
import { field, line, summaryCsv, windowsCsv } from "../../www/js/export/csv.js";
import { baseName } from "../../www/js/export/download.js";
import { songsJson } from "../../www/js/export/json.js";
import { MOODS, mapMoods, topMood } from "../../www/js/moods.js";
import { chosen, looksLikeSound } from "../../www/js/song-list/files.js";
import { pressed, sorted } from "../../www/js/song-list/order.js";
import { isSilent, pack, someWindows, unpack, windowAt, windowCount } from "../../www/js/song-list/packed.js";
import { Queue } from "../../www/js/song-list/queue.js";
import { summary } from "../../www/js/song-list/words.js";

/** Numbers that look random, the same each time. @param {number} seed */
function random(seed) {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** A heard song. @param {number} seed @param {{ windows?: number, silent?: boolean }} [options] */
function heard(seed, { windows = 5, silent = false } = {}) {
  const next = random(seed);
  const moods = () => {
    const raw = mapMoods(() => next());
    const sum = MOODS.reduce((total, mood) => total + raw[mood], 0);
    return mapMoods((mood) => raw[mood] / sum);
  };
  const models = ["music cnn", "music rnn"];
  const all = Array.from({ length: windows }, (_, i) => ({
    startS: i / 3, endS: i / 3 + 12, silent: silent || i === 2, moods: moods(), valence: next() * 2 - 1, arousal: next() * 2 - 1, models: models.map((name) => ({ name, moods: moods() })),
  }));
  const whole = moods();
  const analysis = {
    durationS: 12 + windows / 3, sampleRate: 44_100, windows: all, moods: whole, valence: next() * 2 - 1, arousal: next() * 2 - 1,
    verdict: { mood: topMood(whole), probability: whole[topMood(whole)], unsure: true },
    models: models.map((name) => ({ name, mood: /** @type {const} */ ("calm"), moods: moods() })), timings: { resampleMs: 1, mfccMs: 2, forwardMs: 3 },
  };
  const networks = { models: [{ name: "music cnn" }, { name: "music rnn" }], settings: { windowS: 12, hopS: 1 / 3, sureAbove: 0.8 } };
  return /** @type {import("../../pkg/client/analyse.js").Heard} */ (/** @type {unknown} */ ({ analysis, kind: "music", networks, channels: 2, tookMs: 5 }));
}

const file = (/** @type {string} */ name) => ({ name, file: /** @type {File} */ (new Blob([name])) });
/** Lets promises that are ready go on. */
const breath = () => new Promise((resolve) => setImmediate(resolve));

/** A queue whose songs end when the test says so. @param {number} count */
function controlled(count) {
  /** @type {{ end: (result?: unknown) => void, fail: (error: unknown) => void, signal: AbortSignal, onStage: Function }[]} */
  const begun = [];
  const queue = new Queue((_, { signal, onStage }) => new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
    begun.push({ end: (result = "result") => resolve(/** @type {any} */ (result)), fail: reject, signal, onStage });
  }));
  let idle = 0;
  queue.onIdle = () => (idle += 1);
  queue.add(Array.from({ length: count }, (_, i) => file(`${i}`)));
  return { queue, begun, states: () => queue.songs.map(({ state }) => state).join(" "), idle: () => idle };
}

describe("the queue", () => {
  test("one at a time, in order, and it tells when all are done", async () => {
    const { queue, begun, states, idle } = controlled(3);
    assert.equal(states(), "working waiting waiting");
    begun[0].onStage("listening", 0.5);
    assert.ok(Math.abs(queue.progress.share - 0.5 / 3) < 1e-9);
    begun[0].end();
    await breath();
    assert.equal(states(), "done working waiting");
    assert.equal(begun.length, 2);
    begun[1].end();
    await breath();
    begun[2].end();
    await breath();
    assert.equal(states(), "done done done");
    assert.deepEqual([idle(), queue.busy, queue.progress.share], [1, false, 1]);
  });

  test("a song that fails keeps its reason, and the next one is heard", async () => {
    const { queue, begun, states } = controlled(2);
    const reason = new PageError("damaged");
    begun[0].fail(reason);
    await breath();
    assert.equal(states(), "failed working");
    assert.equal(queue.songs[0].error, reason);
    begun[1].end();
    await breath();
    queue.again(queue.songs[0].id);
    assert.equal(states(), "working done");
    assert.equal(queue.songs[0].error, null);
  });

  test("one is called off, waiting or at work; then all", async () => {
    const { queue, begun, states, idle } = controlled(4);
    queue.cancel(queue.songs[1].id);
    assert.equal(states(), "working cancelled waiting waiting");
    queue.cancel(queue.songs[0].id);
    await breath();
    assert.equal(begun[0].signal.aborted, true);
    assert.equal(states(), "cancelled cancelled working waiting");
    // What a song says after it was called off is not heard.
    begun[0].onStage("listening", 0.9);
    assert.equal(queue.songs[0].share, null);
    queue.cancelAll();
    await breath();
    assert.equal(states(), "cancelled cancelled cancelled cancelled");
    assert.equal(idle(), 1);
    assert.equal(begun.length, 2);
  });

  test("a result that comes too late for its cancellation is not taken", async () => {
    const queue = new Queue(async () => /** @type {any} */ ("late"));
    queue.add([file("a")]);
    queue.cancel(queue.songs[0].id);
    await breath();
    assert.deepEqual([queue.songs[0].state, queue.songs[0].result], ["cancelled", null]);
  });

  test("missing networks halt it with nothing lost; it resumes", async () => {
    const { queue, begun, states } = controlled(2);
    /** @type {unknown[]} */
    const halts = [];
    queue.onHalt = (error) => halts.push(error);
    begun[0].fail(new PageError("models-missing"));
    await breath();
    assert.equal(states(), "waiting waiting");
    assert.equal(halts.length, 1);
    queue.resume();
    begun[1].end();
    await breath();
    begun[2].end();
    await breath();
    assert.equal(states(), "done done");
  });

  test("forgotten songs are heard of no more, and new ones take their place", async () => {
    const { queue, begun, states } = controlled(2);
    let told = 0;
    queue.onSong = () => (told += 1);
    queue.clear();
    queue.add([file("new")]);
    await breath();
    assert.equal(begun[0].signal.aborted, true);
    assert.equal(states(), "working");
    begun[1].end();
    await breath();
    assert.equal(states(), "done");
    assert.equal(told, 2);
  });

  test("a file that cannot be opened is listed as failed", () => {
    const { queue } = controlled(0);
    const [song] = queue.add([{ name: "gone", file: null, error: new PageError("unreadable") }]);
    assert.equal(song.state, "failed");
    queue.again(song.id);
    assert.equal(song.state, "failed");
  });
});

describe("what is kept of a song", () => {
  test("comes out as it went in", () => {
    for (const windows of [0, 1, 40]) {
      const song = heard(windows + 1, { windows });
      assert.deepEqual(unpack(pack(song)), song);
      assert.equal(windowCount(pack(song)), windows);
    }
    const song = heard(7);
    assert.deepEqual(windowAt(pack(song), 3), song.analysis.windows[3]);
  });

  test("a small picture's windows reach from the first to the last", () => {
    const song = heard(9, { windows: 100 });
    const some = someWindows(pack(song), 7);
    assert.deepEqual([some.length, some[0], some[6]], [7, song.analysis.windows[0], song.analysis.windows[99]]);
    assert.deepEqual([someWindows(pack(song), 500).length, someWindows(pack(heard(1, { windows: 0 })), 5).length, someWindows(pack(heard(1, { windows: 1 })), 5).length], [100, 0, 1]);
  });

  test("ten hours take a few megabytes", () => assert.ok(pack(heard(1, { windows: 36_000 })).windows.byteLength < 10e6));

  test("silence is known", () => {
    assert.equal(isSilent(pack(heard(1))), false);
    assert.equal(isSilent(pack(heard(1, { silent: true }))), true);
  });
});

describe("the table's order", () => {
  const songs = [
    { name: "b 10", result: pack(heard(3)) }, { name: "B 9", result: pack(heard(4)) }, { name: "a", result: null },
    { name: "still", result: pack(heard(5, { silent: true })) }, { name: "Ä", result: pack(heard(6)) },
  ].map((song, id) => /** @type {import("../../www/js/song-list/queue.js").Song} */ (/** @type {unknown} */ ({ ...song, id })));
  /** @param {import("../../www/js/song-list/order.js").Column | null} column @param {boolean} [descending] */
  const by = (column, descending = false) => sorted(songs, { column, descending }).map(({ name }) => name);

  test("names as people sort them: numbers by value, whatever the case", () => {
    assert.deepEqual(by("name"), ["a", "Ä", "B 9", "b 10", "still"]);
    assert.deepEqual(by("name", true).slice(0, 3), ["still", "b 10", "B 9"]);
    assert.deepEqual(by(null), songs.map(({ name }) => name));
  });

  test("numbers by size; songs without one last, both ways", () => {
    for (const column of /** @type {const} */ (["certainty", "valence", "arousal"])) {
      const up = by(column);
      assert.deepEqual(new Set(up.slice(3)), new Set(["a", "still"]), column);
      assert.deepEqual(by(column, true).slice(0, 3), up.slice(0, 3).reverse());
      assert.deepEqual(by(column, true).slice(3), up.slice(3));
    }
    assert.equal(by("length").at(-1), "a");
  });

  test("a heading pressed three times leads back", () => {
    const start = { column: null, descending: false };
    const once = pressed(start, "valence");
    assert.deepEqual(once, { column: "valence", descending: true });
    assert.deepEqual(pressed(once, "valence"), { column: "valence", descending: false });
    assert.deepEqual(pressed(pressed(once, "valence"), "valence"), start);
    assert.deepEqual(pressed(once, "name"), { column: "name", descending: false });
  });
});

describe("what is saved", () => {
  /** Reads a line of RFC 4180 back, by another way than it was written. @param {string} text */
  const read = (text) => [...text.trimEnd().matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);

  test("commas, quotes, line ends and formulas", () => {
    const values = ["plain", "a, b", 'say "a"', "two\r\nlines", "ü 音"];
    assert.deepEqual(read(line(values)), values);
    assert.equal(line(["a", undefined, 1.5, -2, true]), "a,,1.5,-2,true\r\n");
    for (const evil of ["=1+1", "+1", "-1", "@x", "\tx", "\rx"]) assert.ok(/^"?'/.test(field(evil)), evil);
  });

  const songs = [{ name: "one", result: pack(heard(1)) }, { name: "bad", result: null, error: new PageError("damaged") }, { name: "two", result: pack(heard(2, { windows: 3 })) }];

  test("every line has every column, and the numbers are the song's", () => {
    for (const lines of [[...summaryCsv(songs)], [...windowsCsv(songs)]]) {
      const widths = new Set(lines.map((text) => read(text).length));
      assert.equal(widths.size, 1);
    }
    const [head, one, bad] = [...summaryCsv(songs)].map(read);
    const { analysis } = heard(1);
    assert.equal(Number(one[head.indexOf("valence")]), analysis.valence);
    assert.equal(Number(one[head.indexOf("music rnn_sad")]), analysis.models[1].moods.sad);
    assert.equal(bad[head.indexOf("error")], "damaged");
    const windows = [...windowsCsv(songs)].map(read);
    assert.equal(windows.length, 1 + 5 + 3);
    assert.equal(Number(windows[4][windows[0].indexOf("fearful")]), analysis.windows[3].moods.fearful);
  });

  test("JSON holds the analysis, and says why a song has none", () => {
    const [one, bad, two] = JSON.parse([...songsJson(songs)].join(""));
    assert.deepEqual(one.windows, heard(1).analysis.windows);
    assert.equal(two.heardAs, "music");
    assert.deepEqual(Object.keys(bad), ["name", "error"]);
    assert.equal(bad.error.code, "damaged");
    assert.deepEqual(JSON.parse([...songsJson([])].join("")), []);
  });

  test("a file's name is made of the song's", () => {
    assert.deepEqual(["Album/01 A.B.mp3", 'a"b?.wav', ".wav", "no ending", "C:\\x\\y.flac"].map(baseName), ["01 A.B", "a_b_", "song", "no ending", "y"]);
  });
});

test("words in lines that fit, the rest with an ellipsis", () => {
  const measure = (/** @type {string} */ text) => text.length;
  assert.deepEqual(wrapped("one two three", { width: 8, lines: 2, measure }), ["one two", "three"]);
  assert.deepEqual(wrapped("one two three four", { width: 8, lines: 2, measure }), ["one two", "three f…"]);
  assert.deepEqual(wrapped("incomprehensible", { width: 6, lines: 1, measure }), ["incom…"]);
  assert.deepEqual(wrapped("", { width: 6, lines: 1, measure }), [""]);
});

test("sound is known by its name or its type, not covers and playlists", () => {
  const taken = ["a.mp3", "a.FLAC", "a.opus"].map((name) => ({ name, type: "" }));
  const left = [{ name: "cover.jpg", type: "image/jpeg" }, { name: "list.m3u", type: "audio/x-mpegurl" }, { name: ".hidden.mp3", type: "audio/mpeg" }, { name: "notes", type: "" }];
  assert.ok(taken.every(looksLikeSound) && looksLikeSound({ name: "odd", type: "audio/x-odd" }));
  assert.ok(!left.some(looksLikeSound));
});

test("files chosen by themselves are all taken, as they came", () => {
  const files = ["b.wav", "a.txt"].map((name) => /** @type {File} */ (/** @type {unknown} */ ({ name, type: "", webkitRelativePath: "" })));
  const { found, leftOut, folder } = chosen(files);
  assert.deepEqual([found.map(({ name }) => name), leftOut, folder], [["b.wav", "a.txt"], 0, false]);
});

test("the list in words", () => {
  const none = { waiting: 0, working: 0, done: 0, failed: 0, cancelled: 0, total: 0, share: 0 };
  assert.equal(summary({ ...none, total: 1, done: 1 }, 0), "1 song, all heard.");
  assert.equal(summary({ ...none, total: 9, done: 5, failed: 2, cancelled: 1 }, 3), "5 of 9 songs heard; 2 could not be heard; 1 called off; 3 other files in the folders left out.");
});
