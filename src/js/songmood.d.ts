export * from "./bindings.js";

/** Where the wasm comes from: its address, its bytes, a response that delivers them, or the compiled module. */
export type InitSource = string | URL | Request | Response | BufferSource | WebAssembly.Module;

/**
 * Loads the wasm. Wait for it before calling anything else; more calls do nothing.
 *
 * @param source where the wasm comes from, also in wasm-bindgen's form `{ module_or_path: source }`;
 *   by default `songmood_bg.wasm` beside this file
 */
export default function init(
  source?: InitSource | Promise<InitSource> | { module_or_path: InitSource | Promise<InitSource> },
): Promise<void>;
