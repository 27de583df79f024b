// @ts-check
// The shipped networks in browsers and workers, whose fetch reads them. Node's entry is weights-node.js.

import { shippedBy } from "./weights-addresses.js";

export const addresses = shippedBy();

/** @param {URL} address @param {AbortSignal} [signal] */
async function read(address, signal) {
  const failed = (/** @type {string} */ reason) => Object.assign(new Error(`${address.pathname}: ${reason}`), { code: "models-missing" });
  /** @type {Response} */
  let response;
  try {
    response = await fetch(address, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw failed(String(error));
  }
  if (!response.ok) throw failed(`${response.status} ${response.statusText}`.trim());
  return new Uint8Array(await response.arrayBuffer());
}

/** @param {{ signal?: AbortSignal }} [options] */
export const music = ({ signal } = {}) => Promise.all(addresses.music.map((address) => read(address, signal)));

/** @param {{ signal?: AbortSignal }} [options] */
export const voice = ({ signal } = {}) => Promise.all(addresses.voice.map((address) => read(address, signal)));
