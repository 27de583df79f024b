/** The eight moods, in the order of every list. */
export type Mood = "neutral" | "calm" | "happy" | "sad" | "angry" | "fearful" | "disgust" | "surprised";

/** One probability for each mood; they sum to 1. */
export type Moods = Record<Mood, number>;

/** Options of `mfcc`; what is absent is librosa 0.11's default, with 40 coefficients. */
export interface MfccOptions {
  /** Rate at which features are computed, in Hz; PCM at another rate is resampled to it. Default 22050. */
  sampleRate?: number;
  /** Number of coefficients. Default 40. */
  nMfcc?: number;
  /** Samples of a frame. Default 2048. */
  nFft?: number;
  /** Samples from one frame to the next. Default 512. */
  hopLength?: number;
  /** Number of mel bands. Default 128. */
  nMels?: number;
  /** Lower edge of the lowest band, in Hz. Default 0. */
  fmin?: number;
  /** Upper edge of the highest band, in Hz. Default half the sample rate. */
  fmax?: number | null;
  /** Floor below the clip's own maximum, in dB; null for none. Default 80. */
  topDb?: number | null;
  /** What lies beyond the ends. Default "zeros". */
  padding?: "zeros" | "reflect" | "none";
  /** Default "slaney". */
  melScale?: "slaney" | "htk";
}

/** MFCCs of a clip. */
export interface Mfcc {
  frames: number;
  coefficients: number;
  /** Frame-major: coefficient c of frame t is at t * coefficients + c. */
  data: Float32Array;
}

/** Values over time in evenly spaced columns. */
export interface Picture {
  columns: number;
  /** Values of a column. */
  rows: number;
  /** Seconds from one column to the next. */
  columnS: number;
  /** Column after column: row r of column c is at c * rows + r. */
  data: Float32Array;
}

/** Places of the moods on the plane of valence and arousal, each −1 … 1. */
export type Circumplex = Record<Mood, { valence: number; arousal: number }>;

/** What a model file says of itself. */
export interface ModelInfo {
  name: string;
  kind: "cnn" | "rnn";
  /** What it was made for. */
  domain: "voice" | "music";
  labels: Mood[];
  parameters: number;
  trainedOn: string;
  licence: string;
  /** Measured scores by name. */
  scores: Record<string, number>;
}

/**
 * What is known of one voice without any label: sums over its audible frames. Plain numbers, so it can be stored as JSON.
 * A minute of a voice in several moods is worth having: how much it is worth stands in the model card.
 */
export interface VoiceProfile {
  /** Audible frames learnt from. */
  count: number;
  /** Sum of every value of a frame. */
  sum: number[];
  /** Sum of their squares. */
  squares: number[];
  /**
   * How much each value varies within a window. Profiles of songmood's first builds lack it, or `functionals`; they can be set all the same, and
   * are worth less until these have been learnt.
   */
  variation?: {
    /** Audible frames learnt from. */
    count: number;
    /** Once for each of them, the standard deviation of every value in its window, then the root mean square of its change from frame to frame. */
    sum: number[];
  };
  /** How every value moves over a window. */
  functionals?: {
    /** Audible frames learnt from. */
    count: number;
    /** Once for each of them, the functionals of its window. */
    sum: number[];
  };
}

export interface WindowSettings {
  /** Length of a window in seconds. */
  windowS: number;
  /** Seconds from one window to the next. */
  hopS: number;
  /** Seconds from one frame to the next. */
  frameS: number;
  /** From which probability on a mood counts as sure; 1 where none ever does. */
  sureAbove: number;
  /**
   * Whether angry and fearful were learnt apart, or as one thing, tension, that arousal tells apart. Then a mean over windows
   * has to add the two up and tell them apart by its own arousal.
   */
  tension: "apart" | "by-arousal";
}

export interface ClassifyOptions {
  /** Called while windows are judged. */
  onProgress?: (done: number, total: number) => void;
}

/** The moods of a few seconds. */
export interface Window {
  startS: number;
  endS: number;
  /** Nothing could be heard; the moods are uniform. */
  silent: boolean;
  moods: Moods;
  /** −1 … 1 */
  valence: number;
  /** −1 … 1 */
  arousal: number;
  models: { name: string; moods: Moods }[];
}

/** Windows of a recording that are judged elsewhere. */
export interface Handout {
  /** Its number, for `takeBack`. */
  id: number;
  /** Frames from the first window to the last, frame-major. */
  frames: Float32Array<ArrayBuffer>;
  /** First frame of each window, counted within `frames`. */
  starts: Uint32Array<ArrayBuffer>;
}

/** The moods of a recording. */
export interface Analysis {
  durationS: number;
  sampleRate: number;
  /** All networks together, calibrated. */
  verdict: { mood: Mood; probability: number; unsure: boolean };
  moods: Moods;
  /** −1 … 1 */
  valence: number;
  /** −1 … 1 */
  arousal: number;
  models: { name: string; mood: Mood; moods: Moods }[];
  windows: Window[];
  timings: { resampleMs: number; mfccMs: number; forwardMs: number };
}

/** Every error thrown here is an `Error` with one of these codes. */
export interface SongmoodError extends Error {
  code:
    | "empty-audio"
    | "invalid-samples"
    | "unsupported-sample-rate"
    | "invalid-audio"
    | "invalid-options"
    | "no-models"
    | "mixed-models"
    | "no-voice"
    | "invalid-voice"
    | "model-unreadable"
    | "model-version"
    | "model-architecture"
    | "model-labels"
    | "model-features"
    | "model-invalid"
    | "recording-finished"
    | "recording-unfinished"
    | "invalid-excerpt"
    | "invalid-handout"
    | "internal";
}
