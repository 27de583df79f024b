// The package's entry in browsers and workers. Node's is node.js.

import load from "./bindings.js";
import { assertCanRun } from "./simd.js";

export * from "./bindings.js";

/** @type {Promise<void> | undefined} */
let ready;

export default function init(source) {
  ready ??= start(source);
  return ready;
}

// A second start would replace the memory that the first one's classifiers live in, so `ready` is
// kept; after a failure it is dropped, and the caller can try again.
async function start(source) {
  try {
    assertCanRun();
    // A bare source works as well, but wasm-bindgen writes a warning to the console.
    await load(source === undefined || "module_or_path" in Object(source) ? source : { module_or_path: source });
  } catch (error) {
    ready = undefined;
    throw error;
  }
}
