// The package as a user gets it: packed by npm and installed into a project of its own.

import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../../../scripts/process.mjs";

/**
 * Packs pkg/ and installs the archive into an empty project; needs no network.
 *
 * @param {string} [name] of the project's folder
 * @returns {Promise<{ folder: string, project: string, files: string[], remove: () => Promise<void> }>} the project's
 *   folder and the one around it, and the archive's files
 */
export async function installPackage(name = "project") {
  const folder = await mkdtemp(join(tmpdir(), "songmood-package-"));
  const project = join(folder, name);
  await mkdir(project);
  await writeFile(join(project, "package.json"), '{ "name": "project", "private": true, "type": "module" }\n');
  const [{ filename, files }] = JSON.parse(npm(["pack", "--json", "--pack-destination", folder, join(root, "pkg")], folder));
  npm(["install", "--offline", "--no-audit", "--no-fund", join(folder, filename)], project);
  return {
    folder,
    project,
    files: files.map((/** @type {{ path: string }} */ { path }) => path).sort(),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/**
 * @param {string[]} args
 * @param {string} cwd
 */
function npm(args, cwd) {
  const script = process.env.npm_execpath;
  const [command, all] = script ? [process.execPath, [script, ...args]] : ["npm", args];
  return execFileSync(command, all, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/**
 * The package's module, found the way Node finds `import "songmood"` in the project.
 *
 * @param {string} project
 * @returns {Promise<typeof import("../../../pkg/songmood.js")>}
 */
export async function importFrom(project) {
  const entry = createRequire(join(project, "index.js")).resolve("songmood");
  return import(pathToFileURL(entry).href);
}

/**
 * The shipped networks' files, in the order of models/index.json.
 * @param {"voice" | "music"} domain
 */
export async function modelFiles(domain = "voice") {
  const index = JSON.parse(await readFile(join(root, "models", "index.json"), "utf8"));
  return Promise.all(
    index[domain].map(async (/** @type {string} */ name) => new Uint8Array(await readFile(join(root, "models", name)))),
  );
}
