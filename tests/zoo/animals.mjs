// The zoo: some hundred files that are broken in every way that could be thought of, the same ones each time.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { root } from "../../scripts/process.mjs";
import { flac, mp3, mp4, ogg } from "./containers.mjs";
import { silentFlac } from "./flac.mjs";
import { generator, noise } from "./random.mjs";
import { lyingHeaders, sound, strangeSamples } from "./wav.mjs";

/** @typedef {{ name: string, bytes: Buffer }} Animal */
/** @typedef {[name: string, bytes: Buffer]} Named */

const golden = (/** @type {string} */ name) => readFileSync(join(root, "tests", "golden", "audio", name));

/** What can be decoded, by its ending. */
const WHOLE = {
  wav: sound,
  flac: golden("tone.flac"),
  mp3: golden("tone.mp3"),
  ogg: golden("tone.ogg"),
  m4a: golden("tone.m4a"),
  aac: golden("tone.aac"),
};

/** All of them. @returns {Animal[]} */
export function animals() {
  return [
    ...Object.entries(WHOLE).flatMap(([ending, bytes]) => [...cut(ending, bytes), ...scratched(ending, bytes), ...beside(ending, bytes)]),
    ...lyingHeaders(),
    ...strangeSamples(),
    ...mp4(WHOLE.m4a),
    ...flac(WHOLE.flac),
    ...ogg(WHOLE.ogg),
    ...mp3(WHOLE.mp3),
    ...foreign(),
    /** @type {Named} */ (["no sound but a film.m4a", golden("silent_film.mp4")]),
    /** @type {Named} */ (["opus.ogg", golden("opus.ogg")]),
    /** @type {Named} */ (["eight hours of silence.flac", silentFlac(8 * 3600, 8_000)]),
  ].map(([name, bytes]) => ({ name, bytes }));
}

/** Ends too early. @param {string} ending @param {Buffer} bytes @returns {Named[]} */
function cut(ending, bytes) {
  const lengths = [0, 1, 2, 4, 8, 12, 20, 43, 44, 45, 100, ...[0.1, 0.25, 0.5, 0.75, 0.9].map((part) => Math.floor(part * bytes.length)), bytes.length - 1];
  return [...new Set(lengths)].map((length) => [`cut after ${length} bytes.${ending}`, bytes.subarray(0, length)]);
}

/** Some bytes are others, in the head or anywhere. @param {string} ending @param {Buffer} bytes @returns {Named[]} */
function scratched(ending, bytes) {
  return [1, 4, 16, 64].flatMap((count) =>
    [["head", 64], ["body", bytes.length]].flatMap(([where, reach]) =>
      [1, 2].map((seed) => {
        const next = generator(1_000 * count + seed + Number(reach));
        const copy = Buffer.from(bytes);
        for (let i = 0; i < count; i += 1) copy[next() % Math.min(Number(reach), copy.length)] = next() & 255;
        return /** @type {Named} */ ([`${count} other bytes in the ${where}, ${seed}.${ending}`, copy]);
      }),
    ),
  );
}

/** Whole, but with something before, behind or inside it, or under another name. @param {string} ending @param {Buffer} bytes @returns {Named[]} */
function beside(ending, bytes) {
  const middle = bytes.length >> 1;
  const other = ending === "mp3" ? "wav" : "mp3";
  return [
    [`noise before.${ending}`, Buffer.concat([noise(1_000, 1), bytes])],
    [`noise behind.${ending}`, Buffer.concat([bytes, noise(1_000, 2)])],
    [`a hole of zeros.${ending}`, Buffer.concat([bytes.subarray(0, middle), Buffer.alloc(1_000), bytes.subarray(middle)])],
    [`a hole of noise.${ending}`, Buffer.concat([bytes.subarray(0, middle), noise(1_000, 3), bytes.subarray(middle)])],
    [`twice.${ending}`, Buffer.concat([bytes, bytes])],
    [`backwards.${ending}`, Buffer.from(bytes).reverse()],
    [`${ending} in truth.${other}`, bytes],
  ];
}

/** No sound at all. @returns {Named[]} */
function foreign() {
  const things = {
    "words": Buffer.from("These are words, not sound.\n".repeat(40)),
    "markup": Buffer.from("<!doctype html><title>not found</title><p>404"),
    "json": Buffer.from('{"error": "not found"}'),
    "picture": Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), noise(500, 4)]),
    "photo": Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), noise(500, 5)]),
    "book": Buffer.concat([Buffer.from("%PDF-1.7\n"), noise(500, 6)]),
    "archive": Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), noise(500, 7)]),
    "packed": gzipSync(sound),
    "program": Buffer.concat([Buffer.from("\x7fELF", "latin1"), noise(500, 8)]),
    "zeros": Buffer.alloc(4_096),
    "ones": Buffer.alloc(65_536, 0xff),
    "noise": noise(65_536, 9),
  };
  return Object.entries(things).flatMap(([name, bytes]) => ["wav", "mp3"].map((ending) => /** @type {Named} */ ([`${name}.${ending}`, bytes])));
}
