// @ts-check
/** Memory of a worker that is given back before its collector runs: that one sees little reason to, for a few large arrays. */

// What is transferred to a port that leads nowhere is gone at once.
const { port1: away, port2: end } = new MessageChannel();
end.close();

/** @param {readonly ArrayBuffer[]} buffers that nobody needs any more */
export const giveBack = (buffers) => away.postMessage(null, [...buffers]);
