// @ts-check
/** What is said about the list of songs as a whole. */

/** @typedef {import("./queue.js").Queue["progress"]} Progress */

/** @param {number} count @param {string} one */
const counted = (count, one) => `${count} ${count === 1 ? one : `${one}s`}`;

/**
 * @param {Progress} progress
 * @param {number} leftOut files of folders that are no sound
 */
export function summary({ total, done, failed, cancelled }, leftOut) {
  const parts = [done === total ? `${counted(total, "song")}, all heard` : `${done} of ${counted(total, "song")} heard`];
  if (failed > 0) parts.push(`${failed} could not be heard`);
  if (cancelled > 0) parts.push(`${cancelled} called off`);
  if (leftOut > 0) parts.push(`${counted(leftOut, "other file")} in the folders left out`);
  return `${parts.join("; ")}.`;
}

/** @param {Progress} progress */
export const left = ({ waiting, working }) => `${counted(waiting + working, "song")} to go`;
