// pkg/ was built from the sources beside it; and the check that says so notices when it was not.

import assert from "node:assert/strict";
import { appendFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, test } from "node:test";
import { root } from "../../scripts/process.mjs";
import { STAMP, staleReasons, writeStamp } from "../../scripts/stamp.mjs";

const scratch = await mkdtemp(join(tmpdir(), "songmood-stamp-"));
after(() => rm(scratch, { recursive: true, force: true }));

test("pkg/ was built from the sources beside it", async () => {
  const reasons = await staleReasons(root);
  assert.deepEqual(reasons, [], `run npm run build:\n${reasons.join("\n")}`);
});

test("the stamp covers the Rust sources, the manifests and every file of the package", async () => {
  const stamp = JSON.parse(await readFile(join(root, "pkg", STAMP), "utf8"));
  for (const path of ["src/lib.rs", "src/wasm.rs", "Cargo.toml", "Cargo.lock", ".cargo/config.toml"]) {
    assert.ok(path in stamp.sources, path);
  }
  for (const path of ["songmood_bg.wasm", "bindings.js", "songmood.js", "songmood.d.ts", "package.json"]) {
    assert.ok(path in stamp.outputs, path);
  }
});

describe("a copy of this repository's package", () => {
  /** @param {string} name */
  async function copy(name) {
    const stamp = JSON.parse(await readFile(join(root, "pkg", STAMP), "utf8"));
    const repository = join(scratch, name);
    for (const path of [...Object.keys(stamp.sources), "pkg"]) {
      await mkdir(dirname(join(repository, path)), { recursive: true });
      await cp(join(root, path), join(repository, path), { recursive: true });
    }
    return repository;
  }

  test("is stale once a source's byte changes", async () => {
    const repository = await copy("changed");
    const before = await staleReasons(repository);
    const path = join(repository, "src", "lib.rs");
    const bytes = await readFile(path);
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    await writeFile(path, bytes);
    const added = (await staleReasons(repository)).filter((reason) => !before.includes(reason));
    // A source that had changed already stays the same reason: then there is none to add.
    const known = before.some((reason) => reason.startsWith("src/lib.rs "));
    assert.deepEqual(added, known ? [] : ["src/lib.rs has changed since pkg/ was built"]);
  });
});

describe("a package of three files", () => {
  /** @param {string} name */
  async function repositoryWithPackage(name) {
    const repository = join(scratch, name);
    await mkdir(join(repository, "src", "audio"), { recursive: true });
    await mkdir(join(repository, "pkg", "snippets"), { recursive: true });
    await writeFile(join(repository, "src", "lib.rs"), "pub mod audio;\n");
    await writeFile(join(repository, "src", "audio", "mod.rs"), "\n");
    for (const path of ["a.js", "a.wasm", "snippets/b.js"]) await writeFile(join(repository, "pkg", path), path);
    await writeStamp(repository, join(repository, "pkg"), ["src/lib.rs", "src/audio/mod.rs"], { rustc: "1.95.0" });
    return repository;
  }

  test("is fresh when it was just built, whatever the system leaves beside it", async () => {
    const repository = await repositoryWithPackage("fresh");
    await writeFile(join(repository, "pkg", ".DS_Store"), "");
    assert.deepEqual(await staleReasons(repository), []);
  });

  test("is stale when a source is gone", async () => {
    const repository = await repositoryWithPackage("gone");
    await rm(join(repository, "src", "audio", "mod.rs"));
    assert.deepEqual(await staleReasons(repository), ["src/audio/mod.rs is gone since pkg/ was built"]);
  });

  test("is stale when a file was edited, taken away or added by hand", async () => {
    const repository = await repositoryWithPackage("edited");
    await appendFile(join(repository, "pkg", "a.js"), "\n");
    await rm(join(repository, "pkg", "a.wasm"));
    await writeFile(join(repository, "pkg", "snippets", "c.js"), "");
    assert.deepEqual(await staleReasons(repository), [
      "pkg/a.js is not the file that was built",
      "pkg/a.wasm is missing",
      "pkg/snippets/c.js did not come from the build",
    ]);
  });

  for (const [name, text] of [
    ["is empty", ""],
    ["is no JSON", "{"],
    ["has no lists", "{}"],
    ["lists nothing", '{"sources":{},"outputs":{}}'],
  ]) {
    test(`is stale when its stamp ${name}`, async () => {
      const repository = await repositoryWithPackage(`stamp ${name}`);
      await writeFile(join(repository, "pkg", STAMP), text ?? "");
      const [reason, ...more] = await staleReasons(repository);
      assert.match(reason ?? "", /^pkg\/BUILD\.json cannot be read/);
      assert.deepEqual(more, []);
    });
  }

  test("is stale when there is no package at all", async () => {
    const repository = await repositoryWithPackage("none");
    await rm(join(repository, "pkg"), { recursive: true });
    assert.equal((await staleReasons(repository)).length, 1);
  });

  test("cannot be stamped with a source that is not there", async () => {
    const repository = await repositoryWithPackage("unknown source");
    await assert.rejects(writeStamp(repository, join(repository, "pkg"), ["src/nowhere.rs"], {}), /src\/nowhere\.rs/);
  });
});
