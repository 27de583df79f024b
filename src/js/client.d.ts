// songmood/client: songs and microphones in a page, computed in a worker.

import type { Songmood, SongmoodOptions } from "./client/types.d.ts";

export type {
  AnalyseOptions, AnalyseProgress, Analysis, ClientErrorCode, Granted, Kind, Level, Live, LiveOptions, Loaded, ModelInfo, Mood, MoodWindow, Moods,
  Networks, Settings, Songmood, SongmoodOptions, Source, WeightsOptions,
} from "./client/types.d.ts";

/** An error with a stable code; its message says what is wrong, in English. */
export class ClientError extends Error {
  readonly code: import("./client/types.d.ts").ClientError["code"];
}

/**
 * Starts a worker and loads program and networks into it. Only for pages: workers have no decoder, and use `songmood` itself.
 *
 * @throws `ClientError`: `simd-missing`, `program-missing`, `models-missing` and the like
 */
export function createSongmood(options?: SongmoodOptions): Promise<Songmood>;

/** A worker from a blob that imports `address`, for `SongmoodOptions.worker`: it inherits the page's Content-Security-Policy. */
export function workerOf(address: string | URL): Worker;
