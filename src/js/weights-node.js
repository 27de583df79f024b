// The shipped networks in Node, whose fetch does not read files. Browsers' entry is weights.js.

import { readFile } from "node:fs/promises";
import { shippedBy } from "./weights-addresses.js";

export const addresses = shippedBy();

const read = async (list, { signal } = {}) => Promise.all(list.map(async (address) => new Uint8Array(await readFile(address, { signal }))));

export const music = (options) => read(addresses.music, options);

export const voice = (options) => read(addresses.voice, options);
