// npm run site: the folder to be deployed. `--out DIR` puts it elsewhere than into dist/.

import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { headersFile } from "./headers.mjs";
import { LIST, offlineList, offlineScript, versionOf } from "./offline.mjs";
import { ensurePackage } from "./package.mjs";
import { UserError, entry, root } from "./process.mjs";

/** Left in a folder that was made here, so that no other folder is ever emptied. */
const MARK = "songmood-site.txt";

/**
 * Writes the site: page, package and networks side by side, the service worker's list, headers and licences.
 *
 * @param {string} out emptied first, if it was made here
 * @param {string} [repository]
 * @returns {Promise<{ version: string, files: number, bytes: number }>}
 */
export async function writeSite(out, repository = root) {
  if (existsSync(out) && !existsSync(join(out, MARK))) throw new UserError(`${out} is there and was not made by npm run site; remove it, or choose another with --out`);
  await rm(out, { recursive: true, force: true });
  const files = await offlineList(repository);
  let bytes = 0;
  for (const { path, source } of files) {
    await copy(source, join(out, path === "./" ? "index.html" : path));
    bytes += (await stat(source)).size;
  }
  await copy(join(repository, "www", "sw.js"), join(out, "sw.js"));
  for (const name of ["LICENSE", "LICENSE-WEIGHTS"]) await copy(join(repository, name), join(out, name));
  /** @type {string[]} */
  const weights = files.map(({ path }) => path).filter((path) => path.endsWith(".safetensors"));
  for (const path of weights) {
    const card = path.replace(/\.safetensors$/, ".md");
    if (existsSync(join(repository, card))) await copy(join(repository, card), join(out, card));
  }
  await writeFile(join(out, LIST), offlineScript(files, "versioned"));
  await writeFile(join(out, "_headers"), headersFile(await readFile(join(repository, "www", "index.html"), "utf8")));
  // GitHub Pages runs Jekyll over what lacks this file, and Jekyll drops some names.
  await writeFile(join(out, ".nojekyll"), "");
  const version = versionOf(files);
  await writeFile(join(out, MARK), `songmood ${version}\nMade by npm run site, which empties this folder each time.\n`);
  return { version, files: files.length, bytes };
}

/** @param {string} from @param {string} to */
async function copy(from, to) {
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await entry(async () => {
    const { out } = parseArgs({ options: { out: { type: "string", default: join(root, "dist") } } }).values;
    await ensurePackage();
    const { version, files, bytes } = await writeSite(resolve(out));
    console.log(`the site lies in ${resolve(out)}: ${files} files, ${(bytes / 1e6).toFixed(1)} MB, version ${version}`);
  });
}
