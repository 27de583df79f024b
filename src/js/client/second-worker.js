// @ts-check
/** A long song shared by two workers: one makes its frames, and the networks of both judge them. */

/** @typedef {import("./worker-client.js").WorkerClient} WorkerClient */
/** @typedef {import("./types.d.ts").Kind} Kind */
/** @typedef {import("./types.d.ts").Slice} Slice */
/** @typedef {(handOut: boolean) => Promise<Slice>} Hear has a slice heard; its windows may be handed out where `handOut` says so */

/** Shorter songs are over before a second worker is of use. */
const LONG_S = 60;
/** How long it waits for another song before its memory is given back. */
const IDLE_MS = 20_000;

/** Slices under way at a time, so that neither worker waits for the page. */
export const AHEAD = 5;
/** Handouts at the second worker with which it has enough to do: the first then judges a slice itself. */
const ENOUGH = 3;

/** @type {WeakMap<WorkerClient, ReturnType<typeof setTimeout>>} */
const endings = new WeakMap();

/** @param {WorkerClient} second */
function endWhenIdle(second) {
  clearTimeout(endings.get(second));
  endings.set(second, setTimeout(() => second.end(), IDLE_MS));
}

/**
 * How slices of a song are shared with a second worker; null where there is no core for one, or the song is short.
 * @param {WorkerClient} client
 * @param {{ song: number, kind: Kind, durationS: number, decoders: number }} what `decoders`: cores that are busy decoding
 * @returns {((hear: Hear) => Promise<Slice>) | null}
 */
export function shareOut(client, { song, kind, durationS, decoders }) {
  const workers = client.workers ?? navigator.hardwareConcurrency - decoders;
  if (workers < 2 || durationS < LONG_S) return null;
  const { second } = client;
  let ready = false;
  let waiting = 0;
  second.ready().then(
    () => (ready = true),
    // Then this worker judges all of the song.
    () => {},
  );
  /** @param {import("../songmood.js").Handout} handout */
  async function judgedBySecond({ frames, starts }) {
    waiting += 1;
    try {
      return await second.request("judge", { kind, frames, starts }, { transfer: [frames.buffer] });
    } catch {
      ready = false;
      return undefined;
    } finally {
      waiting -= 1;
    }
  }
  return async (hear) => {
    endWhenIdle(second);
    const { handout, ...slice } = await hear(ready && waiting < ENOUGH);
    if (!handout) return slice;
    const opinions = await judgedBySecond(handout);
    return { ...slice, windows: await client.request("takeBack", { song, id: handout.id, opinions }) };
  };
}
