// @ts-check
/** A heard song in words, wherever it is shown. */

import { shortName } from "./bars.js";
import { segments, shortestRun } from "../pkg/view/moments.js";
import { songWords } from "./verdict.js";

/** @param {import("../pkg/client/analyse.js").Heard} heard */
export function wordsOf({ analysis, networks: { models, settings: { sureAbove, tension } } }) {
  const { windows, durationS } = analysis;
  const runs = segments(windows, { endS: durationS, shortestS: shortestRun(durationS), tension });
  const nameOf = (/** @type {string} */ name) => {
    const model = models.find((candidate) => candidate.name === name);
    return model ? shortName(model) : name;
  };
  return { ...songWords(analysis, runs, { sureAbove, shortName: nameOf }), runs };
}
