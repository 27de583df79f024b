// The shapes that pass between worker and page: the package's own, and a few of the page's.

import type { Analysis, Circumplex, ModelInfo, Mood, Moods, Picture, VoiceProfile, Window as MoodWindow } from "../../pkg/songmood.js";

export type { Analysis, Circumplex, ModelInfo, Mood, Moods, MoodWindow, Picture, VoiceProfile };

/** A time and its moods; not every moment is a window. */
export type Moment = Omit<MoodWindow, "startS" | "endS">;

/** How songs are cut into windows, in seconds, how long a frame is, and from which probability on a mood counts as sure. */
export interface Settings { windowS: number; hopS: number; frameS: number; sureAbove: number }

/** What networks were made for. */
export type Kind = "music" | "voice";

/** Networks of one kind, and the moods' places on the plane. */
export interface Networks { models: ModelInfo[]; settings: Settings; places: Circumplex }

/** What can be shown under the ribbon. */
export type PictureKind = "waveform" | "mel" | "mfcc";

/** A part of a song. */
export interface Range { startS: number; endS: number }

/** What the worker answers once it has loaded the networks. */
export type Loaded = Record<Kind, Networks>;

/** What the page hands to a new worker. */
export interface Assets { glue: string; module: WebAssembly.Module; models: Record<Kind, Uint8Array[]> }

/** A run of windows with the same mood. */
export interface Segment { startS: number; endS: number; mood: Mood; certainty: number; silent: boolean; unsure: boolean; said: (Mood | null)[] }
