// @ts-check
/** Whether WebAssembly has 128-bit SIMD here. The package holds one build, which needs it. */

/** A module whose only function uses `i8x16.splat` and `i8x16.popcnt`. */
const PROBE = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11);

/** Throws an error with the code `simd-missing` or `wasm-missing` where songmood cannot run. */
export function assertCanRun() {
  if (typeof WebAssembly !== "object") throw refusal("wasm-missing", "WebAssembly is not there or switched off; songmood needs it");
  if (!WebAssembly.validate(PROBE)) {
    throw refusal("simd-missing", "WebAssembly has no 128-bit SIMD here; songmood needs it, and so a browser of 2021 or later (Safari 16.4) or Node 20, on a processor with SSE4.1 or NEON");
  }
}

/** @param {string} code @param {string} message */
const refusal = (code, message) => Object.assign(new Error(message), { code });
