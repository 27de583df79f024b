// @ts-check
/** What kind of file the first bytes show, so that a refusal can say what was given instead of sound. */

/** @param {Uint8Array} head @param {number} from @param {number} to */
const ascii = (head, from, to) => String.fromCharCode(...head.subarray(from, to));

/** @typedef {{ kind: string, words: string }} Sniffed */

/** What else people drop, in words; by kinds that stay the same. @type {Record<string, string>} */
const WORDS = {
  pdf: "a PDF document", picture: "a picture", zip: "a zip archive or an office document", archive: "a compressed archive",
  midi: "a MIDI file: notes, but no sound", program: "a program", text: "plain text",
};

/** @param {Uint8Array} head */
function kindOf(head) {
  const start = ascii(head, 0, 8);
  if (start.startsWith("%PDF")) return "pdf";
  if (["\x89PNG", "\xff\xd8\xff", "GIF8"].some((sign) => start.startsWith(sign))) return "picture";
  if (start.startsWith("RIFF") && ascii(head, 8, 12) === "WEBP") return "picture";
  if (start.startsWith("PK\x03\x04")) return "zip";
  if (start.startsWith("\x1f\x8b")) return "archive";
  if (start.startsWith("MThd")) return "midi";
  if (start.startsWith("MZ") || start.startsWith("\x7fELF")) return "program";
  if (head.length > 0 && head.every((byte) => byte === 9 || byte === 10 || byte === 13 || (byte >= 32 && byte < 127))) return "text";
  return null;
}

/**
 * @param {Uint8Array} head the first bytes of the file, 16 or more
 * @returns {Sniffed | null} null where it may be sound or is not known
 */
export function notSound(head) {
  const kind = kindOf(head);
  return kind && { kind, words: WORDS[kind] };
}
