// The small parts of the scripts: counting tests, reading Cargo.lock, finding programs.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, describe, test } from "node:test";
import { findChromium } from "../../scripts/chromium.mjs";
import { duration, output, root, run, which } from "../../scripts/process.mjs";
import { Tally } from "../../scripts/tally.mjs";
import { ensureWasmBindgen, lockedVersion } from "../../scripts/toolchain.mjs";

const scratch = await mkdtemp(join(tmpdir(), "songmood-scripts-"));
const environment = { ...process.env };
afterEach(() => {
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
});
after(() => rm(scratch, { recursive: true, force: true }));

/**
 * A program that does what the lines say.
 *
 * @param {string} path
 * @param {string} lines
 */
async function program(path, lines) {
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${lines}\n`);
  await chmod(path, 0o755);
}

describe("a tally", () => {
  test("counts cargo's tests, however its output is cut up", () => {
    const text = [
      "running 3 tests",
      "test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
      "test result: \u001b[31mFAILED\u001b[0m. 40 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1s",
      "a test prints: test result: ok. 9 passed; 9 failed;",
      "",
    ].join("\n");
    for (const size of [1, 7, text.length]) {
      const tally = new Tally();
      const read = tally.reader("cargo");
      for (let at = 0; at < text.length; at += size) read(text.slice(at, at + size));
      assert.deepEqual({ ...tally }, { passed: 42, failed: 3, skipped: 1 });
      assert.equal(`${tally}`, "42 passed, 3 failed");
    }
  });

  test("counts what node's own runner prints", async () => {
    const file = join(scratch, "three.test.mjs");
    await writeFile(
      file,
      `import { test } from "node:test";
       test("a", () => {}); test("b", () => {}); test("c", () => { throw new Error("no"); }); test.skip("d");`,
    );
    const { stdout, status } = spawnSync(process.execPath, ["--test", "--test-reporter=spec", file], {
      encoding: "utf8",
      // Inside a test run node would report to its parent instead of printing.
      env: { ...process.env, NODE_TEST_CONTEXT: undefined, FORCE_COLOR: "1" },
    });
    const tally = new Tally();
    tally.reader("node")(stdout);
    assert.equal(status, 1);
    assert.deepEqual({ ...tally }, { passed: 2, failed: 1, skipped: 1 });
  });
});

describe("Cargo.lock", () => {
  test("names the version of wasm-bindgen, not of its relatives", async () => {
    const lock = await readFile(join(root, "Cargo.lock"), "utf8");
    assert.match(lockedVersion(lock, "wasm-bindgen"), /^\d+\.\d+\.\d+$/);
    const two = '[[package]]\nname = "wasm-bindgen-test"\nversion = "0.3.1"\n\n[[package]]\nname = "wasm-bindgen"\nversion = "0.2.9"\n';
    assert.equal(lockedVersion(two, "wasm-bindgen"), "0.2.9");
  });

  test("without the crate is an error", () => {
    assert.throws(() => lockedVersion("", "wasm-bindgen"), /no version of wasm-bindgen/);
  });
});

test("a wasm-bindgen of the locked version on PATH is taken as it is", async () => {
  const version = lockedVersion(await readFile(join(root, "Cargo.lock"), "utf8"), "wasm-bindgen");
  const folder = join(scratch, "bindgen");
  await program(join(folder, "wasm-bindgen"), `echo wasm-bindgen ${version}`);
  await program(join(folder, "wasm-bindgen-test-runner"), "");
  process.env.PATH = `${folder}:${process.env.PATH}`;
  const tools = await ensureWasmBindgen();
  assert.deepEqual(tools, {
    version,
    bindgen: join(folder, "wasm-bindgen"),
    testRunner: join(folder, "wasm-bindgen-test-runner"),
  });
});

test("one of another version is passed over for the one in the cache", async () => {
  const version = lockedVersion(await readFile(join(root, "Cargo.lock"), "utf8"), "wasm-bindgen");
  const [onPath, cached] = [join(scratch, "old"), join(scratch, "cache", `wasm-bindgen-${version}`, "bin")];
  for (const [folder, text] of /** @type {const} */ ([[onPath, "0.2.1"], [cached, version]])) {
    await program(join(folder, "wasm-bindgen"), `echo wasm-bindgen ${text}`);
    await program(join(folder, "wasm-bindgen-test-runner"), "");
  }
  process.env.PATH = `${onPath}:${process.env.PATH}`;
  process.env.SONGMOOD_CACHE = join(scratch, "cache");
  assert.equal((await ensureWasmBindgen()).bindgen, join(cached, "wasm-bindgen"));
});

describe("a browser", () => {
  test("is the one that CHROMIUM names, if it runs", async () => {
    const path = join(scratch, "browser");
    await program(path, "echo Chromium 1");
    process.env.CHROMIUM = path;
    assert.equal(findChromium(), path);
    await program(path, "exit 1");
    assert.throws(findChromium, /CHROMIUM is set to .*does not run/);
  });

  test("that is a stub is passed over for one that runs", async () => {
    const [stubs, real] = [join(scratch, "stubs"), join(scratch, "real")];
    await program(join(stubs, "chromium"), "exit 1");
    await program(join(real, "google-chrome"), "echo Google Chrome 1");
    process.env.PATH = `${stubs}:${real}`;
    delete process.env.CHROMIUM;
    assert.equal(findChromium(), join(real, "google-chrome"));
  });

  test("is found in Playwright's cache, the newest first", async () => {
    const cache = join(scratch, "playwright");
    for (const build of ["chromium-999", "chromium-1208", "chromium_headless_shell-2000"]) {
      await program(join(cache, build, "chrome-linux", "chrome"), "echo Chromium 1");
    }
    process.env.PATH = scratch;
    process.env.PLAYWRIGHT_BROWSERS_PATH = cache;
    delete process.env.CHROMIUM;
    const found = findChromium();
    // A Mac's own Chrome comes first.
    if (!found?.startsWith("/Applications/")) {
      assert.equal(found, join(cache, "chromium-1208", "chrome-linux", "chrome"));
    }
  });
});

describe("a child process", () => {
  test("that is not there, fails or is killed rejects with the command in the message", async () => {
    await assert.rejects(run("songmood-no-such-program", ["x"]), /cannot run `songmood-no-such-program x`/);
    await assert.rejects(run(process.execPath, ["-e", "process.exit(3)"]), /ended with 3/);
    await assert.rejects(run(process.execPath, ["-e", "process.kill(process.pid, 'SIGKILL')"]), /ended with SIGKILL/);
  });

  test("has no standard input to wait for", async () => {
    const script = "process.stdin.on('end', () => process.exit(0)).resume(); setTimeout(() => process.exit(9), 60_000)";
    await run(process.execPath, ["-e", script]);
  });

  test("that fails has no output to read", () => {
    assert.equal(output(process.execPath, ["-p", "1 + 1"]), "2");
    assert.equal(output(process.execPath, ["-e", "console.log(1); process.exit(1)"]), undefined);
    assert.equal(which("songmood-no-such-program"), undefined);
  });
});

test("durations read well", () => {
  assert.equal(duration(1234), "1.2 s");
  assert.equal(duration(59_999), "60.0 s");
  assert.equal(duration(61_400), "1 min 1 s");
});
