// pkg/BUILD.json: digests of the sources that went into pkg/ and of the files that came out.
// It tells `npm start` whether to build and the tests whether pkg/ belongs to the sources beside it.

import { createHash } from "node:crypto";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The stamp's name inside pkg/. */
export const STAMP = "BUILD.json";

/**
 * @typedef {Record<string, string>} Digests path (with forward slashes) to SHA-256 in hex
 * @typedef {{ tools: Record<string, string>, sources: Digests, outputs: Digests }} Stamp
 *   `sources` are relative to the repository, `outputs` to the package
 */

/**
 * Writes the stamp of a package that was just built.
 *
 * @param {string} repository
 * @param {string} folder the package, complete but for its stamp
 * @param {string[]} sources paths relative to the repository
 * @param {Record<string, string>} tools versions of what built it
 */
export async function writeStamp(repository, folder, sources, tools) {
  /** @type {Stamp} */
  const stamp = {
    tools,
    sources: await digests(repository, sources),
    outputs: await digests(folder, await filesIn(folder)),
  };
  await writeFile(join(folder, STAMP), `${JSON.stringify(stamp, null, 2)}\n`);
}

/**
 * Compares pkg/ with its stamp and the sources.
 *
 * @param {string} repository
 * @returns {Promise<string[]>} what does not fit, one line each; empty when pkg/ is fresh
 */
export async function staleReasons(repository) {
  const folder = join(repository, "pkg");
  /** @type {Stamp} */
  let stamp;
  try {
    stamp = JSON.parse(await readFile(join(folder, STAMP), "utf8"));
    if (Object.keys(stamp.sources).length === 0 || Object.keys(stamp.outputs).length === 0) {
      throw new Error("it lists nothing");
    }
  } catch (error) {
    return [`pkg/${STAMP} cannot be read: ${/** @type {Error} */ (error).message}`];
  }
  const reasons = [];
  for (const [path, digest] of Object.entries(stamp.sources)) {
    const now = await digestOf(join(repository, path));
    if (now === undefined) reasons.push(`${path} is gone since pkg/ was built`);
    else if (now !== digest) reasons.push(`${path} has changed since pkg/ was built`);
  }
  for (const [path, digest] of Object.entries(stamp.outputs)) {
    const now = await digestOf(join(folder, path));
    if (now === undefined) reasons.push(`pkg/${path} is missing`);
    else if (now !== digest) reasons.push(`pkg/${path} is not the file that was built`);
  }
  for (const path of await filesIn(folder)) {
    if (!(path in stamp.outputs)) reasons.push(`pkg/${path} did not come from the build`);
  }
  return reasons;
}

/**
 * @param {string} folder
 * @param {string[]} paths
 * @returns {Promise<Digests>} in the order of the paths' names
 */
async function digests(folder, paths) {
  /** @type {Digests} */
  const result = {};
  for (const path of [...paths].sort()) {
    const digest = await digestOf(join(folder, path));
    if (digest === undefined) throw new Error(`${path} is not there`);
    result[path] = digest;
  }
  return result;
}

/**
 * @param {string} path
 * @returns {Promise<string | undefined>} undefined when there is no such file
 */
async function digestOf(path) {
  try {
    return createHash("sha256").update(await readFile(path)).digest("hex");
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Every file under a folder but the stamp and what systems leave lying about (.DS_Store and the like).
 *
 * @param {string} folder
 */
async function filesIn(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1).replaceAll("\\", "/"))
    .filter((path) => path !== STAMP);
}
