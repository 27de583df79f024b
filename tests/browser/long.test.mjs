// A long recording, from its file to the whole ribbon. An hour takes over a minute; `node benches/page.mjs 3600` hears one.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { writeLongSong } from "./audio.mjs";
import { site, verdict } from "./harness.mjs";
import { peakMemory } from "./support/memory.mjs";

const LENGTH_S = 900;
const RATE = 44_100;

const page = site();

test("a quarter of an hour: heard whole, drawn to its end, sought in, and never in memory whole", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "songmood-long-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "long.wav");
  writeLongSong(path, LENGTH_S, RATE);
  const { page: tab, watch } = await page.open(t);
  await tab.getByTestId("file").setInputFiles(path);
  await tab.locator("body.growing .segment").first().waitFor();
  await verdict(tab);
  assert.equal(await tab.locator("#clock-total").textContent(), " / 15:00");
  const last = await tab.locator("#segments .segment").last().evaluate((segment) => segment.getBoundingClientRect().right - (segment.parentElement?.getBoundingClientRect().right ?? 0));
  assert.ok(Math.abs(last) < 2, "the ribbon reaches the end");
  const painted = await tab.getByTestId("ribbon").evaluate((canvas) => {
    const { width, height } = /** @type {HTMLCanvasElement} */ (canvas);
    const { data } = /** @type {CanvasRenderingContext2D} */ (/** @type {HTMLCanvasElement} */ (canvas).getContext("2d")).getImageData(0, height - 4, width, 1);
    const columns = Array.from({ length: width }, (_, x) => data[4 * x + 3] > 0);
    return [columns.slice(0, 40).some(Boolean), columns.slice(-40).some(Boolean)];
  });
  assert.deepEqual(painted, [true, true]);
  await tab.getByTestId("track").press("End");
  assert.match((await tab.getByTestId("track").getAttribute("aria-valuetext")) ?? "", /^15:00 of 15:00, \w+ \d+%$/);
  await tab.getByTestId("picture-mel").check({ force: true });
  await tab.getByTestId("picture-words").filter({ hasText: "Mel" }).waitFor({ state: "attached" });
  const peak = await peakMemory(page.browser);
  if (peak !== null) {
    t.diagnostic(`the tab held ${Math.round(peak / 1e6)} MB at most`);
    // As floats it is 159 MB, and a tab with the networks about 300 with what it shares with others.
    assert.ok(peak < 4.2e8, `${Math.round(peak / 1e6)} MB`);
  }
  watch.assertClean();
});
