// @ts-check
/** What the elements of a page share: one worker, and the way to a song's bytes. */

import { createSongmood } from "../client/client.js";
import { ClientError } from "../client/errors.js";

/** @typedef {import("../client/types.d.ts").Songmood} Songmood */

/** @type {Promise<Songmood> | null} */
let shared = null;

/** The page's one worker. @param {import("./types.d.ts").ElementOptions} options where it is started */
export function sharedSongmood(options) {
  if (!shared) {
    const started = createSongmood(options);
    shared = started;
    // What failed once is tried again when it is wanted again.
    started.catch(() => (shared = null));
  }
  return shared;
}

/** @param {string} src @param {AbortSignal} signal @returns {Promise<Blob>} */
export async function fetchedSong(src, signal) {
  /** @type {Response} */
  let response;
  try {
    response = await fetch(src, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw new ClientError("unreadable", `${src}: ${error instanceof Error ? error.message : error}`);
  }
  if (!response.ok) throw new ClientError("unreadable", `${src}: ${response.status} ${response.statusText}`.trim());
  return response.blob();
}
