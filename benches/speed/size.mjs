// How much the page loads: every file that it has, as it is and with brotli.

import { readFile, readdir } from "node:fs/promises";
import { extname, join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { root } from "../../scripts/process.mjs";

const KINDS = { ".html": "HTML, CSS, JavaScript", ".css": "HTML, CSS, JavaScript", ".js": "HTML, CSS, JavaScript", ".wasm": "wasm", ".safetensors": "weights" };

/** @returns {Promise<Record<string, { raw: number, brotli: number }>>} by kind, with a total */
export async function sizes() {
  const inside = async (folder) => (await readdir(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const pkg = (await inside("pkg")).filter((path) => /\.(wasm|js)$/.test(path) && !path.endsWith("node.js"));
  const models = (await inside("models")).filter((path) => /\.(safetensors|json)$/.test(path));
  const result = {};
  const add = (kind, raw, brotli) => {
    result[kind] ??= { raw: 0, brotli: 0 };
    result[kind].raw += raw;
    result[kind].brotli += brotli;
  };
  for (const path of [...(await inside("www")), ...pkg, ...models]) {
    const bytes = await readFile(path);
    const brotli = brotliCompressSync(bytes).length;
    add(KINDS[extname(path)] ?? "icons and the rest", bytes.length, brotli);
    add("total", bytes.length, brotli);
  }
  const { total, ...kinds } = result;
  return { ...kinds, total };
}
