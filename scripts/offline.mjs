// What the page needs to run without a network: its files, their digests, and a version made of these.
// `npm run site` writes the list into dist/; the development server makes it anew for each request.

import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

/** The list's name beside sw.js. */
export const LIST = "offline-files.js";

/** What the page loads of the package: its folders of modules, and of the package's own folder these. */
export const PACKAGE_FOLDERS = ["client", "pieces", "view"];
export const PACKAGE = ["bindings.js", "capture-worklet.js", "files.js", "simd.js", "songmood.js", "songmood_bg.wasm", "weights-addresses.js", "weights.js", "worker.js"];
const PAGE_ENDINGS = /\.(css|html|js|png|svg|webmanifest)$/;
/** The worker itself is the browser's to keep. */
const NOT_KEPT = new Set(["sw.js", LIST]);

/**
 * `source`: where a file lies; `path`: where the page asks for it, relative to itself.
 * @typedef {{ path: string, source: string, digest: string }} OfflineFile
 */

/**
 * The page's files in order of their paths, with SHA-256 digests in base64.
 *
 * @param {string} repository
 * @returns {Promise<OfflineFile[]>}
 */
export async function offlineList(repository) {
  const www = join(repository, "www");
  const page = (await filesIn(www)).filter((path) => PAGE_ENDINGS.test(path) && !NOT_KEPT.has(path));
  const modules = [];
  for (const folder of PACKAGE_FOLDERS) {
    for (const path of await filesIn(join(repository, "pkg", folder))) if (path.endsWith(".js")) modules.push(`${folder}/${path}`);
  }
  // Some hosts send /index.html on to /, and what was sent on cannot be kept.
  const address = (/** @type {string} */ path) => (path === "index.html" ? "./" : path);
  /** @type {Record<string, string[]>} */
  const models = JSON.parse(await readFile(join(repository, "models", "index.json"), "utf8"));
  const beside = [...[...PACKAGE, ...modules].map((name) => `pkg/${name}`), "models/index.json", ...Object.values(models).flat().map((name) => `models/${name}`)];
  const sources = [...page.map((path) => ({ path: address(path), source: join(www, path) })), ...beside.map((path) => ({ path, source: join(repository, path) }))];
  const files = await Promise.all(sources.map(async ({ path, source }) => ({ path, source, digest: createHash("sha256").update(await readFile(source)).digest("base64") })));
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Paths of the files in a folder and those inside it, relative to it; links are not followed.
 *
 * @param {string} folder
 */
async function filesIn(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1).replaceAll("\\", "/"));
}

/**
 * Short, and another one as soon as any file is another.
 *
 * @param {readonly OfflineFile[]} files
 */
export function versionOf(files) {
  const hash = createHash("sha256");
  for (const { path, digest } of files) hash.update(`${path} ${digest}\n`);
  return hash.digest("hex").slice(0, 16);
}

/**
 * The script that sw.js imports.
 *
 * @param {readonly OfflineFile[]} files
 * @param {"versioned" | "fresh"} strategy `versioned` answers from the cache, so that all files are of one version; `fresh`
 *   from the network, and from the cache only where there is none
 */
export function offlineScript(files, strategy) {
  const list = Object.fromEntries(files.map(({ path, digest }) => [path, digest]));
  return `self.OFFLINE = ${JSON.stringify({ version: versionOf(files), strategy, files: list }, null, 1)};\n`;
}
