// songmood/element: importing it defines <song-mood>.

import type { Kind, MoodWindow } from "./client/types.d.ts";
import type { ElementOptions, Failure, Verdict, Words } from "./element/types.d.ts";

export type { ElementOptions, Failure, Verdict, Words } from "./element/types.d.ts";

/** What `<song-mood>` tells besides the events of every element. */
export interface SongMoodEventMap extends Omit<HTMLElementEventMap, "error"> {
  /** A window has been judged; in order of time. */
  window: CustomEvent<MoodWindow>;
  /** The song has been heard to its end, or the microphone was switched off. */
  verdict: CustomEvent<Verdict>;
  /** The song could not be heard, or the microphone not opened or not kept. */
  error: CustomEvent<Failure>;
}

/**
 * A song's moods over time, with something to play it by; or the microphone's.
 *
 * Attributes: `src`, `microphone`, `kind`. Parts for `::part()`: `head`, `button`, `verdict`, `level`, `time`, `timeline`, `ribbon`,
 * `cursor`, `passages`, `ticks`. Custom properties: `--song-mood-<mood>` for each mood's colour, `--song-mood-text`, `-font`, `-height`,
 * `-line`, `-faint`, `-focus`, `-danger`, `-button`, `-button-text`.
 */
export class SongMood extends HTMLElement {
  /** Options of the worker that all elements of a page share; to be set before the first song. */
  static options: ElementOptions;
  /** What the elements say; to be set before the first element is connected. */
  static words: Words;
  /** Address of the song, as in the attribute; "" for none. */
  src: string;
  /** Listens to the microphone in place of a song, as the attribute says. */
  microphone: boolean;
  /** Which networks are asked. `"voice"` by default with a microphone, otherwise `"music"`. */
  kind: Kind;
  /** A song in place of the one at `src`. */
  file: Blob | null;
  /** Seconds. */
  currentTime: number;
  /** What has been heard up to now. */
  readonly windows: readonly MoodWindow[];
  readonly verdict: Verdict | null;
  /** Is the microphone on? */
  readonly listening: boolean;
  /** Plays or pauses the song; switches the microphone on or off. */
  toggle(): Promise<void>;
  /** Switches the microphone on; to be called out of a click. */
  listen(): Promise<void>;
  /** Switches the microphone off. */
  stop(): Promise<void>;
  addEventListener<K extends keyof SongMoodEventMap>(type: K, listener: (this: SongMood, event: SongMoodEventMap[K]) => unknown, options?: boolean | AddEventListenerOptions): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
  removeEventListener<K extends keyof SongMoodEventMap>(type: K, listener: (this: SongMood, event: SongMoodEventMap[K]) => unknown, options?: boolean | EventListenerOptions): void;
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "song-mood": SongMood;
  }
}
