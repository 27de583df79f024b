// @ts-check
/** What is said about the list of songs as a whole. */

import { message } from "../language/language.js";

/** @typedef {import("./queue.js").Queue["progress"]} Progress */

/**
 * @param {Progress} progress
 * @param {number} leftOut files of folders that are no sound
 */
export function summary({ total, done, failed, cancelled }, leftOut) {
  const parts = [message(done === total ? "songs.allHeard" : "songs.someHeard", { done, count: total })];
  if (failed > 0) parts.push(message("songs.failed", { count: failed }));
  if (cancelled > 0) parts.push(message("songs.cancelled", { count: cancelled }));
  if (leftOut > 0) parts.push(message("songs.leftOut", { count: leftOut }));
  return message("songs.summary", { parts: parts.join(message("text.clauses")) });
}

/** @param {Progress} progress */
export const left = ({ waiting, working }) => message("songs.left", { count: waiting + working });
