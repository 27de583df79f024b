// The guides: every block of code is of a known kind; those for Node run, commands and links lead somewhere.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { root } from "../../scripts/process.mjs";
import { GUIDES, KINDS, blocks, blocksOf } from "./support/guides.mjs";
import { installPackage } from "./support/installed.mjs";

const PROGRAM = process.env.SONGMOOD_BIN ?? join(root, "target", "release", "songmood");

/** @type {Awaited<ReturnType<typeof installPackage>>} */
let installed;
before(async () => (installed = await installPackage()));
after(() => installed.remove());

for (const guide of GUIDES) {
  test(`docs/${guide}.md: blocks are of known kinds, links lead somewhere`, () => {
    for (const { kind, line } of blocksOf(guide)) assert.ok(KINDS.includes(kind), `line ${line}: no test knows what "${kind}" is`);
    const text = readFileSync(join(root, "docs", `${guide}.md`), "utf8");
    for (const [, target = ""] of text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
      if (!/^https?:/.test(target)) assert.ok(existsSync(join(root, "docs", target)), target);
    }
  });
}

for (const { guide, line, code } of blocks("js node")) {
  test(`docs/${guide}.md, line ${line}, runs in Node`, async () => {
    const path = join(installed.project, `${guide}-${line}.mjs`);
    await writeFile(path, code);
    const told = execFileSync(process.execPath, [path], { cwd: installed.project, encoding: "utf8", env: { ...process.env, NODE_TEST_CONTEXT: undefined } });
    assert.notEqual(told, "");
  });
}

/** Lines of shell blocks. @param {RegExp} begin */
const commands = (begin) => blocks("sh").flatMap(({ code, guide }) => code.trim().split("\n").filter((line) => begin.test(line)).map((line) => ({ line, guide })));

test("commands of songmood are there, with the options that the guides give them", () => {
  const all = commands(/^songmood /);
  assert.ok(all.length > 0);
  for (const { line } of all) {
    const [, command = "", ...words] = line.split(/\s+/);
    const help = execFileSync(PROGRAM, [command, "--help"], { encoding: "utf8" });
    for (const word of words.filter((one) => one.startsWith("--"))) assert.ok(help.includes(`${word} `) || help.includes(`${word}\n`), `${line}: no ${word}`);
  }
});

test("scripts that the guides run are there, with the options that they give them", () => {
  const all = commands(/^python /);
  assert.ok(all.length > 0);
  for (const { line } of all) {
    const [, script = "", ...words] = line.split(/\s+/);
    const text = readFileSync(join(root, script), "utf8");
    for (const word of words.filter((one) => one.startsWith("--"))) assert.ok(text.includes(`"${word}"`), `${line}: no ${word}`);
    for (const word of words.filter((one) => one.startsWith("models/"))) assert.ok(existsSync(join(root, word)), word);
    // Its neighbours' names are what it imports.
    for (const [, name] of text.matchAll(/^from (songmood_\w+) import/gm)) assert.ok(existsSync(join(root, dirname(script), `${name}.py`)), name);
  }
});

test("every command is one that a test looks at", () => {
  for (const { line } of commands(/./)) assert.match(line, /^(songmood|python|pip install|npx esbuild|cp -r node_modules\/songmood\/) ?/);
});
