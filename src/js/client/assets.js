// @ts-check
/**
 * Fetches the program and the networks. The page does it rather than the worker, so that a replacement worker
 * needs no network, and compiles while the model files are still on their way.
 */

import { wasmAddress } from "../files.js";
import { assertCanRun } from "../simd.js";
import * as shipped from "../weights.js";
import { ClientError, codeOf } from "./errors.js";

/** @typedef {import("./types.d.ts").Assets} Assets */
/** @typedef {import("./types.d.ts").Kind} Kind */
/** @typedef {import("./types.d.ts").WeightsOptions} WeightsOptions */

/**
 * @param {string | URL} address
 * @param {string} code of the error where it is not there
 */
export async function fetched(address, code) {
  const { pathname } = new URL(address, self.location.href);
  /** @type {Response} */
  let response;
  try {
    response = await fetch(address);
  } catch (error) {
    throw new ClientError(code, `${pathname}: ${error instanceof Error ? error.message : error}`);
  }
  if (!response.ok) throw new ClientError(code, `${pathname}: ${response.status} ${response.statusText}`.trim());
  return response;
}

/** @param {string | URL} address */
async function program(address) {
  try {
    assertCanRun();
  } catch (error) {
    throw new ClientError(codeOf(error), error instanceof Error ? error.message : "");
  }
  const response = await fetched(address, "program-missing");
  const bytes = await response.arrayBuffer();
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    throw new ClientError("program-refused", error instanceof Error ? error.message : String(error));
  }
}

/** @param {string | URL | Uint8Array} source */
async function bytesOf(source) {
  return source instanceof Uint8Array ? source : new Uint8Array(await (await fetched(source, "models-missing")).arrayBuffer());
}

/** @param {WeightsOptions} weights @returns {Promise<Assets["models"]>} */
async function networks(weights) {
  if (typeof weights === "function") return weights();
  const of = (/** @type {Kind} */ kind) => Promise.all((weights[kind] ?? shipped.addresses[kind]).map(bytesOf));
  const [music, voice] = await Promise.all([of("music"), of("voice")]);
  return { music, voice };
}

/** Program and networks, fetched once for all workers; of each kind the given networks, or others that stand in for them. */
export class AssetStore {
  /** @type {Promise<Assets> | null} */
  #fetched = null;
  /** @type {Partial<Assets["models"]>} */
  #instead = {};
  #wasm;
  #weights;

  /** @param {{ wasm?: string | URL, weights?: WeightsOptions }} [options] where they come from; the package's own by default */
  constructor({ wasm = wasmAddress(), weights = {} } = {}) {
    this.#wasm = wasm;
    this.#weights = weights;
  }

  /** @returns {Promise<Assets>} */
  async get() {
    this.#fetched ??= this.#fetch();
    const fetched = this.#fetched;
    try {
      const assets = await fetched;
      return { ...assets, models: { ...assets.models, ...this.#instead } };
    } catch (error) {
      if (this.#fetched === fetched) this.forget();
      throw error;
    }
  }

  async #fetch() {
    const [module, models] = await Promise.all([program(this.#wasm), networks(this.#weights)]);
    return { module, models };
  }

  /** Fetches afresh the next time. */
  forget() {
    this.#fetched = null;
  }

  /**
   * For workers that start from now on.
   * @param {Kind} kind
   * @param {Uint8Array[] | null} files the model files to stand in for the given ones, or null for these
   */
  use(kind, files) {
    if (files) this.#instead[kind] = files;
    else delete this.#instead[kind];
  }
}
