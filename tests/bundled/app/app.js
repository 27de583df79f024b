// An app that takes everything the package has, the way its documentation says; built by each bundler, and run as it is.

import init, { Classifier } from "songmood";
import { createSongmood } from "songmood/client";
import { voice } from "songmood/weights";

const essence = ({ verdict, windows }) => ({ mood: verdict.mood, probability: verdict.probability, windows: windows.length });

/** Mono samples of the song, undecoded: a WAV file of floats after 44 bytes of header. */
const samplesOf = (bytes) => new Float32Array(bytes, 44);

async function here(samples, rate) {
  await init();
  const classifier = new Classifier(await voice());
  try {
    return essence(classifier.classify(samples, rate));
  } finally {
    classifier.free();
  }
}

const answerOf = (worker) =>
  new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data));
    worker.onerror = ({ message }) => reject(new Error(message || "the worker did not start"));
  });

const ownWorker = () => new Worker(new URL("./own-worker.js", import.meta.url), { type: "module" });

async function inOwnWorker(samples, rate) {
  const worker = ownWorker();
  const answer = answerOf(worker);
  worker.postMessage({ samples, rate });
  return answer.finally(() => worker.terminate());
}

async function fedByWorklet(samples, rate) {
  const context = new OfflineAudioContext(1, samples.length, rate);
  await context.audioWorklet.addModule(new URL("./tap-worklet.js", import.meta.url));
  const source = new AudioBufferSourceNode(context, { buffer: new AudioBuffer({ length: samples.length, sampleRate: rate }) });
  source.buffer.copyToChannel(samples, 0);
  const tap = new AudioWorkletNode(context, "tap");
  const { port1, port2 } = new MessageChannel();
  const worker = ownWorker();
  const answer = answerOf(worker);
  worker.postMessage({ live: rate, port: port1 }, [port1]);
  tap.port.postMessage(port2, [port2]);
  await new Promise((resolve) => (tap.port.onmessage = resolve));
  source.connect(tap).connect(context.destination);
  source.start();
  await context.startRendering();
  tap.port.postMessage("end");
  return answer.finally(() => worker.terminate());
}

async function throughClient(file, rate) {
  const mood = await createSongmood();
  const stages = new Set();
  let told = 0;
  const options = { kind: "voice", onProgress: ({ stage }) => stages.add(stage), onWindow: () => (told += 1) };
  const whole = await mood.analyse(new Blob([file]), options);
  const decoded = await new OfflineAudioContext(1, 1, rate).decodeAudioData(file.slice(0));
  const [bytes, buffer] = await Promise.all([mood.analyse(file, { kind: "voice" }), mood.analyse(decoded, { kind: "voice" })]);
  mood.dispose();
  return { whole: essence(whole), bytes: essence(bytes), buffer: essence(buffer), told, stages: [...stages] };
}

export async function run() {
  const file = await (await fetch("/song.wav")).arrayBuffer();
  const rate = new DataView(file).getUint32(24, true);
  const samples = samplesOf(file);
  return {
    here: await here(samples, rate),
    own: await inOwnWorker(samples, rate),
    live: await fedByWorklet(samples, rate),
    client: await throughClient(file, rate),
  };
}

window.result = run();
