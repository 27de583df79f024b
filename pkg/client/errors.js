// @ts-check
/** Errors of the client. */

/** What is wrong and what to do, where nothing more is known. @type {Record<string, string>} */
const MESSAGES = {
  "empty-file": "the file has no bytes; perhaps a download stopped early",
  "too-large": "the browser decodes a file of this kind as a whole, in memory, up to 1 GB; save it as mp3, m4a, FLAC or WAV, or cut it into parts",
  "too-long": "songmood takes up to 5 hours of mp3, m4a, FLAC and WAV, 75 minutes of others, which the browser decodes as a whole; cut it into parts",
  "not-audio": "there is no sound in it that this browser can decode",
  damaged: "it looks like audio but cannot be decoded: cut off, damaged, protected, or with a codec that this browser lacks",
  "no-samples": "the recording holds a header but no sound",
  "mic-denied": "the microphone is not allowed for this page",
  "mic-none": "there is no microphone",
  "mic-gone": "the microphone was unplugged or switched off",
  "mic-chosen-gone": "the chosen microphone is not there any more; open another, or the system's own choice",
  "mic-stopped": "the browser stopped the microphone: another program or the system took the sound device",
  "insecure-context": "microphones open only on https:// pages and on this computer itself (127.0.0.1, localhost)",
  "no-worklet": "this browser has no AudioWorklet, which live sound needs",
};

/** An error with a stable code and, where it helps, the underlying reason. */
export class ClientError extends Error {
  /**
   * @param {string} code
   * @param {string} [reason] from the browser or the library; becomes the message
   * @param {string} [kind] what was found instead, as one word that stays the same, for who says it in another language
   */
  constructor(code, reason = "", kind = "") {
    super(reason || MESSAGES[code] || code);
    this.name = "ClientError";
    this.code = code;
    this.reason = reason;
    this.kind = kind;
  }
}

/**
 * @param {unknown} error
 * @returns {string}
 */
export function codeOf(error) {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unexpected";
}
