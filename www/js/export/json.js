// @ts-check
/** Songs as JSON: one array, each song as the library's `Analysis` with its name, its windows and the networks that heard it. */

import { englishTitle } from "../error-words.js";
import { codeOf } from "../errors.js";
import { unpack } from "../song-list/packed.js";

/**
 * In pieces, so that hours of windows never stand in one string.
 * @param {readonly import("./csv.js").Exported[]} songs
 */
export function* songsJson(songs) {
  yield "[";
  for (const [i, { name, result, error }] of songs.entries()) {
    yield i === 0 ? "\n" : ",\n";
    if (!result) {
      yield JSON.stringify({ name, error: { code: codeOf(error), message: englishTitle(error) } });
      continue;
    }
    const { analysis, kind, networks, channels } = unpack(result);
    const { timings: _timings, ...said } = analysis;
    yield JSON.stringify({ name, heardAs: kind, networks: networks.models.map(({ name: network }) => network), channels, ...said });
  }
  yield "\n]\n";
}
