// @ts-check
/** The page's networks: what models/index.json names. */

import { fetched } from "../pkg/client/assets.js";
import { PageError } from "./errors.js";

/** @typedef {import("../types/songmood.d.ts").Kind} Kind */

const MODELS = new URL("../models/", import.meta.url);

/** @param {unknown} index @param {Kind} kind */
async function networksOf(index, kind) {
  const names = index && typeof index === "object" && kind in index ? /** @type {Record<string, unknown>} */ (index)[kind] : null;
  if (!Array.isArray(names) || names.length === 0 || !names.every((name) => typeof name === "string")) {
    throw new PageError("models-missing", `models/index.json names no models for ${kind}`);
  }
  // In order of their names, whatever the index's: the CNN's bars stand to the left on every visit.
  return Promise.all(names.sort().map(async (name) => new Uint8Array(await (await fetched(new URL(name, MODELS), "models-missing")).arrayBuffer())));
}

/** @returns {Promise<Record<Kind, Uint8Array[]>>} */
export async function pageNetworks() {
  const response = await fetched(new URL("index.json", MODELS), "models-missing");
  /** @type {unknown} */
  const index = await response.json().catch(() => null);
  const [music, voice] = await Promise.all([networksOf(index, "music"), networksOf(index, "voice")]);
  return { music, voice };
}
