// The client's shapes: what its callers give and get, and what passes between it and its worker.

import type { Analysis, Circumplex, Handout, ModelInfo, Mood, Moods, Picture, SongmoodError, VoiceProfile, Window as MoodWindow, WindowSettings } from "../songmood.js";

export type { Analysis, Circumplex, ModelInfo, Mood, Moods, MoodWindow, Picture, VoiceProfile };

/** A time and its moods; not every moment is a window. */
export type Moment = Omit<MoodWindow, "startS" | "endS">;

/** How songs are cut into windows, and what is made of what these say. */
export type Settings = WindowSettings;

/** What networks were made for. */
export type Kind = "music" | "voice";

/** Networks of one kind, and the moods' places on the plane of valence and arousal. */
export interface Networks {
  models: ModelInfo[];
  settings: Settings;
  places: Circumplex;
}

/** The networks of both kinds. */
export type Loaded = Record<Kind, Networks>;

/** What can be drawn of a song. */
export type PictureKind = "waveform" | "mel" | "mfcc";

/** A part of a song. */
export interface Range {
  startS: number;
  endS: number;
}

/** A run of windows with the same mood. */
export interface Segment extends Range {
  mood: Mood;
  certainty: number;
  silent: boolean;
  unsure: boolean;
  said: (Mood | null)[];
}

/** What the page hands to a new worker. */
export interface Assets {
  module: WebAssembly.Module;
  models: Record<Kind, Uint8Array[]>;
}

/** Coded frames that the page decodes as a file of their own. */
export interface Run {
  /** What stands before them; null for nothing. */
  head: Uint8Array<ArrayBuffer> | null;
  /** ADTS headers to be put before each of them, one behind the other; null for nothing. */
  adts: Uint8Array<ArrayBuffer> | null;
  /** Their bytes in the song's file. */
  from: number;
  to: number;
  /** Samples of each channel that they hold: at least, and at most. */
  least: number;
  most: number;
  /** Of these, the ones at the end that belong to the run behind it. */
  behind: number;
  /** The ones before them, which belong to this run. */
  frames: number;
}

/** A song that can be had in pieces. */
export interface Opened {
  channels: number;
  durationS: number;
  sampleRate: number;
  /** How many slices it is judged in. */
  slices: number;
  /** For the page to decode, one for each slice; null where the worker reads the samples itself, with `next`. */
  runs: Run[] | null;
}

/** What the worker made of a slice; `share`: how much of the song is read by now, 0 … 1. */
export interface Slice {
  windows: MoodWindow[];
  share: number;
  /** Windows that are to be judged by another worker. */
  handout?: Handout;
}

/** Model files: their addresses or bytes by kind (the shipped ones stand in for a kind that is left out), or what fetches both kinds. */
export type WeightsOptions = Partial<Record<Kind, readonly (string | URL | Uint8Array)[]>> | (() => Promise<Record<Kind, Uint8Array[]>>);

/** Options of `createSongmood`. */
export interface SongmoodOptions {
  /** Address of `songmood_bg.wasm`. Default: beside the package's modules, or where the bundler put it. */
  wasm?: string | URL;
  /** Default: the shipped networks. */
  weights?: WeightsOptions;
  /** Starts a worker that imports `songmood/worker`. Called again whenever a worker had to be ended. */
  worker?: () => Worker;
  /** Address of the microphone's AudioWorklet, `capture-worklet.js`. */
  worklet?: string | URL;
  /**
   * How many workers may share a song of a minute or more, 1 or 2. By default 2 where the machine has a core for the second. What they say is the
   * same; the second takes some 20 MB while there are such songs.
   */
  workers?: number;
}

/** What `analyse` is at: waiting for songs before it, loading the networks, decoding, or listening. */
export interface AnalyseProgress {
  stage: "waiting" | "loading" | "decoding" | "listening";
  /** How much of the song has been heard, 0 … 1; null in the other stages. */
  share: number | null;
  /** Length of the song in seconds; null until it is decoded. */
  durationS: number | null;
}

/** Options of `analyse`. */
export interface AnalyseOptions {
  /** Which networks are asked. Default `"music"`. */
  kind?: Kind;
  /** Calls the analysis off: it rejects with the signal's reason. */
  signal?: AbortSignal;
  onProgress?: (progress: AnalyseProgress) => void;
  /** Called with each window as soon as it is judged, in order. */
  onWindow?: (window: MoodWindow) => void;
}

/** How loud the microphone is. */
export interface Level {
  /** Root mean square of the last 30 ms, 0 … 1. */
  rms: number;
  /** Largest amplitude of the last 30 ms, 0 … 1. */
  peak: number;
  /** Seconds heard so far. */
  heardS: number;
}

/** The device that was opened. */
export interface Granted {
  device: string;
  deviceId: string;
  /** Hz. */
  contextRate: number;
  settings: MediaTrackSettings;
}

/** Options of `live`. */
export interface LiveOptions {
  /** A stream with an audio track, which stays open afterwards, in place of a microphone. */
  stream?: MediaStream;
  /** Id of the microphone, as `navigator.mediaDevices.enumerateDevices()` tells it. Default: the system's own choice. */
  device?: string;
  /** Which networks are asked. Default `"voice"`. */
  kind?: Kind;
  /** Stops listening, and ends a start that is under way. */
  signal?: AbortSignal;
  onWindow?: (window: MoodWindow) => void;
  /** Called about 30 times a second. */
  onLevel?: (level: Level) => void;
  /** Called when listening ends by itself: the device went away, or the computation broke. */
  onError?: (error: ClientError) => void;
}

/** Listening to a microphone or a stream. */
export interface Live {
  readonly granted: Granted;
  readonly networks: Networks;
  /** Nothing is heard, and time stands still, until `resume`. */
  pause(): void;
  resume(): void;
  /** Goes on with another microphone; where that fails, with the one before. */
  use(device: string): Promise<Granted | null>;
  /** Closes the microphone. */
  stop(): Promise<void>;
}

/** Codes of errors that the client itself raises. */
export type ClientErrorCode =
  | "already-listening"
  | "damaged"
  | "disposed"
  | "empty-file"
  | "insecure-context"
  | "invalid-source"
  | "mic-busy"
  | "mic-chosen-gone"
  | "mic-denied"
  | "mic-gone"
  | "mic-none"
  | "mic-stopped"
  | "models-missing"
  | "models-refused"
  | "no-samples"
  | "no-worklet"
  | "not-audio"
  | "out-of-memory"
  | "program-missing"
  | "program-refused"
  | "simd-missing"
  | "song-forgotten"
  | "too-large"
  | "too-long"
  | "unexpected"
  | "unreadable"
  | "wasm-missing"
  | "worker-crashed";

/** An error with a stable code: the client's own, or what the library says of the samples. */
export interface ClientError extends Error {
  code: ClientErrorCode | SongmoodError["code"];
}

/** What can be analysed: a file, its bytes, or decoded samples. */
export type Source = Blob | ArrayBuffer | ArrayBufferView<ArrayBuffer> | AudioBuffer;

/** A worker with the networks, ready to analyse. */
export interface Songmood {
  /** The networks as they describe themselves. */
  readonly networks: Loaded;
  /**
   * Tells the moods of a song or a voice. Songs are taken one after another, in the order of the calls.
   *
   * @throws `ClientError`; the signal's reason where it was aborted
   */
  analyse(source: Source, options?: AnalyseOptions): Promise<Analysis>;
  /**
   * Listens to the microphone, or to a stream. Asks for permission where needed; call it out of a click.
   *
   * @throws `ClientError`; the signal's reason where it was aborted
   */
  live(options?: LiveOptions): Promise<Live>;
  /**
   * Has the networks hear noise, piece by piece while the page is idle, until the browser has compiled them well: the first song is then heard as
   * fast as later ones. Takes about half a second of a processor; ends at once when anything else is asked.
   *
   * @throws `ClientError`: `disposed`, `worker-crashed` and the like
   */
  warmUp(): Promise<void>;
  /** Ends the worker and the microphone; what is under way is rejected with the code `disposed`. */
  dispose(): void;
}
