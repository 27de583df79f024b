// The whole job in a page of its own, timed from navigation: load a library for MFCC and one for the network, fetch a song, decode
// it to 22 050 Hz, MFCC, windows of three seconds, the study's CNN. job.html?mfcc-peer&network-peer&song

import { spec } from "./spec.js";

const RATE = 22_050;
const WINDOW = 130;
const COEFFICIENTS = 40;

async function job([front, back, song]) {
  const load = async (file) => (await import(`/target/bench/dist/${file}.js`)).default;
  const mfcc = await load(front);
  await mfcc.init();
  const network = back === front ? mfcc : await load(back);
  if (network !== mfcc) await network.init();
  await network.loadModel("cnn", await spec("cnn"));
  const loaded = performance.now();
  const bytes = await (await fetch(`/target/bench/audio/${song}`)).arrayBuffer();
  const audio = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(bytes);
  const decoded = performance.now();
  const [left, right] = [0, audio.numberOfChannels - 1].map((channel) => audio.getChannelData(channel));
  const pcm = left.map((sample, i) => 0.5 * (sample + right[i]));
  const data = await mfcc.mfcc(pcm, RATE);
  const featured = performance.now();
  const windows = Math.floor(data.length / COEFFICIENTS / WINDOW);
  const means = new Float32Array(windows * COEFFICIENTS);
  for (let i = 0; i < windows * WINDOW * COEFFICIENTS; i += 1) {
    means[Math.floor(i / WINDOW / COEFFICIENTS) * COEFFICIENTS + (i % COEFFICIENTS)] += (data[i] * 0.01) / WINDOW;
  }
  const moods = await network.forward("cnn", means, windows);
  const done = performance.now();
  if (moods.length !== windows * 8 || !moods.every(Number.isFinite)) throw new Error("no probabilities");
  return { total: done, loaded, decode: decoded - loaded, mfcc: featured - decoded, network: done - featured };
}

job(location.search.slice(1).split("&")).then(
  (result) => (window.result = result),
  (error) => (window.result = { error: String(error) }),
);
