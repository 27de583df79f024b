// The static server: what it serves, how it says what it is, and what it refuses.

import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { PACKAGE, PACKAGE_FOLDERS } from "../../scripts/offline.mjs";
import { portFromArgs, serve } from "../../scripts/serve.mjs";

/** @type {string} */
let repository;
/** @type {Awaited<ReturnType<typeof serve>>} */
let server;

before(async () => {
  repository = await mkdtemp(join(tmpdir(), "songmood-serve-"));
  for (const folder of ["www/js", "www/.hidden", ...PACKAGE_FOLDERS.map((name) => `pkg/${name}`), "models", "src"]) {
    await mkdir(join(repository, folder), { recursive: true });
  }
  const files = {
    "www/index.html": "<!doctype html>page",
    "www/js/app.js": "export {};",
    "www/a b.css": "p {}",
    "www/.hidden/x.txt": "hidden",
    ...Object.fromEntries(PACKAGE.map((name) => [`pkg/${name}`, "export {};"])),
    "pkg/songmood_bg.wasm": "\0asm",
    "models/index.json": "{}",
    "models/cnn.safetensors": "weights",
    "src/secret.txt": "secret",
    "secret.txt": "secret",
  };
  for (const [path, text] of Object.entries(files)) await writeFile(join(repository, path), text);
  await symlink(join(repository, "secret.txt"), join(repository, "www", "link.txt"));
  await symlink(join(repository, "src"), join(repository, "www", "folder"));
  await symlink(join(repository, "www", "js", "app.js"), join(repository, "www", "inside.js"));
  server = await serve({ port: 0, repository });
});

after(async () => {
  await server.close();
  await rm(repository, { recursive: true });
});

/**
 * One request as it stands; fetch would tidy the path first.
 *
 * @param {string} path
 */
async function raw(path, { method = "GET", headers = "" } = {}) {
  const socket = connect(server.port, "127.0.0.1");
  socket.write(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${headers}\r\n`);
  let text = "";
  socket.setEncoding("utf8").on("data", (data) => (text += data));
  await once(socket, "close");
  const [head = "", body = ""] = text.split(/\r\n\r\n(.*)/s);
  return { status: Number(head.split(" ")[1]), head, body };
}

for (const [path, type, body] of [
  ["/", "text/html; charset=utf-8", "<!doctype html>page"],
  ["/index.html", "text/html; charset=utf-8", "<!doctype html>page"],
  ["/?mic=1", "text/html; charset=utf-8", "<!doctype html>page"],
  ["/js/app.js", "text/javascript; charset=utf-8", "export {};"],
  ["/a%20b.css", "text/css; charset=utf-8", "p {}"],
  ["/inside.js", "text/javascript; charset=utf-8", "export {};"],
  ["/pkg/songmood_bg.wasm", "application/wasm", "\0asm"],
  ["/models/index.json", "application/json; charset=utf-8", "{}"],
  ["/models/cnn.safetensors", "application/octet-stream", "weights"],
]) {
  test(`serves ${path} as ${type}`, async () => {
    const response = await fetch(new URL(path ?? "", server.url));
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), type);
    assert.equal(response.headers.get("x-content-type-options"), "nosniff");
    assert.equal(response.headers.get("cache-control"), "no-cache");
    assert.equal(await response.text(), body);
  });
}

for (const path of [
  "/../secret.txt",
  "/js/../../secret.txt",
  "/pkg/../secret.txt",
  "/%2e%2e/secret.txt",
  "/..%2fsecret.txt",
  "/%2e%2e%2fsecret.txt",
  "/pkg/..%5csecret.txt",
  "/%252e%252e/secret.txt",
  "//secret.txt",
  "/js//app.js",
  "/link.txt",
  "/folder/secret.txt",
  "/secret.txt",
  "/src/secret.txt",
  "/www/index.html",
  "/.hidden/x.txt",
  "/js/",
  "/index.html/",
  "/index.html/x",
  "/nothing.js",
  "/a%00.js",
  "/%",
  `/${"a".repeat(5000)}`,
]) {
  test(`does not serve ${path.slice(0, 40)}`, async () => {
    const { status, body } = await raw(path);
    assert.equal(status, 404);
    assert.doesNotMatch(body, /secret$|hidden$|export/);
  });
}

test("makes the service worker's list as the files are now, for the network to come first", async () => {
  const list = async () => (await fetch(new URL("offline-files.js", server.url))).text();
  const before = await list();
  assert.match(before, /"strategy": "fresh"/);
  assert.match(before, /"js\/app\.js": "[A-Za-z0-9+/=]{44}"/);
  await writeFile(join(repository, "www", "js", "app.js"), "export { };");
  assert.notEqual(await list(), before);
  await writeFile(join(repository, "www", "js", "app.js"), "export {};");
  assert.equal(await list(), before);
});

test("sends a folder without a slash to the one with it", async () => {
  const { status, head } = await raw("/js");
  assert.equal(status, 308);
  assert.match(head, /^location: \/js\/$/im);
});

test("answers HEAD with the headers alone", async () => {
  const { status, head, body } = await raw("/js/app.js", { method: "HEAD" });
  assert.equal(status, 200);
  assert.match(head, /^content-length: 10$/im);
  assert.equal(body, "");
});

test("refuses other methods", async () => {
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
    const { status, head } = await raw("/", { method });
    assert.equal(status, 405, method);
    assert.match(head, /^allow: GET, HEAD$/im);
  }
});

test("spares a browser the file it has", async () => {
  const first = await fetch(new URL("js/app.js", server.url));
  const tag = first.headers.get("etag") ?? "";
  const again = await raw("/js/app.js", { headers: `If-None-Match: ${tag}\r\n` });
  assert.equal(again.status, 304);
  await writeFile(join(repository, "www", "js", "app.js"), "export { };");
  const changed = await raw("/js/app.js", { headers: `If-None-Match: ${tag}\r\n` });
  assert.equal(changed.status, 200);
  assert.equal(changed.body, "export { };");
  await writeFile(join(repository, "www", "js", "app.js"), "export {};");
});

test("takes the next port when one is taken, and says which", async () => {
  const second = await serve({ port: server.port, repository });
  try {
    assert.ok(second.port > server.port);
    assert.equal(second.url, `http://127.0.0.1:${second.port}/`);
    assert.equal((await fetch(second.url)).status, 200);
  } finally {
    await second.close();
  }
});

test("a command line names the port", () => {
  assert.equal(portFromArgs(["--port", "9000"]), 9000);
  assert.equal(portFromArgs(["--port=0"]), 0);
  assert.equal(portFromArgs([]), 8642);
  for (const wrong of [["--port", "x"], ["--port", "65536"], ["--port", "-1"], ["--port", ""], ["--prot", "1"], ["1"]]) {
    assert.throws(() => portFromArgs(wrong), /--port/, wrong.join(" "));
  }
});
