// Hundreds of broken files on the command line: each gets moods or a reason, and nothing else happens.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { basename, join } from "node:path";
import { test } from "node:test";
import { root } from "../../scripts/process.mjs";
import { zooFolder } from "../zoo/folder.mjs";

const PROGRAM = process.env.SONGMOOD_BIN ?? join(root, "target", "release", "songmood");

test("every broken file gets moods or a reason, and the status tells of those that failed", (t) => {
  const { folder, names } = zooFolder(t);
  assert.ok(names.length >= 300, `${names.length}`);
  const { status, stdout, stderr } = spawnSync(PROGRAM, ["classify", folder, "--as", "voice", "--jsonl"], {
    encoding: "utf8",
    maxBuffer: 64 << 20,
  });
  assert.equal(status, 3, stderr);
  assert.doesNotMatch(stderr, /panicked|RUST_BACKTRACE/);
  const lines = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines.map(({ path }) => basename(path)).sort(), names.sort());
  for (const { path, error, moods } of lines) {
    if (error !== undefined) {
      // What is wrong, and after it what to do; on one line.
      assert.match(error, /^[^\n]{20,}$/, path);
      assert.ok(stderr.includes(`${path}: ${error}`), path);
      continue;
    }
    const shares = /** @type {number[]} */ (Object.values(moods));
    assert.ok(shares.length === 8 && shares.every((share) => share >= 0 && share <= 1), path);
    assert.ok(Math.abs(shares.reduce((sum, share) => sum + share) - 1) < 1e-3, path);
  }
  const heard = lines.filter(({ error }) => error === undefined);
  assert.ok(heard.length > 100 && heard.length < lines.length - 100, `${heard.length} of ${lines.length} heard`);
  const silence = lines.find(({ path }) => path.endsWith("eight hours of silence.flac"));
  assert.equal(silence.durationS, 8 * 3600);
  assert.equal(silence.verdict.unsure, true);
});
