// Compiled by `tsc --strict`, never run: every item of the package's surface, used as it is meant to be,
// and the mistakes that the types have to catch.

import init, { Classifier, LiveClassifier, Overview, Recording, circumplex, mfcc, sampleRateOf } from "songmood";
import type {
  Analysis,
  Circumplex,
  ClassifyOptions,
  Handout,
  InitSource,
  Mfcc,
  MfccOptions,
  ModelInfo,
  Mood,
  Moods,
  Picture,
  SongmoodError,
  VoiceProfile,
  Window,
  WindowSettings,
} from "songmood";

declare const pcm: Float32Array;
declare const bytes: Uint8Array<ArrayBuffer>;
declare const module: WebAssembly.Module;

export async function start(): Promise<void> {
  await init();
  await init("songmood_bg.wasm");
  await init(new URL("https://example.org/songmood_bg.wasm"));
  await init(fetch("songmood_bg.wasm"));
  await init(bytes);
  await init(bytes.buffer);
  const source: InitSource = module;
  await init(source);
  const nothing: void = await init({ module_or_path: module });
  void nothing;
}

export function features(): Float32Array {
  const { frames, coefficients, data }: Mfcc = mfcc(pcm, 22_050);
  const values: number = frames * coefficients;
  void values;
  const options: MfccOptions = {
    sampleRate: 22_050,
    nMfcc: 13,
    nFft: 1024,
    hopLength: 256,
    nMels: 64,
    fmin: 20,
    fmax: 8000,
    topDb: 60,
    padding: "reflect",
    melScale: "htk",
  };
  mfcc(pcm, 48_000, options);
  mfcc(pcm, 48_000, { fmax: null, topDb: null, padding: "none" });
  mfcc(pcm, 48_000, {});
  // @ts-expect-error the sample rate has no default
  mfcc(pcm);
  // @ts-expect-error samples are numbers
  mfcc("samples", 22_050);
  // @ts-expect-error options are spelled as JavaScript spells them
  mfcc(pcm, 22_050, { n_mfcc: 13 });
  // @ts-expect-error there is no such padding
  mfcc(pcm, 22_050, { padding: "wrap" });
  // @ts-expect-error there is no such field
  mfcc(pcm, 22_050).rows;
  return data;
}

export function rate(): number {
  const found: number | undefined = sampleRateOf(bytes);
  // @ts-expect-error a file that names no rate gives undefined
  const certain: number = sampleRateOf(bytes);
  void certain;
  return found ?? 48_000;
}

export function models(classifier: Classifier): void {
  const all: ModelInfo[] = classifier.models;
  for (const model of all) {
    const kind: "cnn" | "rnn" = model.kind;
    const labels: Mood[] = model.labels;
    const texts: string[] = [model.name, model.trainedOn, model.licence];
    const scores: number[] = Object.values(model.scores);
    void [kind, labels, texts, scores, model.parameters satisfies number];
    // @ts-expect-error there are two kinds
    if (model.kind === "svm") throw new Error();
  }
  const settings: WindowSettings = classifier.settings;
  void [settings.windowS satisfies number, settings.hopS satisfies number, settings.frameS satisfies number];
  // @ts-expect-error what a classifier was made from stays as it is
  classifier.models = [];
}

export function classify(): void {
  const classifier = new Classifier([bytes, bytes]);
  const analysis: Analysis = classifier.classify(pcm, 44_100);
  const mood: "neutral" | "calm" | "happy" | "sad" | "angry" | "fearful" | "disgust" | "surprised" = analysis.verdict.mood;
  const probability: number = analysis.verdict.probability;
  const unsure: boolean = analysis.verdict.unsure;
  const { neutral, calm, happy, sad, angry, fearful, disgust, surprised }: Moods = analysis.moods;
  const sum: number = neutral + calm + happy + sad + angry + fearful + disgust + surprised;
  const numbers: number[] = [analysis.durationS, analysis.sampleRate, analysis.valence, analysis.arousal, sum, probability];
  const { resampleMs, mfccMs, forwardMs } = analysis.timings;
  numbers.push(resampleMs, mfccMs, forwardMs);
  for (const model of analysis.models) {
    void [model.name satisfies string, model.mood satisfies Mood, model.moods[mood] satisfies number];
  }
  for (const window of analysis.windows) {
    numbers.push(window.startS, window.endS, window.valence, window.arousal, window.moods.calm);
    const silent: boolean = window.silent;
    for (const model of window.models) void [model.name satisfies string, model.moods.sad satisfies number];
    void silent;
  }
  void unsure;

  const options: ClassifyOptions = { onProgress: (done, total) => numbers.push(done / total) };
  classifier.classify(pcm, 44_100, options);
  classifier.classify(pcm, 44_100, {});
  // @ts-expect-error progress is told to a function
  classifier.classify(pcm, 44_100, { onProgress: true });
  // @ts-expect-error there is no such option
  classifier.classify(pcm, 44_100, { progress: () => {} });
  // @ts-expect-error there is no such mood
  analysis.moods.bored;
  // @ts-expect-error the networks come as bytes
  new Classifier(["mood-cnn.safetensors"]);
  classifier.free();
}

export function listen(classifier: Classifier): void {
  const live: LiveClassifier = classifier.live(48_000);
  const window: Window | undefined = live.push(pcm);
  // @ts-expect-error most pushes complete no window
  window.moods;
  if (window) {
    const numbers: number[] = [window.startS, window.endS, window.moods.happy, window.valence, window.arousal];
    const silent: boolean = window.silent;
    void [numbers, silent, window.models];
  }
  live.setLearning(true);
  const voice: VoiceProfile | undefined = live.voice;
  classifier.setVoice(voice);
  live.setVoice(undefined);
  void [classifier.voice satisfies VoiceProfile | undefined, voice?.count satisfies number | undefined];
  // @ts-expect-error a voice is no number
  live.setVoice(1);
  live.reset();
  live.free();
  // @ts-expect-error a live classifier needs to know the rate
  classifier.live();
  // @ts-expect-error it comes from a classifier
  new LiveClassifier();
}

export function inPieces(classifier: Classifier): void {
  const recording: Recording = classifier.recording(48_000);
  const windows: Window[] = recording.push(pcm);
  recording.push([pcm, pcm]);
  const handout: Handout | undefined = recording.handOut(pcm);
  if (handout) recording.takeBack(handout.id, classifier.judgeHandout(handout.frames, handout.starts)) satisfies Window[];
  const analysis: Analysis = recording.finish({ onProgress: (done, total) => void (done / total) });
  const part: Analysis = recording.excerpt(1.5, 20);
  void [windows, analysis, part];
  recording.free();
  // @ts-expect-error it comes from a classifier
  new Recording();
  // @ts-expect-error a part has an end
  classifier.recording(48_000).excerpt(1);
}

export function pictures(): void {
  using overview = new Overview(44_100, 1024);
  overview.push(pcm);
  overview.finish();
  for (const picture of [overview.melSpectrogram(), overview.mfcc(), overview.waveform()]) {
    const { columns, rows, columnS, data }: Picture = picture;
    void [columns * rows * columnS, data satisfies Float32Array];
  }
  const centres: Float32Array = overview.melFrequencies;
  const places: Circumplex = circumplex();
  void [centres, places.calm.valence satisfies number];
  new Overview(44_100);
  // @ts-expect-error an overview needs to know the rate
  new Overview();
}

export function disposed(): void {
  using classifier = new Classifier([bytes]);
  using live = classifier.live(16_000);
  live.push(pcm);
}

export function failed(error: SongmoodError): string {
  // @ts-expect-error there is no such code
  if (error.code === "no-such-code") throw error;
  return error.code === "unsupported-sample-rate" ? error.message : error.name;
}
