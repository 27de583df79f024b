// Runs in Chromium: loads the peers into one page and lets them take turns, so that whatever else the machine does meets them all.

import { floats, spec } from "./spec.js";

const peers = new Map();
const now = () => performance.now();

/** @param {string} file a bundled peer */
async function load(file) {
  const { default: peer } = await import(`/target/bench/dist/${file}.js`);
  await peer.init();
  peers.set(peer.name, peer);
  return { name: peer.name, note: peer.note, mfcc: "mfcc" in peer, forward: "forward" in peer };
}

/** Largest difference; whatever is not a number differs infinitely. */
function furthest(got, expected) {
  let error = got.length === expected.length ? 0 : Infinity;
  for (let i = 0; i < expected.length; i += 1) {
    const difference = Math.abs(got[i] - expected[i]);
    if (!(difference <= error)) error = Number.isNaN(difference) ? Infinity : difference;
  }
  return error;
}

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};

/**
 * Times jobs in turns.
 *
 * @param {Map<string, () => Promise<unknown>>} jobs
 * @param {{ rounds: number, budgetMs: number }} limits a job that has spent its budget leaves the rounds (never before its first)
 */
async function inTurns(jobs, { rounds, budgetMs }) {
  const times = new Map([...jobs.keys()].map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, job] of jobs) {
      const own = times.get(name);
      if (own.length > 0 && own.reduce((a, b) => a + b) > budgetMs) continue;
      const start = now();
      await job();
      own.push(now() - start);
    }
  }
  return times;
}

const summary = (times, repetitions = 1) => ({
  ms: median(times) / repetitions,
  min: Math.min(...times) / repetitions,
  runs: times.length,
});

/** MFCC of a clip: every peer's error, then its time. */
async function mfcc(clip, sampleRate, limits) {
  const pcm = await floats(`/target/bench/audio/${clip}.f32`);
  const expected = await floats(`/target/bench/audio/${clip}.mfcc.f32`);
  const able = [...peers.values()].filter((peer) => peer.mfcc);
  const results = {};
  for (const peer of able) {
    console.log(`MFCC with ${peer.name}`);
    const warm = pcm.subarray(0, 3 * sampleRate);
    await peer.mfcc(warm, sampleRate);
    await peer.mfcc(warm, sampleRate);
  }
  const errors = new Map();
  const job = (peer) => async () => {
    const data = await peer.mfcc(pcm, sampleRate);
    if (!errors.has(peer.name)) errors.set(peer.name, data);
  };
  // The first run of each is checked and not timed.
  for (const peer of able) {
    await job(peer)();
    results[peer.name] = { error: furthest(errors.get(peer.name), expected) };
  }
  const times = await inTurns(new Map(able.map((peer) => [peer.name, job(peer)])), limits);
  for (const [name, own] of times) Object.assign(results[name], summary(own));
  return results;
}

/** MFCC of the clip in tests/golden against librosa's own numbers. */
async function golden(limit) {
  const [pcm, expected] = await Promise.all(["golden", "golden.mfcc"].map((name) => floats(`/target/bench/audio/${name}.f32`)));
  const results = {};
  for (const peer of [...peers.values()].filter((peer) => peer.mfcc).slice(0, limit)) {
    results[peer.name] = furthest(await peer.mfcc(pcm, 22_050), expected);
  }
  return results;
}

/** A network's forward pass: every peer's error on the first inputs, then its time. */
async function forward(net, batch, limits) {
  const files = await spec(net);
  const [inputs, expected] = await Promise.all(["inputs", "expected"].map((kind) => floats(`/target/bench/models/${net}.${kind}.f32`)));
  const x = inputs.slice(0, batch * files.shape.reduce((a, b) => a * b));
  const able = [...peers.values()].filter((peer) => peer.forward);
  const jobs = new Map();
  const results = {};
  for (const peer of able) {
    peer.loaded ??= new Set();
    if (!peer.loaded.has(net)) await peer.loadModel(net, files);
    peer.loaded.add(net);
    const known = expected.subarray(0, Math.min(expected.length, 8 * batch));
    const error = furthest((await peer.forward(net, x, batch)).slice(0, known.length), known);
    // As many passes at a time as take about 60 ms, which warms up too.
    let passes = 0;
    const start = now();
    while (now() - start < 150) {
      await peer.forward(net, x, batch);
      passes += 1;
    }
    const repetitions = Math.max(1, Math.round(passes * 0.4));
    results[peer.name] = { error, repetitions };
    jobs.set(peer.name, async () => {
      for (let i = 0; i < repetitions; i += 1) await peer.forward(net, x, batch);
    });
  }
  const times = await inTurns(jobs, limits);
  for (const [name, own] of times) Object.assign(results[name], summary(own, results[name].repetitions));
  return results;
}

/**
 * songmood alone, from samples on: a whole song (with the timings it tells of), and a live window.
 *
 * @param {string} domain `voice` or `music`
 */
async function moods(domain, runs) {
  const songmood = await import(new URL("/pkg/songmood.js", location.href).href);
  await songmood.default();
  const bytes = async (name) => new Uint8Array(await (await fetch(`/models/${name}`)).arrayBuffer());
  const files = await Promise.all(["cnn", "rnn"].map((kind) => bytes(`${domain}-${kind}.safetensors`)));
  const classifier = new songmood.Classifier(files);
  const pcm = await floats("/target/bench/audio/song_44100.f32");
  const whole = [];
  let timings;
  for (let i = 0; i < runs; i += 1) {
    const start = now();
    ({ timings } = classifier.classify(pcm, 44_100));
    whole.push(now() - start);
  }
  // As a microphone's worklet hands them over.
  const live = classifier.live(44_100);
  const windows = [];
  const blocks = [];
  for (let at = 0; at + 128 <= pcm.length; at += 128) {
    const start = now();
    const window = live.push(pcm.subarray(at, at + 128));
    (window ? windows : blocks).push(now() - start);
  }
  return { whole: summary(whole), timings, window: { ...summary(windows), max: Math.max(...windows) }, block: summary(blocks) };
}

window.bench = { load, golden, mfcc, forward, moods };
