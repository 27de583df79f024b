// @ts-check
/** Hands a file to the person, without anything leaving the device. */

/** Long enough for any browser to have begun. */
const KEPT_MS = 60_000;

/** @param {Blob} blob @param {string} name */
export function download(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}

/**
 * "Album/01 Song.mp3" → "01 Song": a name for a file made of a song.
 * @param {string} name
 */
export function baseName(name) {
  const last = name.slice(name.search(/[^/\\]*$/)).replace(/\.[A-Za-z0-9]{1,5}$/, "");
  // Characters that no file system, or not every one, takes.
  return last.replace(/[<>:"|?*\u0000-\u001f]/g, "_").trim() || "song";
}
