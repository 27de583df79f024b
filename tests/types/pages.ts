// As surface.ts, for what pages use: client, networks, element.

import { ClientError, createSongmood, workerOf } from "songmood/client";
import type { AnalyseProgress, Analysis, ClientErrorCode, Kind, Live, Loaded, MoodWindow, Songmood, SongmoodOptions } from "songmood/client";
import { SongMood } from "songmood/element";
import type { Failure, Verdict, Words } from "songmood/element";
import { addresses, music, voice } from "songmood/weights";

declare const file: File;
declare const bytes: ArrayBuffer;
declare const decoded: AudioBuffer;

export async function client(): Promise<Songmood> {
  const options: SongmoodOptions = {
    wasm: new URL("https://example.org/songmood_bg.wasm"),
    weights: { voice: ["cnn.safetensors", new URL("https://example.org/rnn.safetensors"), new Uint8Array(1)] },
    worker: () => workerOf("https://example.org/worker.js"),
    worklet: "capture-worklet.js",
  };
  await createSongmood(options);
  await createSongmood({ weights: async () => ({ music: await music(), voice: await voice({ signal: AbortSignal.timeout(1000) }) }) });
  // @ts-expect-error there are networks of two kinds
  await createSongmood({ weights: { speech: [] } });
  return createSongmood();
}

export async function songs(mood: Songmood): Promise<void> {
  const networks: Loaded = mood.networks;
  void [networks.music.settings.sureAbove satisfies number, networks.voice.places.calm.valence satisfies number];
  const kind: Kind = "voice";
  const windows: MoodWindow[] = [];
  const stages: AnalyseProgress["stage"][] = [];
  const analysis: Analysis = await mood.analyse(file, {
    kind,
    signal: new AbortController().signal,
    onProgress: ({ stage, share, durationS }) => void [stages.push(stage), share satisfies number | null, durationS satisfies number | null],
    onWindow: (window) => windows.push(window),
  });
  (await mood.warmUp()) satisfies void;
  await Promise.all([mood.analyse(bytes), mood.analyse(new Uint8Array(bytes)), mood.analyse(decoded)]);
  // @ts-expect-error an address is not fetched here
  await mood.analyse("song.mp3");
  // @ts-expect-error analyses are read, not opened
  analysis.play();
  mood.dispose();
}

export async function microphone(mood: Songmood, stream: MediaStream): Promise<void> {
  const live: Live = await mood.live({ stream, onLevel: ({ rms, peak, heardS }) => void (rms + peak + heardS), onError: ({ code }) => void code });
  live.pause();
  live.resume();
  await live.use("device");
  await live.stop();
  // @ts-expect-error what was granted stays as it is
  live.granted = null;
}

export function failed(error: unknown): ClientErrorCode | undefined {
  if (!(error instanceof ClientError)) return undefined;
  // @ts-expect-error there is no such code
  if (error.code === "no-such-code") throw error;
  return error.code === "simd-missing" ? error.code : undefined;
}

export function element(words: Words): void {
  SongMood.words = { ...words, play: "Abspielen" };
  SongMood.options = { wasm: "songmood_bg.wasm" };
  const one: SongMood = document.createElement("song-mood");
  one.src = addresses.music[0]?.href ?? "";
  one.kind = "voice";
  one.file = file;
  one.addEventListener("window", ({ detail }) => void (detail satisfies MoodWindow));
  one.addEventListener("verdict", ({ detail }) => void (detail satisfies Verdict));
  one.addEventListener("error", ({ detail }) => void (detail satisfies Failure));
  one.addEventListener("click", (event) => void (event satisfies MouseEvent));
  // @ts-expect-error what was heard stays as it is
  one.verdict = null;
}
