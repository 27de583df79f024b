// Two hundred songs while another tab is in front, and then this one again.

import assert from "node:assert/strict";
import { test } from "node:test";
import { PATIENCE_MS, Watch, site } from "./harness.mjs";
import { add, named, names, settled, short } from "./songs-support.mjs";
import { browserWithTabs, hide } from "./support/tabs.mjs";

const page = site();

/** Songs that nothing will become of any more. @param {import("playwright-core").Page} tab */
const done = (tab) => tab.locator('[data-testid=song-row][data-state="done"]').count();

test("two hundred songs at once, hidden and shown: work goes on, none is lost, the order is kept", async (t) => {
  const context = await browserWithTabs(t);
  context.setDefaultTimeout(PATIENCE_MS);
  const watch = new Watch(context);
  const tab = await context.newPage();
  await tab.goto(page.url);
  const songs = Array.from({ length: 200 }, (_, i) => named(`song ${i + 1}.wav`, short(i)));

  // Given while it is in front, hidden at once.
  await add(tab, songs.slice(0, 150));
  await tab.getByTestId("songs").waitFor();
  let show = await hide(tab);
  const before = await done(tab);
  const reached = (/** @type {number} */ count) => tab.waitForFunction((count) => document.querySelectorAll('[data-testid=song-row][data-state="done"]').length >= count, count, { polling: 200 });
  await reached(before + 40);
  assert.equal(await tab.evaluate(() => document.visibilityState), "hidden", "all that while");
  await show();
  // Given while it is hidden, shown and hidden once more on the way.
  show = await hide(tab);
  await add(tab, songs.slice(150));
  await tab.waitForFunction(() => document.querySelectorAll("[data-testid=song-row]").length === 200, undefined, { polling: 200 });
  await show();
  await settled(tab);
  assert.deepEqual(await names(tab), songs.map(({ name }) => name));
  assert.equal(await done(tab), 200);
  assert.match((await tab.getByTestId("songs-count").textContent()) ?? "", /^200 songs, all heard/);
  watch.assertClean();
});
