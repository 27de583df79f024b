// @ts-check
/** One piece of work after another. */

export class Queue {
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();

  /**
   * Whatever becomes of one piece of work, the next goes on.
   * @template T
   * @param {() => Promise<T>} work
   * @param {AbortSignal} signal aborted, it rejects at once, and work that has not begun never does
   * @returns {Promise<T>}
   */
  add(work, signal) {
    const turn = this.#last.then(() => {
      signal.throwIfAborted();
      return work();
    });
    this.#last = turn.catch(() => {});
    return new Promise((resolve, reject) => {
      const abort = () => reject(signal.reason);
      if (signal.aborted) abort();
      signal.addEventListener("abort", abort, { once: true });
      turn.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
    });
  }
}
