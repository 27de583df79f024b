// Hundreds of broken files dropped on the page at once: each is heard or says why not, and the page lives on.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { zooFolder } from "../zoo/folder.mjs";
import { site, verdict } from "./harness.mjs";
import { add, named, row, settled, short } from "./songs-support.mjs";

const page = site();

test("every broken file is heard or says why not, and a sound song is heard after them", async (t) => {
  // Eight hours are a test of their own: Chromium decodes the whole of a file at once.
  const { folder, names } = zooFolder(t, (name) => !name.startsWith("eight hours"));
  assert.ok(names.length >= 300, `${names.length}`);
  const { page: tab, watch } = await page.open(t);
  await tab.getByTestId("file").setInputFiles(names.map((name) => join(folder, name)));
  await tab.getByTestId("songs").waitFor();
  await settled(tab);
  const rows = await tab.getByTestId("song-row").evaluateAll((rows) => rows.map((row) => [row.getAttribute("data-state"), row.textContent ?? ""]));
  assert.equal(rows.length, names.length);
  assert.deepEqual(rows.filter(([state]) => state !== "done" && state !== "failed"), []);
  const failed = rows.filter(([state]) => state === "failed");
  assert.ok(failed.length > 50 && failed.length < names.length - 50, `${failed.length} failed`);
  // A sentence, beside the name and the button that tries again.
  assert.deepEqual(failed.filter(([, text]) => !/[A-Z][^.]{20,}\./.test(text ?? "")), []);
  await add(tab, [named("sound.wav", short(1, 5))]);
  await row(tab, "sound.wav").and(tab.locator('[data-state="done"]')).waitFor();
  watch.assertClean();
});

test("eight hours of silence end in a verdict or a reason, and the page lives on", async (t) => {
  const { folder, names } = zooFolder(t, (name) => name.startsWith("eight hours"));
  const { page: tab, watch } = await page.open(t);
  await tab.getByTestId("file").setInputFiles(join(folder, names[0]));
  await tab.waitForFunction(() => document.body.dataset.state === "song" && !document.body.classList.contains("busy") || document.querySelector("[data-testid=notice][data-code]"));
  await add(tab, [named("sound.wav", short(1, 5))]);
  await verdict(tab);
  watch.assertClean();
});
