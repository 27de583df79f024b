// @ts-check
/**
 * Fetches the program and the networks. The page does it rather than the worker, so that a replacement worker
 * needs no network, and compiles while the model files are still on their way.
 */

import { PageError } from "./errors.js";

/** @typedef {import("../types/songmood.d.ts").Assets} Assets */

const PKG = new URL("../pkg/", import.meta.url);
const MODELS = new URL("../models/", import.meta.url);

/**
 * @param {URL} url
 * @param {string} code of the error where it is not there
 */
async function get(url, code) {
  /** @type {Response} */
  let response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw new PageError(code, `${url.pathname}: ${error instanceof Error ? error.message : error}`);
  }
  if (!response.ok) throw new PageError(code, `${url.pathname}: ${response.status} ${response.statusText}`.trim());
  return response;
}

async function program() {
  const response = await get(new URL("songmood_bg.wasm", PKG), "program-missing");
  const bytes = await response.arrayBuffer();
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    throw new PageError("program-refused", error instanceof Error ? error.message : String(error));
  }
}

/** @returns {Promise<Assets["models"]>} */
async function models() {
  const response = await get(new URL("index.json", MODELS), "models-missing");
  /** @type {unknown} */
  const index = await response.json().catch(() => null);
  const [music, voice] = await Promise.all([modelsOf(index, "music"), modelsOf(index, "voice")]);
  return { music, voice };
}

/** @param {unknown} index @param {import("../types/songmood.d.ts").Kind} kind */
async function modelsOf(index, kind) {
  const names = index && typeof index === "object" && kind in index ? /** @type {Record<string, unknown>} */ (index)[kind] : null;
  if (!Array.isArray(names) || names.length === 0 || !names.every((name) => typeof name === "string")) {
    throw new PageError("models-missing", `models/index.json names no models for ${kind}`);
  }
  // In order of their names, whatever the index's: the CNN's bars stand to the left on every visit.
  return Promise.all(names.sort().map(async (name) => new Uint8Array(await (await get(new URL(name, MODELS), "models-missing")).arrayBuffer())));
}

/** Program and networks, fetched once for all workers; of each kind the shipped networks, or others that stand in for them. */
export class AssetStore {
  /** @type {Promise<Assets> | null} */
  #fetched = null;
  /** @type {Partial<Assets["models"]>} */
  #instead = {};

  /** @returns {Promise<Assets>} */
  async get() {
    this.#fetched ??= fetchAssets();
    const fetched = this.#fetched;
    try {
      const assets = await fetched;
      return { ...assets, models: { ...assets.models, ...this.#instead } };
    } catch (error) {
      if (this.#fetched === fetched) this.forget();
      throw error;
    }
  }

  /** Fetches afresh the next time. */
  forget() {
    this.#fetched = null;
  }

  /**
   * For workers that start from now on.
   * @param {import("../types/songmood.d.ts").Kind} kind
   * @param {Uint8Array[] | null} files the model files to stand in for the shipped ones, or null for these
   */
  use(kind, files) {
    if (files) this.#instead[kind] = files;
    else delete this.#instead[kind];
  }
}

/** @returns {Promise<Assets>} */
async function fetchAssets() {
  if (typeof WebAssembly !== "object") throw new PageError("program-refused", "WebAssembly is switched off");
  const [module, files] = await Promise.all([program(), models()]);
  return { glue: new URL("songmood.js", PKG).href, module, models: files };
}
