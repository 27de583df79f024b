// Files read piece by piece: the samples of the browser's own whole decoding, and the files that are left to it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../scripts/process.mjs";
import { hum, song, wav } from "./audio.mjs";
import { site } from "./harness.mjs";

const page = site();
const golden = (/** @type {string} */ name) => readFileSync(join(root, "tests", "golden", "audio", name));

/** 0.3 s with an ID3 tag and LAME's delays. */
const mp3 = golden("tone.mp3");
const aac = golden("tone.aac");
/** The first frame, which holds facts and no sound, begins behind the tag; the sound's first frame 208 bytes later. */
const SOUND = mp3.indexOf(Buffer.from([0xff, 0xfb]), mp3.indexOf("Info"));
/** The same frames over and over: 45 s, longer than what is read at a time, and without facts. */
const bare = Buffer.concat(Array.from({ length: 130 }, () => mp3.subarray(SOUND)));

const m4a = golden("tone.m4a");
/** Where the content of a box begins. @param {Buffer} file @param {string} box */
const place = (file, box) => file.indexOf(box) + 4;
/** @param {Buffer} file @param {string} box @param {string} name */
const renamed = (file, box, name) => Buffer.from(file.toString("latin1").replaceAll(box, name), "latin1");

/** The sound's place told anew, after something was put before it or taken away. @param {Buffer} file @param {number} by */
function moved(file, by) {
  const at = place(file, "stco") + 8;
  file.writeUInt32BE(file.readUInt32BE(at) + by, at);
  return file;
}

/** As people put it on servers: what says where the sound lies before the sound. @param {Buffer} file */
function tableFirst(file) {
  const [sound, table] = ["mdat", "moov"].map((box) => file.indexOf(box) - 4);
  return moved(Buffer.concat([file.subarray(0, sound), file.subarray(table), file.subarray(sound, table)]), file.length - table);
}

/** With 2112 samples before the sound and 458 behind it, in the note that iTunes leaves. @param {Buffer} file */
function noted(file) {
  const box = (/** @type {string} */ name, /** @type {string} */ content) => {
    const written = Buffer.from(`\0\0\0\0${name}${content}`, "latin1");
    written.writeUInt32BE(written.length);
    return written.toString("latin1");
  };
  const text = ` 00000000 00000840 000001CA 0000000000002DF6${" 00000000".repeat(8)}`;
  const note = Buffer.from(box("----", box("mean", "\0\0\0\0com.apple.iTunes") + box("name", "\0\0\0\0iTunSMPB") + box("data", `\0\0\0\x01\0\0\0\0${text}`)), "latin1");
  const longer = Buffer.concat([file, note]);
  // The list of notes is the last box of the last box.
  for (const outer of ["moov", "udta", "meta", "ilst"]) longer.writeUInt32BE(longer.readUInt32BE(place(file, outer) - 8) + note.length, place(file, outer) - 8);
  return longer;
}

/** 0.15 s of 16 bits, in frames of 1024 samples. */
const flac = golden("tone.flac");
const FRAME = flac.indexOf(Buffer.from([0xff, 0xf8]), 3_000);
/** Where one of its frames begins. */
const SPOILT = bare.indexOf(Buffer.from([0xff, 0xfb, 0x52]), 5_000);

/** An Ogg file's pages. @param {Buffer} file */
function pagesOf(file) {
  /** @type {Buffer[]} */
  const pages = [];
  for (let at = 0; at < file.length; at += pages[pages.length - 1].length) {
    const sound = at + 27 + file[at + 26];
    pages.push(file.subarray(at, file.subarray(at + 27, sound).reduce((end, part) => end + part, sound)));
  }
  return pages;
}

/** A page with its number and its check. @param {Buffer} page @param {number} number */
function numbered(page, number) {
  const own = Buffer.from(page);
  own.writeUInt32LE(number, 18);
  own.writeUInt32LE(0, 22);
  let check = 0;
  for (const byte of own) {
    check = (check ^ (byte << 24)) >>> 0;
    for (let bit = 0; bit < 8; bit++) check = (check & 0x80000000 ? (check << 1) ^ 0x04c11db7 : check << 1) >>> 0;
  }
  own.writeUInt32LE(check, 22);
  return own;
}

/** An Ogg file whose page of a number, with two packets, is put on two pages: the second packet goes on on the later one. @param {Buffer} file @param {number} which */
function onTwoPages(file, which) {
  const pages = pagesOf(file);
  const page = pages[which];
  assert.equal(page[26], 2);
  const sound = page.subarray(29);
  // A packet goes on where a part is full. Vorbis heeds nothing behind a packet's end.
  const full = Buffer.alloc(255);
  sound.copy(full, 0, page[27]);
  const front = Buffer.concat([page.subarray(0, 27), Buffer.from([page[27], full.length]), sound.subarray(0, page[27]), full]);
  // Only the first packet ends on it, and both are alike.
  front.writeBigUInt64LE((pages[which - 1].readBigUInt64LE(6) + page.readBigUInt64LE(6)) / 2n, 6);
  const rest = Buffer.concat([page.subarray(0, 26), Buffer.from([1, 0])]);
  rest[5] = 1;
  return Buffer.concat([...pages.slice(0, which), front, rest, ...pages.slice(which + 1)].map(numbered));
}

/** A WAV file of a second in stereo, in another format. @param {number} format @param {number} bits @param {(view: DataView, at: number, sample: number) => void} write */
function wavOf(format, bits, write, channels = 2) {
  const voice = hum(1, { gain: 0.9, sampleRate: 16_000 });
  const block = (channels * bits) / 8;
  const file = Buffer.concat([wav([voice], 16_000).subarray(0, 44), Buffer.alloc(voice.length * block)]);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (const [at, width, value] of [[4, 4, file.length - 8], [20, 2, format], [22, 2, channels], [28, 4, 16_000 * block], [32, 2, block], [34, 2, bits], [40, 4, file.length - 44]]) file.writeUIntLE(value, at, width);
  voice.forEach((sample, i) => {
    for (let channel = 0; channel < channels; channel++) write(view, 44 + i * block + (channel * bits) / 8, sample / (channel + 1));
  });
  return file;
}
const whole = (/** @type {number} */ bits) => (/** @type {number} */ sample) => Math.round(sample * (2 ** (bits - 1) - 1));

/** @param {import("playwright-core").Page} tab @param {Buffer} file */
const inPieces = (tab, file) => tab.evaluate(async (/** @type {string} */ text) => {
  const from = (/** @type {string} */ module) => import(new URL(`pkg/${module}.js`, document.baseURI).href);
  /** @type {[typeof import("../../src/js/pieces/open.js"), typeof import("../../src/js/client/runs.js")]} */
  const [{ openPieces }, { decodeRuns }] = await Promise.all([from("pieces/open"), from("client/runs")]);
  const file = new Blob([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))]);
  const pieces = await openPieces(file);
  if (!pieces) return null;
  const { sampleRate, channels, frames } = pieces;
  const buffer = await new OfflineAudioContext(1, 1, sampleRate).decodeAudioData(await file.arrayBuffer());
  /** No round number of frames, and several runs of the shortest file. */
  const LENGTH = 5_003;
  async function* read() {
    if ("runs" in pieces) yield* decodeRuns(file, { runs: pieces.runs(LENGTH), sampleRate, channels });
    else for (let part = await pieces.read(LENGTH); part[0].length > 0; part = await pieces.read(LENGTH)) yield part;
  }
  let [at, furthest] = [0, 0];
  for await (const part of read()) {
    part.forEach((samples, channel) => {
      const expected = buffer.getChannelData(channel).subarray(at, at + samples.length);
      samples.forEach((sample, i) => (furthest = Math.max(furthest, Math.abs(sample - (expected[i] ?? 9)))));
    });
    at += part[0].length;
  }
  return { rate: sampleRate, channels: channels - buffer.numberOfChannels, frames: frames - buffer.length, read: at - buffer.length, furthest };
}, file.toString("base64"));

/** `within`: how far a sample may be from the browser's. @type {[what: string, file: Buffer, within: number][]} */
const READ = [
  ["mp3, the encoder's delays left out", mp3, 0],
  ["mp3 without facts, longer than a piece", bare, 0],
  ["mp3 with a tag behind it", Buffer.concat([mp3, Buffer.from("TAG"), Buffer.alloc(125, 32)]), 0],
  ["mp3 with zeros behind it", Buffer.concat([bare, Buffer.alloc(300)]), 0],
  ["mp3 cut in the middle of a frame", bare.subarray(0, bare.length - 100), 0],
  ["mp3 cut, and longer by its facts", mp3.subarray(0, mp3.length - 300), 0],
  ["mp3 with a frame of rubbish", Buffer.from(bare).fill(0x55, SPOILT + 40, SPOILT + 140), 0],
  // Bands that AAC leaves to chance (perceptual noise substitution) are filled by a generator that goes on from frame to frame.
  ["AAC in ADTS", Buffer.concat(Array.from({ length: 40 }, () => aac)), 0.01],
  ["AAC in MP4", m4a, 0.01],
  ["AAC in MP4, its table first", tableFirst(m4a), 0.01],
  ["AAC in MP4 without a delay", renamed(m4a, "edts", "free"), 0.01],
  ["AAC in MP4, its delays noted by iTunes", noted(m4a), 0.01],
  ["Vorbis in Ogg", golden("pages.ogg"), 0],
  ["Vorbis in Ogg, a packet on two pages", onTwoPages(golden("pages.ogg"), 20), 0],
  ["Opus for music in Ogg", golden("pages.opus"), 0],
  ["WAV of 32 bits", wavOf(1, 32, (view, at, sample) => view.setInt32(at, whole(32)(sample), true)), 0],
  ["WAV of 24 bits", wavOf(1, 24, (view, at, sample) => [0, 8, 16].forEach((shift, i) => view.setUint8(at + i, (whole(24)(sample) >> shift) & 255))), 0],
  ["WAV of floats", wavOf(3, 32, (view, at, sample) => view.setFloat32(at, sample, true)), 0],
  ["WAV of six channels", wavOf(3, 32, (view, at, sample) => view.setFloat32(at, sample, true), 6), 0],
  ["FLAC", flac, 1 / 32_767],
  ["FLAC with a tag behind it", Buffer.concat([flac, Buffer.from("TAG"), Buffer.alloc(125, 32)]), 1 / 32_767],
  ["FLAC with much before the sound", Buffer.concat([Buffer.from("fLaC\0\0\0\x22", "latin1"), flac.subarray(8, 42), Buffer.from([1, 1, 0, 0]), Buffer.alloc(65_536, 0xff), flac.subarray(42)]), 1 / 32_767],
  // Chromium divides positive numbers by one less than negative ones.
  ["WAV of 16 bits", wav([song(5), hum(5, { gain: 1 })]), 1 / 32_767],
  ["WAV of 8 bits", wavOf(1, 8, (view, at, sample) => view.setUint8(at, 128 + whole(8)(sample))), 1 / 127],
];

for (const [what, file, within] of READ) {
  test(`${what}: as the browser decodes it whole`, async (t) => {
    const { page: tab } = await page.open(t);
    const got = await inPieces(tab, file);
    assert.ok(got, "read in pieces");
    const { furthest, rate, ...lengths } = got;
    assert.deepEqual(lengths, { channels: 0, frames: 0, read: 0 });
    assert.ok(furthest <= within, `${furthest} apart, at ${rate} Hz`);
  });
}

const good = wav([hum(1)]);
/** @type {[what: string, file: Buffer][]} */
const LEFT = [
  ["mp3 files joined", Buffer.concat([mp3, mp3.subarray(SOUND)])],
  ["mp3 whose frames change their rate", Buffer.concat([bare, Buffer.from([0xff, 0xfb, 0x54, 0xc4]), Buffer.alloc(300)])],
  ["mp3 with something else behind it", Buffer.concat([bare, Buffer.from("something else")])],
  ["FLAC cut short", flac.subarray(0, flac.length >> 1)],
  ["FLAC without its number of samples", Buffer.from(flac).fill(0, 22, 26)],
  ["FLAC with a frame missing", Buffer.concat([flac.subarray(0, FRAME), flac.subarray(FRAME + 1500)])],
  ["Ogg cut short", golden("pages.ogg").subarray(0, -20)],
  ["Ogg with a page missing", Buffer.concat([...pagesOf(golden("pages.ogg")).slice(0, 10), ...pagesOf(golden("pages.ogg")).slice(11)])],
  ["Ogg files joined", Buffer.concat([golden("pages.ogg"), golden("pages.ogg")])],
  ["Ogg of two streams", Buffer.concat([golden("pages.ogg"), golden("pages.opus")])],
  ["Ogg whose times go backwards", Buffer.concat(pagesOf(golden("pages.ogg")).map((own, i) => (i === 9 ? Buffer.from(own).fill(0, 6, 14) : own)))],
  ["Ogg that says it lasts for thousands of years", Buffer.concat(pagesOf(golden("pages.ogg")).map((own, i, { length }) => (i === length - 1 ? Buffer.from(own).fill(0x7f, 6, 13) : own)))],
  ["Ogg with all of its sound on one page", golden("tone.ogg")],
  ["Opus for speech", Buffer.concat(pagesOf(golden("pages.opus")).map((own, i) => (i === 20 ? Buffer.from(own).fill(8, 27 + own[26], 28 + own[26]) : own)))],
  ["Ogg recorded from the middle of a broadcast", Buffer.concat(pagesOf(golden("pages.ogg")).filter((own, i) => i < 2 || i > 9).map(numbered))],
  ["Ogg of headers alone", Buffer.concat(pagesOf(golden("pages.ogg")).slice(0, 2))],
  ["Ogg of another codec", renamed(golden("pages.opus"), "OpusHead", "OtherOne")],
  ["MP4 of another codec", renamed(m4a, "mp4a", "alac")],
  ["MP4 whose sound is encrypted", renamed(m4a, "mp4a", "enca")],
  ["MP4 whose sound would lie behind its end", Buffer.from(m4a).fill(1, place(m4a, "stco") + 8, place(m4a, "stco") + 9)],
  ["MP4 cut short", tableFirst(m4a).subarray(0, m4a.length - 20)],
  ["MP4 with a table that is shorter than it says", Buffer.from(m4a).fill(0x7f, place(m4a, "stsz") + 8, place(m4a, "stsz") + 12)],
  ["MP4 with a frame that no ADTS header can tell", Buffer.concat([Buffer.from(m4a).fill(0x20, place(m4a, "stsz") + 14, place(m4a, "stsz") + 15), Buffer.alloc(10_000)])],
  ["MP4 with several edits", Buffer.from(m4a).fill(2, place(m4a, "elst") + 7, place(m4a, "elst") + 8)],
  ["a film without sound", golden("silent_film.mp4")],
  ["WAV of another codec", wavOf(7, 8, (view, at) => view.setUint8(at, 0x80))],
  ["WAV shorter than it says", good.subarray(0, good.length - 1000)],
  ["rubbish", Buffer.from("no sound at all, but words")],
];

for (const [what, file] of LEFT) {
  test(`${what}: left to the browser`, async (t) => {
    const { page: tab } = await page.open(t);
    assert.equal(await inPieces(tab, file), null);
  });
}

test("where the browser decodes runs of frames otherwise than the file, or stops on the way, the song is heard whole, and told alike", async (t) => {
  const { page: tab } = await page.open(t);
  const heard = await tab.evaluate(async (/** @type {string} */ text) => {
    /** @type {typeof import("../../pkg/client.js")} */
    const { createSongmood } = await import(new URL("pkg/client.js", document.baseURI).href);
    const file = new Blob([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))]);
    const { prototype } = OfflineAudioContext;
    const own = prototype.decodeAudioData;
    const client = await createSongmood();
    /** @param {(run: number, bytes: ArrayBuffer, decode: () => Promise<AudioBuffer>) => Promise<AudioBuffer>} decodeRun */
    const hear = async (decodeRun) => {
      let [runs, whole] = [0, 0];
      prototype.decodeAudioData = function (bytes) {
        const decode = () => own.call(this, bytes);
        if (bytes.byteLength !== file.size) return decodeRun(runs++, bytes, decode);
        whole += 1;
        return decode();
      };
      /** @type {number[]} */
      const told = [];
      const { timeline } = await client.analyse(file, { onWindow: ({ startS }) => told.push(startS) });
      prototype.decodeAudioData = own;
      return { whole, runs: runs > 0, timeline: JSON.stringify(timeline), told: told.join() };
    };
    try {
      return [
        await hear((run, bytes, decode) => decode()),
        await hear(() => Promise.reject(new DOMException("no such file", "EncodingError"))),
        await hear((run, bytes, decode) => (run === 2 ? Promise.reject(new DOMException("no such file", "EncodingError")) : decode())),
        await hear(async (run, bytes, decode) => (run < 1 ? decode() : new AudioBuffer({ length: 1000, numberOfChannels: (await decode()).numberOfChannels, sampleRate: 44_100 }))),
      ];
    } finally {
      client.dispose();
    }
  }, bare.toString("base64"));
  const [first, ...others] = heard;
  assert.deepEqual([first.whole, first.runs], [0, true]);
  for (const other of others) assert.deepEqual(other, { ...first, whole: 1 });
});
