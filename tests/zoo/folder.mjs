// The zoo as files, for those who read from a disk.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { animals } from "./animals.mjs";

/**
 * Writes the zoo into a folder of its own, which goes when the test is over.
 *
 * @param {import("node:test").TestContext} t
 * @param {(name: string) => boolean} [wanted]
 */
export function zooFolder(t, wanted = () => true) {
  const folder = mkdtempSync(join(tmpdir(), "songmood-zoo-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const all = animals().filter(({ name }) => wanted(name));
  for (const { name, bytes } of all) writeFileSync(join(folder, name), bytes);
  return { folder, names: all.map(({ name }) => name) };
}
