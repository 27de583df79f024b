// @ts-check
/** The worker's number for a song; a song that this worker has not heard is handed to it when the number is first wanted. */

import { analyse } from "./analyse.js";

export class InWorker {
  /** @type {Promise<number> | null} */
  #number = null;
  #job = new AbortController();

  /**
   * @param {import("./worker-client.js").WorkerClient} client
   * @param {{ file: Blob, kind: import("./types.d.ts").Kind, song?: number }} what `song` where the worker has it already
   */
  constructor(client, { file, kind, song }) {
    this.client = client;
    this.file = file;
    this.kind = kind;
    if (song !== undefined) this.#number = Promise.resolve(song);
  }

  get number() {
    if (this.#number) return this.#number;
    const { client, file, kind } = this;
    const options = { kind, keep: true, signal: this.#job.signal, onStage: () => {} };
    const number = analyse(file, client, options).then(({ song }) => song);
    // What failed once is tried again when it is asked for again.
    number.catch(() => (this.#number = null));
    return (this.#number = number);
  }

  /** The song is not shown any more. */
  forget() {
    this.#job.abort();
    // A worker that was started afresh has forgotten it already.
    this.#number?.then((song) => this.client.request("forget", { song })).catch(() => {});
  }
}
