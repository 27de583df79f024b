// npm start, in copies of this repository: with Node alone, with nothing to do, with a build that fails.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { appendFile, chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { root } from "../../scripts/process.mjs";
import { writeStamp } from "../../scripts/stamp.mjs";

/** @type {string} */
let scratch;
/** A folder for PATH with node and nothing else. @type {string} */
let nodeAlone;

before(async () => {
  scratch = await mkdtemp(join(tmpdir(), "songmood-start-"));
  nodeAlone = join(scratch, "bin");
  await mkdir(nodeAlone);
  await symlink(process.execPath, join(nodeAlone, "node"));
});
/** What was started here, so that a test that fails leaves no server behind. */
const children = /** @type {import("node:child_process").ChildProcess[]} */ ([]);
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});
after(() => rm(scratch, { recursive: true, force: true }));

/**
 * A repository with the real scripts, page and package, and one source for the stamp; no node_modules.
 *
 * @param {string} name
 */
async function repository(name) {
  const folder = join(scratch, name);
  for (const path of ["scripts", "www", "pkg", "models", "package.json"]) {
    await cp(join(root, path), join(folder, path), { recursive: true });
  }
  await mkdir(join(folder, "src"));
  await writeFile(join(folder, "src", "lib.rs"), "// source\n");
  await rm(join(folder, "pkg", "BUILD.json"), { force: true });
  await writeStamp(folder, join(folder, "pkg"), ["src/lib.rs"], {});
  return folder;
}

/**
 * Runs npm start's script until it ends or serves.
 *
 * @param {string} folder
 * @param {string} path what PATH is
 */
async function start(folder, path = nodeAlone) {
  const child = spawn(process.execPath, [join(folder, "scripts", "start.mjs"), "--port", "0"], {
    cwd: dirname(folder),
    env: { PATH: path, HOME: scratch, CARGO_HOME: join(scratch, "no-cargo") },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  let text = "";
  const ended = new Promise((resolve) => child.on("close", resolve));
  /** @type {Promise<string>} */
  const serving = new Promise((resolve) => {
    const read = (/** @type {string} */ piece) => {
      text += piece;
      const address = /http:\/\/127\.0\.0\.1:\d+\//.exec(text);
      if (address) resolve(address[0]);
    };
    child.stdout.setEncoding("utf8").on("data", read);
    child.stderr.setEncoding("utf8").on("data", read);
  });
  const outcome = await Promise.race([serving, ended]);
  return {
    url: typeof outcome === "string" ? outcome : undefined,
    exitCode: child.exitCode,
    text: () => text,
    stop: async () => {
      child.kill("SIGINT");
      await ended;
    },
  };
}

/**
 * A stand-in for cargo that writes down its calls and ends as told.
 *
 * @param {string} name
 * @param {number} status
 */
async function fakeCargo(name, status) {
  const folder = join(scratch, name);
  await mkdir(folder);
  const calls = join(folder, "calls");
  for (const program of ["cargo", "rustc", "rustup", "cc"]) {
    const path = join(folder, program);
    await writeFile(path, `#!/bin/sh\necho ${program} "$@" >> ${calls}\nexit ${status}\n`);
    await chmod(path, 0o755);
  }
  return { path: `${folder}:${nodeAlone}`, calls: () => readFile(calls, "utf8").catch(() => "") };
}

/** @param {string} url */
async function assertServesThePage(url) {
  for (const [path, type] of [
    ["", /^text\/html/],
    ["pkg/songmood.js", /^text\/javascript/],
    ["pkg/songmood_bg.wasm", /^application\/wasm$/],
    ["models/index.json", /^application\/json/],
  ]) {
    const response = await fetch(new URL(/** @type {string} */ (path), url));
    assert.equal(response.status, 200, `/${path}`);
    assert.match(response.headers.get("content-type") ?? "", /** @type {RegExp} */ (type));
    await response.arrayBuffer();
  }
}

describe("with Node alone", () => {
  test("a clone whose package is fresh is served", async () => {
    const { url, text, stop } = await start(await repository("clone"));
    assert.ok(url, text());
    await assertServesThePage(url);
    await stop();
    assert.doesNotMatch(text(), /Rust/);
  });

  test("a clone whose package is old is served too, and says so", async () => {
    const folder = await repository("old");
    await appendFile(join(folder, "src", "lib.rs"), "\n");
    const { url, text, stop } = await start(folder);
    assert.ok(url, text());
    await assertServesThePage(url);
    await stop();
    assert.match(text(), /src\/lib\.rs has changed/);
    assert.match(text(), /Rust is not installed/);
  });

  test("a clone without a package says that Rust is needed", async () => {
    const folder = await repository("none");
    await rm(join(folder, "pkg"), { recursive: true });
    const { url, exitCode, text } = await start(folder);
    assert.equal(url, undefined);
    assert.equal(exitCode, 1);
    assert.match(text(), /install Rust \(https:\/\/rustup\.rs\)/);
    assert.doesNotMatch(text(), /\n\s+at /);
  });
});

describe("with Rust", () => {
  test("a fresh package is served without a call to it", async () => {
    const cargo = await fakeCargo("unused", 0);
    const { url, text, stop } = await start(await repository("fresh"), cargo.path);
    assert.ok(url, text());
    await stop();
    assert.equal(await cargo.calls(), "");
  });

  test("an old package is built first, and a build that fails ends the start", async () => {
    const cargo = await fakeCargo("failing", 101);
    const folder = await repository("broken");
    await cp(join(root, "Cargo.lock"), join(folder, "Cargo.lock"));
    await appendFile(join(folder, "src", "lib.rs"), "\n");
    const { url, exitCode, text } = await start(folder, cargo.path);
    assert.equal(url, undefined, text());
    assert.equal(exitCode, 1);
    assert.match(text(), /src\/lib\.rs has changed/);
    assert.match(await cargo.calls(), /^rustup target add wasm32-unknown-unknown$/m);
  });
});
