// The part of `npm run audit` that needs neither a network nor an installation: lock files pin everything.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { cargoProblems, npmProblems } from "../../scripts/locks.mjs";
import { root } from "../../scripts/process.mjs";

const text = (/** @type {string} */ path) => readFileSync(join(root, path), "utf8");
const manifest = () => JSON.parse(text("package.json"));
const lock = () => JSON.parse(text("package-lock.json"));

test("every npm package is pinned to one version and one digest, and runs nothing when it is installed", () => {
  assert.deepEqual(npmProblems(manifest(), lock()), []);
});

test("every crate comes from the registry, with its digest", () => {
  assert.deepEqual(cargoProblems(text("Cargo.lock"), ["songmood"]), []);
  assert.deepEqual(cargoProblems(text("fuzz/Cargo.lock"), ["songmood", "songmood-fuzz"]), []);
});

test("what is not pinned is found", () => {
  const loose = manifest();
  loose.devDependencies.typescript = "^7.0.0";
  loose.devDependencies["left-pad"] = "1.3.0";
  const swapped = lock();
  delete swapped.packages["node_modules/typescript"].integrity;
  swapped.packages["node_modules/axe-core"].resolved = "http://elsewhere.invalid/axe-core.tgz";
  swapped.packages["node_modules/vite"].hasInstallScript = true;
  const found = npmProblems(loose, swapped).join("\n");
  for (const words of [/typescript \^7\.0\.0: not one version/, /left-pad 1\.3\.0.*has none/, /no digest of typescript/, /axe-core would come from http:/, /vite runs a script/]) assert.match(found, words);

  const crate = (/** @type {string[]} */ ...lines) => `version = 4\n\n[[package]]\nname = "thing"\nversion = "1.0.0"\n${lines.join("\n")}\n`;
  const registry = 'source = "registry+https://github.com/rust-lang/crates.io-index"';
  assert.match(cargoProblems(crate(), ["songmood"]).join(), /thing comes from a folder/);
  assert.match(cargoProblems(crate('source = "git+https://elsewhere.invalid/thing"'), []).join(), /thing comes from git/);
  assert.match(cargoProblems(crate(registry), []).join(), /no digest of thing/);
  assert.deepEqual(cargoProblems(crate(registry, `checksum = "${"0a".repeat(32)}"`), []), []);
});
