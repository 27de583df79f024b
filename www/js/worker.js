// @ts-check
/** The page's worker: the package's, which also makes the built-in sample. */

import { operations } from "../pkg/worker.js";
import { sampleWav } from "./sample-song.js";

Object.assign(operations, {
  /** The built-in sample as a WAV file. */
  sample: () => sampleWav(),
});
