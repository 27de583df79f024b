// @ts-check
/** Noise, heard while nobody waits for anything: browsers compile well only what has run for a while. */

/** @typedef {import("./worker-client.js").WorkerClient} WorkerClient */
/** @typedef {import("./types.d.ts").Kind} Kind */

/** The worker's number for the noise; songs count from 1. */
const NOISE = 0;
/** Most files come at this rate. */
const SAMPLE_RATE = 44_100;
/** How long a piece is: whoever asks meanwhile waits no longer than it takes to hear that. */
const PIECE_S = 1;
/** How much of it each pair of networks hears: a window, and some more. @type {[Kind, number][]} */
const KINDS = [["music", 20], ["voice", 8]];

/** Resolves when the page has nothing else to do; Safari cannot tell. */
const idle = () => new Promise((resolve) => ("requestIdleCallback" in globalThis ? requestIdleCallback(resolve, { timeout: 1000 }) : setTimeout(resolve, 50)));

const noise = () => Float32Array.from({ length: PIECE_S * SAMPLE_RATE }, () => 0.1 * (2 * Math.random() - 1));

/**
 * Has the networks hear noise until they are warm, or until anything else is asked of the worker, which warms it as well.
 * @param {WorkerClient} client
 * @param {AbortSignal} [signal]
 */
export async function warmUp(client, signal) {
  await client.ready();
  let { asked } = client;
  /** @param {string} op @param {Record<string, unknown>} args @param {Transferable[]} [transfer] */
  const request = (op, args, transfer) => {
    const answer = client.request(op, { song: NOISE, ...args }, { transfer });
    asked += 1;
    return answer;
  };
  const undisturbed = () => client.asked === asked && !signal?.aborted;
  for (const [kind, seconds] of KINDS) {
    if (!undisturbed()) return;
    await request("begin", { sampleRate: SAMPLE_RATE, durationS: seconds, kind, keep: true });
    for (let heard = 0; heard < seconds; heard += PIECE_S) {
      await idle();
      if (!undisturbed()) break;
      const samples = noise();
      await request("slice", { channels: [samples], handOut: false }, [samples.buffer]);
    }
    if (signal?.aborted) return;
    await request("forget", {});
  }
}
