// The app built by each bundler, with the settings that docs/package.md names and no others.

import { cp, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../../scripts/process.mjs";
import { blocks } from "../node/support/guides.mjs";

/** What a build leaves: a folder under the project, with index.html. @typedef {(project: string, out: string) => Promise<void>} Build */

const HEAD = '<!doctype html><meta charset="utf-8"><title>app</title><link rel="icon" href="data:,">';

/** @param {string} out @param {string} head */
const page = (out, head) => writeFile(join(out, "index.html"), `${HEAD}${head}\n`);

/** @param {string} name */
const installed = (name) => import(pathToFileURL(join(root, "node_modules", name)).href);

/** No bundler: an import map says where the entries lie. @type {Build} */
async function none(project, out) {
  for (const name of await readdir(join(project, "app"))) await cp(join(project, "app", name), join(out, name));
  const at = "/node_modules/songmood";
  // A worker has no import map, so the app's own worker is given addresses.
  const imports = { songmood: `${at}/songmood.js`, "songmood/client": `${at}/client.js`, "songmood/weights": `${at}/weights.js` };
  const worker = await readFile(join(project, "app", "own-worker.js"), "utf8");
  await writeFile(join(out, "own-worker.js"), worker.replace(/"(songmood[a-z/]*)"/g, (_, name) => `"${imports[/** @type {keyof typeof imports} */ (name)]}"`));
  await page(out, `<script type="importmap">${JSON.stringify({ imports })}</script><script type="module" src="app.js"></script>`);
}

/** @type {Build} */
async function vite(project, out) {
  const { build } = await installed("vite/dist/node/index.js");
  await vitePage(project);
  await build({ root: project, configFile: false, logLevel: "error", base: "./", build: { outDir: out } });
}

/** @param {string} project */
const vitePage = (project) => writeFile(join(project, "index.html"), `${HEAD}<script type="module" src="/app/app.js"></script>\n`);

/**
 * Vite's development server, with the settings that docs/package.md gives.
 *
 * @param {string} project
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function viteServer(project) {
  const { createServer } = await installed("vite/dist/node/index.js");
  const [{ code = "" } = {}] = blocks("js vite");
  await writeFile(join(project, "vite.config.js"), code);
  await vitePage(project);
  const server = await createServer({ root: project, logLevel: "error", server: { host: "127.0.0.1", port: 0 } });
  await server.listen();
  return { url: server.resolvedUrls.local[0], close: () => server.close() };
}

/** @type {Build} */
async function webpack(project, out) {
  const { default: compile } = await installed("webpack/lib/index.js");
  const stats = await new Promise((resolve, reject) => {
    compile({ mode: "production", context: project, entry: "./app/app.js", output: { path: out, filename: "app.js" }, performance: false },
      (/** @type {Error} */ error, /** @type {{ hasErrors(): boolean, hasWarnings(): boolean, toString(): string }} */ done) => (error ? reject(error) : resolve(done)));
  });
  if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString());
  await page(out, '<script defer src="app.js"></script>');
}

/** @type {Build} */
async function esbuild(project, out) {
  const { build } = await installed("esbuild/lib/main.js");
  await build({
    absWorkingDir: project, outdir: out, bundle: true, format: "esm", minify: true, logLevel: "error",
    entryPoints: [{ in: "app/app.js", out: "app" }, { in: "app/own-worker.js", out: "own-worker" }, { in: "songmood/worker", out: "worker" }],
  });
  const from = join(project, "node_modules", "songmood");
  for (const name of ["songmood_bg.wasm", "capture-worklet.js", "weights"]) await cp(join(from, name), join(out, name), { recursive: true });
  await cp(join(project, "app", "tap-worklet.js"), join(out, "tap-worklet.js"));
  await page(out, '<script type="module" src="app.js"></script>');
}

/** @type {Record<string, Build>} */
const BUILDS = { none, vite, webpack, esbuild };
export const BUNDLERS = Object.keys(BUILDS);

/** @param {string} bundler @param {string} project with app/ and the package installed @returns {Promise<string>} the folder's name */
export async function buildApp(bundler, project) {
  const out = `built-${bundler}`;
  await mkdir(join(project, out), { recursive: true });
  await /** @type {Build} */ (BUILDS[bundler])(project, join(project, out));
  return out;
}
