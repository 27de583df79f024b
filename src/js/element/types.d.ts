// The element's shapes.

import type { Analysis, Mood, Moods, MoodWindow, SongmoodOptions } from "../client/types.d.ts";

/** What the element says. */
export interface Words {
  moods: Record<Mood, string>;
  silent: string;
  play: string;
  pause: string;
  listen: string;
  stop: string;
  /** The timeline's name where one can seek in it. */
  position: string;
  /** The timeline's name while the microphone is on. */
  growing: string;
  /** The name of the meter of the microphone. */
  level: string;
  /** Before anything was heard. */
  idle: string;
  stages: Record<"waiting" | "loading" | "decoding" | "listening", string>;
  /** @param share 0 … 1 */
  percent(share: number): string;
  /** A time of the whole. */
  of(time: string, whole: string): string;
  sure(mood: string, percent: string): string;
  unsure(mood: string, percent: string): string;
  error(code: string, message: string): string;
}

/** What was heard, all together. */
export interface Verdict {
  mood: Mood;
  probability: number;
  unsure: boolean;
  moods: Moods;
  valence: number;
  arousal: number;
  windows: readonly MoodWindow[];
  /** The library's whole answer; null after the microphone, whose verdict is the mean of its windows. */
  analysis: Analysis | null;
}

/** What an `error` event carries. */
export interface Failure {
  code: string;
  message: string;
  error: unknown;
}

/** Options of all elements: the client's. */
export type ElementOptions = SongmoodOptions;
