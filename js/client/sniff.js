// @ts-check
/** What kind of file the first bytes show, so that a refusal can say what was given instead of sound. */

/** @param {Uint8Array} head @param {number} from @param {number} to */
const ascii = (head, from, to) => String.fromCharCode(...head.subarray(from, to));

/**
 * @param {Uint8Array} head the first bytes of the file, 16 or more
 * @returns {string | null} "a PDF document" and the like, or null where it may be sound or is not known
 */
export function notSound(head) {
  const start = ascii(head, 0, 8);
  if (start.startsWith("%PDF")) return "a PDF document";
  if (start.startsWith("\x89PNG")) return "a picture (PNG)";
  if (start.startsWith("\xff\xd8\xff")) return "a picture (JPEG)";
  if (start.startsWith("GIF8")) return "a picture (GIF)";
  if (start.startsWith("RIFF") && ascii(head, 8, 12) === "WEBP") return "a picture (WebP)";
  if (start.startsWith("PK\x03\x04")) return "a zip archive or an office document";
  if (start.startsWith("\x1f\x8b")) return "a compressed archive";
  if (start.startsWith("MThd")) return "a MIDI file: notes, but no sound";
  if (start.startsWith("MZ") || start.startsWith("\x7fELF")) return "a program";
  if (head.length > 0 && head.every((byte) => byte === 9 || byte === 10 || byte === 13 || (byte >= 32 && byte < 127))) return "plain text";
  return null;
}
