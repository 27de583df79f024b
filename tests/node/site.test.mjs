// npm run site: what it writes, what it refuses, and the list that offline use goes by.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { appendFile, cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { runInNewContext } from "node:vm";
import { policyOf } from "../../scripts/headers.mjs";
import { offlineList, offlineScript, versionOf } from "../../scripts/offline.mjs";
import { root } from "../../scripts/process.mjs";
import { writeSite } from "../../scripts/site.mjs";

/** @type {string} */
let scratch;
/** @type {string} */
let out;

before(async () => {
  scratch = await mkdtemp(join(tmpdir(), "songmood-site-"));
  out = join(scratch, "dist");
  await writeSite(out);
});
after(() => rm(scratch, { recursive: true, force: true }));

/** What the service worker reads out of a list. @param {string} script */
function read(script) {
  const self = /** @type {{ OFFLINE?: { version: string, strategy: string, files: Record<string, string> } }} */ ({});
  runInNewContext(script, { self });
  assert.ok(self.OFFLINE);
  return self.OFFLINE;
}

test("every file of the list is there with its digest, and so is every module that another imports", () => {
  const { files } = read(readFileSync(join(out, "offline-files.js"), "utf8"));
  for (const [path, digest] of Object.entries(files)) {
    const bytes = readFileSync(join(out, path === "./" ? "index.html" : path));
    assert.equal(createHash("sha256").update(bytes).digest("base64"), digest, path);
  }
  for (const path of Object.keys(files).filter((name) => name.endsWith(".js"))) {
    const text = readFileSync(join(out, path), "utf8");
    for (const [, name = ""] of text.matchAll(/^(?:import|export)\b[^;]*?from "(\.[^"]+)"/gm)) {
      const wanted = new URL(name, `https://x/${path}`).pathname.slice(1);
      assert.ok(wanted in files, `${path} imports ${wanted}`);
    }
  }
  for (const [, name = ""] of readFileSync(join(out, "index.html"), "utf8").matchAll(/(?:href|src)="\.\/([^"]+)"/g)) assert.ok(name in files, name);
  for (const path of ["pkg/songmood_bg.wasm", "models/index.json", "models/voice-cnn.safetensors", "manifest.webmanifest"]) assert.ok(path in files, path);
});

test("nothing of development is in it, the licences are", () => {
  const all = readdirSync(out, { recursive: true }).map(String);
  assert.deepEqual(all.filter((path) => /\.d\.ts$|tsconfig|\.rs$|BUILD\.json/.test(path)), []);
  for (const name of ["LICENSE", "LICENSE-WEIGHTS", ".nojekyll", "_headers", "sw.js"]) assert.ok(existsSync(join(out, name)), name);
});

test("the header's policy is the page's, and nobody may frame it", () => {
  const html = readFileSync(join(out, "index.html"), "utf8");
  const headers = readFileSync(join(out, "_headers"), "utf8");
  assert.ok(headers.includes(`Content-Security-Policy: ${policyOf(html)}`));
  assert.match(policyOf(html), /default-src 'none'.*frame-ancestors 'none'/);
  assert.throws(() => policyOf("<html>"), /Content-Security-Policy/);
});

test("the version is another one as soon as a file is, and the same otherwise", async () => {
  const copy = join(scratch, "copy");
  for (const name of ["www", "pkg", "models"]) await cp(join(root, name), join(copy, name), { recursive: true });
  const first = versionOf(await offlineList(copy));
  assert.equal(versionOf(await offlineList(root)), first);
  await appendFile(join(copy, "models", "voice-rnn.safetensors"), " ");
  const second = versionOf(await offlineList(copy));
  assert.notEqual(second, first);
  await writeFile(join(copy, "www", "js", "new.js"), "export {};\n");
  assert.notEqual(versionOf(await offlineList(copy)), second);
  await writeFile(join(copy, "www", "notes.txt"), "not the page's\n");
  await rm(join(copy, "www", "js", "new.js"));
  assert.equal(versionOf(await offlineList(copy)), second);
  assert.equal(read(offlineScript(await offlineList(copy), "fresh")).strategy, "fresh");
});

test("written again it holds nothing old; a folder that it did not make is left alone", async () => {
  await writeFile(join(out, "old.js"), "old");
  await writeSite(out);
  assert.equal(existsSync(join(out, "old.js")), false);
  const foreign = join(scratch, "foreign");
  await mkdir(foreign);
  await writeFile(join(foreign, "thesis.txt"), "precious");
  await assert.rejects(writeSite(foreign), /was not made by npm run site/);
  assert.equal(readFileSync(join(foreign, "thesis.txt"), "utf8"), "precious");
});
