// @ts-check
/** What the element says, in English. `SongMood.words` takes another language. */

/** @typedef {import("./types.d.ts").Words} Words */

/** @type {Words} */
export const ENGLISH = {
  moods: {
    neutral: "neutral", calm: "calm", happy: "happy", sad: "sad",
    angry: "angry", fearful: "fearful", disgust: "disgust", surprised: "surprised",
  },
  silent: "silent",
  play: "Play",
  pause: "Pause",
  listen: "Listen with the microphone",
  stop: "Stop listening",
  position: "Position in the song",
  growing: "Moods since the microphone is on",
  level: "Input level",
  idle: "Nothing has been heard yet.",
  stages: { waiting: "Waiting…", loading: "Loading the networks…", decoding: "Decoding…", listening: "Listening…" },
  percent: (share) => `${Math.round(share * 100)}\u00a0%`,
  of: (time, whole) => `${time} of ${whole}`,
  sure: (mood, percent) => `${mood[0].toUpperCase()}${mood.slice(1)}, ${percent}`,
  unsure: (mood, percent) => `Not sure; perhaps ${mood}, ${percent}`,
  error: (code, message) => {
    const known = {
      "mic-denied": "The microphone is not allowed.", "mic-none": "No microphone was found.", "mic-gone": "The microphone went away.",
      "insecure-context": "The microphone needs an https address.", "not-audio": "There is no sound in this file.",
      damaged: "This file cannot be decoded.", unreadable: "This file could not be read.", "simd-missing": "This browser is too old for songmood.",
    }[code];
    return known ?? `This cannot be heard (${code}: ${message}).`;
  },
};
