// The package's entry in Node, whose fetch does not read files.

import { readFile } from "node:fs/promises";
import load from "./songmood.js";

export * from "./songmood.js";

export default async function init(source = new URL("songmood_bg.wasm", import.meta.url)) {
  const given = await source;
  const from = await (given !== null && typeof given === "object" && "module_or_path" in given ? given.module_or_path : given);
  await load(isFile(from) ? await readFile(new URL(from)) : from);
}

function isFile(source) {
  const url = source instanceof URL ? source.href : source;
  return typeof url === "string" && /^file:/i.test(url);
}
