// @ts-check
/** What was heard, as files to keep. */

import { BYTE_ORDER_MARK, summaryCsv, windowsCsv } from "./csv.js";
import { download } from "./download.js";
import { songsJson } from "./json.js";

/** @typedef {"summary" | "windows" | "json"} What */

/** @param {readonly import("./csv.js").Exported[]} songs @param {What} what @returns {Blob} */
export function exported(songs, what) {
  if (what === "json") return new Blob([...songsJson(songs)], { type: "application/json" });
  const lines = what === "summary" ? summaryCsv(songs) : windowsCsv(songs);
  return new Blob([BYTE_ORDER_MARK, ...gathered(lines)], { type: "text/csv;charset=utf-8" });
}

/** Lines in larger pieces: a Blob of a hundred thousand parts is slow to make. @param {Iterable<string>} lines */
function* gathered(lines) {
  let piece = "";
  for (const line of lines) {
    piece += line;
    if (piece.length < 1 << 20) continue;
    yield piece;
    piece = "";
  }
  yield piece;
}

/**
 * @param {readonly import("./csv.js").Exported[]} songs
 * @param {What} what
 * @param {string} [name] without its ending
 */
export function exportSongs(songs, what, name = "songmood") {
  const endings = { summary: "csv", windows: "windows.csv", json: "json" };
  download(exported(songs, what), `${name}.${endings[what]}`);
}
