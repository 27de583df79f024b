// The guides' code for pages runs in Chromium, with the packed archive, and says nothing on the console that it should not.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cp, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { after, before, test } from "node:test";
import { launch } from "../../scripts/chromium.mjs";
import { root } from "../../scripts/process.mjs";
import { serve } from "../../scripts/serve.mjs";
import { blocks } from "../node/support/guides.mjs";
import { installPackage } from "../node/support/installed.mjs";
import { songFile } from "./audio.mjs";
import { PATIENCE_MS, Watch } from "./harness.mjs";

/** @type {Awaited<ReturnType<typeof installPackage>>} */
let installed;
/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
/** @type {import("playwright-core").Browser} */
let browser;

before(async () => {
  installed = await installPackage("www");
  await writeFile(join(installed.project, "song.wav"), songFile(13));
  await cp(join(root, "tests", "golden", "mood_nets"), join(installed.project, "my-models"), { recursive: true });
  server = await serve({ port: 0, repository: installed.folder });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.close();
  await installed?.remove();
});

const HEAD = '<!doctype html><meta charset="utf-8"><title>guide</title><link rel="icon" href="data:,">';

/** @param {import("node:test").TestContext} t @param {string} name @param {string} html */
async function open(t, name, html) {
  await writeFile(join(installed.project, name), html);
  const context = await browser.newContext();
  t.after(() => context.close());
  context.setDefaultTimeout(PATIENCE_MS);
  const watch = new Watch(context);
  const page = await context.newPage();
  await page.goto(new URL(name, server.url).href);
  return { page, watch };
}

/** An import map of the package's entries for browsers. */
async function importMap() {
  const { exports } = JSON.parse(await readFile(join(root, "pkg", "package.json"), "utf8"));
  const entries = Object.entries(exports).filter(([name, entry]) => !name.includes("*") && typeof entry === "object");
  const imports = Object.fromEntries(entries.map(([name, { default: path }]) => [`songmood${name.slice(1)}`, `/node_modules/songmood/${path.slice(2)}`]));
  return `<script type="importmap">${JSON.stringify({ imports })}</script>`;
}

for (const { guide, line, code } of blocks("js page")) {
  test(`docs/${guide}.md, line ${line}, runs in a page`, async (t) => {
    const script = `${code}\nwindow.done = true;`;
    const { page, watch } = await open(t, `${guide}-${line}.html`, `${HEAD}${await importMap()}<script type="module">${script}</script>`);
    await page.waitForFunction(() => "done" in window);
    watch.assertClean();
  });
}

for (const { guide, line, code } of blocks("html page")) {
  test(`docs/${guide}.md, line ${line}, is a page that hears its song`, async (t) => {
    const { page, watch } = await open(t, `${guide}-${line}.html`, HEAD + code);
    await page.waitForFunction(() => /** @type {any} */ (document.querySelector("song-mood[src]"))?.verdict);
    watch.assertClean();
  });
}

test("docs/package.md's commands for esbuild make a page that hears a song", async (t) => {
  const [app] = blocks("js page").filter(({ guide }) => guide === "package");
  const [commands] = blocks("sh").filter(({ code }) => code.includes("esbuild"));
  await writeFile(join(installed.project, "app.js"), `${app.code}\nwindow.done = analysis.verdict;`);
  // npx would ask the network for what lies in node_modules/.bin.
  const script = commands.code.replaceAll("npx ", "");
  execFileSync("sh", ["-ec", script], { cwd: installed.project, stdio: "pipe", env: { ...process.env, PATH: `${join(root, "node_modules", ".bin")}${delimiter}${process.env.PATH}` } });
  const { page, watch } = await open(t, "dist/index.html", `${HEAD}<base href="/"><script type="module" src="dist/app.js"></script>`);
  const verdict = await page.waitForFunction(() => /** @type {any} */ (window).done);
  assert.ok((await verdict.evaluate(({ probability }) => probability)) > 0);
  watch.assertClean();
});
