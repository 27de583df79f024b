/// <reference lib="esnext.disposable" />
/* tslint:disable */
/* eslint-disable */
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



/**
 * Judges recordings and live sound with one or more networks.
 */
export class Classifier {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Judges a whole recording: mono PCM, nominal range −1 … 1, at 8 to 192 kHz.
     */
    classify(pcm: Float32Array, sampleRate: number, options?: ClassifyOptions | null): Analysis;
    /**
     * Judges windows that a recording of another worker handed out: gives what its `takeBack` takes.
     */
    judgeHandout(frames: Float32Array | number[], starts: Uint32Array | number[]): Float32Array<ArrayBuffer>;
    /**
     * Begins to judge live sound at a sample rate.
     */
    live(sampleRate: number): LiveClassifier;
    /**
     * Loads model files, each a `Uint8Array` with the bytes of a `.safetensors` that songmood wrote.
     */
    constructor(models: Uint8Array[]);
    /**
     * Begins to judge a recording that is handed over in pieces, at a sample rate.
     */
    recording(sampleRate: number): Recording;
    /**
     * Judges from now on relative to a voice that was learnt live, or as any voice again with `undefined`.
     */
    setVoice(voice: VoiceProfile | undefined): void;
    /**
     * What the loaded files say of themselves.
     */
    readonly models: ModelInfo[];
    /**
     * How windows are cut and what is made of what they say.
     */
    readonly settings: WindowSettings;
    /**
     * What is known of the voice that recordings are judged relative to; `undefined` when they are judged as any voice.
     */
    readonly voice: VoiceProfile | undefined;
}

/**
 * Judges sound as it comes.
 */
export class LiveClassifier {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Takes mono samples; gives the newest window that they complete, or `undefined`.
     */
    push(samples: Float32Array | number[]): Window | undefined;
    /**
     * Forgets all that was heard, but for what is known of the voice.
     */
    reset(): void;
    /**
     * Begins or ends learning the voice from all that is heard; what is heard is judged relative to what is known so far.
     */
    setLearning(learning: boolean): void;
    /**
     * Judges from now on relative to a voice, or as any voice again with `undefined`. Learning ends.
     */
    setVoice(voice: VoiceProfile | undefined): void;
    /**
     * What is known of the voice; `undefined` when nothing was learnt.
     */
    readonly voice: VoiceProfile | undefined;
}

/**
 * Gathers a recording that is handed over in pieces, however long, in a bounded number of columns: waveform, mel spectrogram and
 * MFCC for drawing. Features are `mfcc`'s with librosa's defaults, but for `topDb`: the dB floor is absolute, at −100 dB.
 */
export class Overview {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * The recording ends here: adds what waited for more. Push nothing afterwards.
     */
    finish(): void;
    /**
     * Mel bands in dB re 1, 128 from low to high; each column is the mean over its frames.
     */
    melSpectrogram(): Picture;
    /**
     * 40 MFCCs; each column is the mean over its frames.
     */
    mfcc(): Picture;
    /**
     * An overview of mono samples at a sample rate, in at most `columns` columns: an even number up to 16 384, by default 2048.
     */
    constructor(sampleRate: number, columns?: number | null);
    /**
     * Takes mono samples, or an array with the samples of each channel, nominal range −1 … 1.
     */
    push(samples: Float32Array | readonly Float32Array[]): void;
    /**
     * Smallest sample, largest sample and root mean square of each column, at 22 050 Hz.
     */
    waveform(): Picture;
    /**
     * Centre of each mel band in Hz.
     */
    readonly melFrequencies: Float32Array;
}

/**
 * Judges a recording that is handed over in pieces: moods come on the way, hours of samples never lie in memory at once, and
 * parts can be judged alone afterwards.
 */
export class Recording {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Judges the part from `startS` to `endS` seconds alone, after `finish`. `durationS` is the part's length; windows keep
     * their times in the recording.
     */
    excerpt(startS: number, endS: number): Analysis;
    /**
     * Says how many seconds long the recording will be, as far as is known: it takes half the memory then.
     */
    expect(seconds: number): void;
    /**
     * The recording is complete: judges what is left of it.
     */
    finish(options?: ClassifyOptions | null): Analysis;
    /**
     * Takes samples as `push` does, and hands out the windows that they complete, for a classifier of the same models in another worker:
     * `classifier.judgeHandout(frames, starts)`. `undefined` where they complete none.
     */
    handOut(samples: Float32Array | readonly Float32Array[]): Handout | undefined;
    /**
     * Takes mono samples, or an array with the samples of each channel, best some seconds at a time; gives the windows that they
     * complete, in order. The last windows come with `finish`.
     */
    push(samples: Float32Array | readonly Float32Array[]): Window[];
    /**
     * Takes what `judgeHandout` gave for the handout with this `id`, and gives its windows as `push` does. Without opinions it judges them
     * itself; what has not come back by `finish` is judged then.
     */
    takeBack(id: number, opinions?: Float32Array | number[] | null): Window[];
}

/**
 * A network with weights of your own: one of the two of the original study, or a 2-D CNN of the usual kind. They are here to be
 * compared with; the page's moods come from `Classifier`.
 */
export class StudyNetwork {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Probabilities of the eight moods for each input of a batch; inputs lie one after the other.
     */
    forward(input: Float32Array | number[]): Float32Array;
    /**
     * `architecture` is `"cnn"` (40 mean MFCCs), `"rnn"` (130 frames of 40 MFCCs) or `"cnn-2d"` (40 MFCCs of 130 frames each);
     * `weights` a safetensors file with PyTorch's names and layouts (`conv1.weight`, `lstm.weight_ih_l0`, `blocks.0.conv.weight`, …).
     */
    constructor(architecture: "cnn" | "rnn" | "cnn-2d", weights: Uint8Array | number[]);
}

/**
 * Where the words for the moods lie on the plane of valence and arousal (Russell, 1980).
 */
export function circumplex(): Circumplex;

/**
 * MFCCs as librosa computes them, of mono PCM in the nominal range −1 … 1.
 *
 * PCM at another rate than `options.sampleRate` (22 050 Hz) is resampled to it first.
 */
export function mfcc(pcm: Float32Array | number[], sampleRate: number, options?: MfccOptions | null): Mfcc;

/**
 * The sample rate that an audio file states in its own header, in Hz; `undefined` where it cannot be told.
 *
 * Open the `AudioContext` at this rate: then the browser does not resample, and songmood's own filter does.
 */
export function sampleRateOf(bytes: Uint8Array | number[]): number | undefined;

export type InitInput = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;

export interface InitOutput {
    readonly memory: WebAssembly.Memory;
    readonly __wbg_classifier_free: (a: number, b: number) => void;
    readonly __wbg_liveclassifier_free: (a: number, b: number) => void;
    readonly __wbg_overview_free: (a: number, b: number) => void;
    readonly __wbg_recording_free: (a: number, b: number) => void;
    readonly __wbg_studynetwork_free: (a: number, b: number) => void;
    readonly circumplex: () => [number, number, number];
    readonly classifier_classify: (a: number, b: any, c: number, d: number) => [number, number, number];
    readonly classifier_judgeHandout: (a: number, b: number, c: number, d: number, e: number) => [number, number, number, number];
    readonly classifier_live: (a: number, b: number) => [number, number, number];
    readonly classifier_models: (a: number) => [number, number, number];
    readonly classifier_new: (a: any) => [number, number, number];
    readonly classifier_recording: (a: number, b: number) => [number, number, number];
    readonly classifier_setVoice: (a: number, b: any) => [number, number];
    readonly classifier_settings: (a: number) => [number, number, number];
    readonly classifier_voice: (a: number) => [number, number, number];
    readonly liveclassifier_push: (a: number, b: number, c: number) => [number, number, number];
    readonly liveclassifier_reset: (a: number) => [number, number];
    readonly liveclassifier_setLearning: (a: number, b: number) => [number, number];
    readonly liveclassifier_setVoice: (a: number, b: any) => [number, number];
    readonly liveclassifier_voice: (a: number) => [number, number, number];
    readonly mfcc: (a: number, b: number, c: number, d: number) => [number, number, number];
    readonly overview_finish: (a: number) => void;
    readonly overview_melFrequencies: (a: number) => [number, number];
    readonly overview_melSpectrogram: (a: number) => [number, number, number];
    readonly overview_mfcc: (a: number) => [number, number, number];
    readonly overview_new: (a: number, b: number, c: number) => [number, number, number];
    readonly overview_push: (a: number, b: any) => [number, number];
    readonly overview_waveform: (a: number) => [number, number, number];
    readonly recording_excerpt: (a: number, b: number, c: number) => [number, number, number];
    readonly recording_expect: (a: number, b: number) => [number, number];
    readonly recording_finish: (a: number, b: number) => [number, number, number];
    readonly recording_handOut: (a: number, b: any) => [number, number, number];
    readonly recording_push: (a: number, b: any) => [number, number, number];
    readonly recording_takeBack: (a: number, b: number, c: number, d: number) => [number, number, number];
    readonly sampleRateOf: (a: number, b: number) => number;
    readonly start: () => void;
    readonly studynetwork_forward: (a: number, b: number, c: number) => [number, number, number, number];
    readonly studynetwork_new: (a: number, b: number, c: number, d: number) => [number, number, number];
    readonly __wbindgen_malloc: (a: number, b: number) => number;
    readonly __wbindgen_realloc: (a: number, b: number, c: number, d: number) => number;
    readonly __wbindgen_free: (a: number, b: number, c: number) => void;
    readonly __wbindgen_exn_store: (a: number) => void;
    readonly __externref_table_alloc: () => number;
    readonly __wbindgen_externrefs: WebAssembly.Table;
    readonly __externref_table_dealloc: (a: number) => void;
    readonly __wbindgen_start: () => void;
}

export type SyncInitInput = BufferSource | WebAssembly.Module;

/**
 * Instantiates the given `module`, which can either be bytes or
 * a precompiled `WebAssembly.Module`.
 *
 * @param {{ module: SyncInitInput }} module - Passing `SyncInitInput` directly is deprecated.
 *
 * @returns {InitOutput}
 */
export function initSync(module: { module: SyncInitInput } | SyncInitInput): InitOutput;

/**
 * If `module_or_path` is {RequestInfo} or {URL}, makes a request and
 * for everything else, calls `WebAssembly.instantiate` directly.
 *
 * @param {{ module_or_path: InitInput | Promise<InitInput> }} module_or_path - Passing `InitInput` directly is deprecated.
 *
 * @returns {Promise<InitOutput>}
 */
export default function __wbg_init (module_or_path?: { module_or_path: InitInput | Promise<InitInput> } | InitInput | Promise<InitInput>): Promise<InitOutput>;
