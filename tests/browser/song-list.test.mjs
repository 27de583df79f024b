// The list of songs: its order, its rows by pointer and by keys, the song behind a row, and comparison.

import assert from "node:assert/strict";
import { test } from "node:test";
import { hum, silence, wav } from "./audio.mjs";
import { choose, fakeMicrophone, site, verdict } from "./harness.mjs";
import { RATE, add, named, names, row, settled, short } from "./songs-support.mjs";

const microphone = fakeMicrophone(wav([hum(10)]));
const page = site({ flags: () => microphone.flags });
test.after(() => microphone.remove());

test("a song that is opened takes the place of the microphone", async (t) => {
  const { page: tab, watch } = await page.open(t);
  await add(tab, [named("a.wav", short(1)), named("b.wav", short(2))]);
  await settled(tab);
  await tab.getByTestId("mic").click();
  await tab.locator('body[data-state="live"]').waitFor();
  await row(tab, "b.wav").locator(".song-name").click();
  await verdict(tab);
  assert.equal(await tab.getByTestId("source-name").textContent(), "b.wav");
  assert.equal(await tab.getByTestId("mic").textContent().then((text) => text?.trim()), "Use the microphone");
  watch.assertClean();
});

test("sorted by a press on a heading: this way, that way, as they came; songs without a value last", async (t) => {
  const { page: tab } = await page.open(t);
  await add(tab, [named("b 10.wav", short(3, 2)), named("words.wav", Buffer.from("only words")), named("a.wav", short(20, 5)), named("b 9.wav", short(11, 3)), named("still.wav", wav([silence(4, RATE)], RATE))]);
  await settled(tab);
  const came = await names(tab);
  const press = tab.getByTestId("sort-name");
  await press.click();
  assert.deepEqual(await names(tab), ["a.wav", "b 9.wav", "b 10.wav", "still.wav", "words.wav"]);
  assert.equal(await tab.locator("th", { has: press }).getAttribute("aria-sort"), "ascending");
  await press.click();
  assert.deepEqual((await names(tab))[0], "words.wav");
  assert.equal(await tab.locator("th", { has: press }).getAttribute("aria-sort"), "descending");
  await press.click();
  assert.deepEqual(await names(tab), came);
  assert.equal(await tab.locator("th", { has: press }).getAttribute("aria-sort"), null);
  await tab.getByTestId("sort-length").focus();
  await tab.keyboard.press("Enter");
  assert.deepEqual(await names(tab), ["a.wav", "still.wav", "b 9.wav", "b 10.wav", "words.wav"]);
  await tab.getByTestId("sort-certainty").click();
  const shares = (await tab.locator("#songs-table tbody tr td.number:nth-child(4)").allTextContents()).slice(0, 3).map((text) => parseInt(text, 10));
  assert.deepEqual(shares, [...shares].sort((a, b) => b - a));
  assert.deepEqual((await names(tab)).slice(3), ["words.wav", "still.wav"]);
});

test("a row opens its song, from there to the next in the table's order, and back", async (t) => {
  const { page: tab, watch } = await page.open(t);
  // Long enough to be playing still when a busy machine looks.
  await add(tab, [named("b.wav", short(1, 60)), named("a.wav", short(20, 4)), named("c.wav", short(9, 2))]);
  await settled(tab);
  assert.equal(await tab.getByTestId("result").isVisible(), false);
  await tab.getByTestId("sort-name").click();
  await row(tab, "a.wav").locator(".song-name").click();
  const words = await verdict(tab);
  assert.ok(words.length > 3);
  assert.equal(await tab.getByTestId("source-name").textContent(), "a.wav");
  assert.equal(await tab.getByTestId("songs-where").textContent(), "1 of 3");
  assert.equal(await tab.evaluate(() => document.activeElement?.id), "verdict");
  await tab.getByTestId("songs-next").click();
  assert.equal(await tab.getByTestId("source-name").textContent(), "b.wav");
  await tab.getByTestId("play").click();
  await tab.getByRole("button", { name: "Pause" }).waitFor();
  await tab.getByTestId("songs-all").click();
  assert.equal(await tab.evaluate(() => document.activeElement?.textContent), "b.wav");
  await tab.getByTestId("songs-close").click();
  assert.equal(await tab.getByTestId("songs").isVisible(), false);
  assert.equal(await tab.getByTestId("source-name").textContent(), "b.wav");
  await choose(tab, "alone.wav", short(4));
  await tab.getByTestId("source-name").filter({ hasText: "alone.wav" }).waitFor();
  assert.equal(await tab.getByTestId("songs").isVisible(), false);
  watch.assertClean();
});

test("what a row shows is what the song shows when it is heard alone", async (t) => {
  const { page: tab } = await page.open(t);
  await choose(tab, "a.wav", short(20, 14));
  const alone = await verdict(tab);
  const detail = await tab.getByTestId("verdict-detail").textContent();
  await add(tab, [named("a.wav", short(20, 14)), named("b.wav", short(2, 3))]);
  await settled(tab);
  await row(tab, "b.wav").locator(".song-name").click();
  await row(tab, "a.wav").locator(".song-name").click();
  assert.equal(await verdict(tab), alone);
  assert.equal(await tab.getByTestId("verdict-detail").textContent(), detail);
});

test("by keyboard alone: one stop for all rows, arrows between songs, Enter opens", async (t) => {
  const { page: tab } = await page.open(t);
  await add(tab, ["a", "b", "c"].map((name, i) => named(`${name}.wav`, short(i))));
  await settled(tab);
  await tab.getByTestId("sort-length").focus();
  await tab.keyboard.press("Tab");
  assert.equal(await tab.evaluate(() => document.activeElement?.getAttribute("aria-label")), "Compare a.wav");
  await tab.keyboard.press("ArrowDown");
  await tab.keyboard.press("ArrowDown");
  assert.equal(await tab.evaluate(() => document.activeElement?.textContent), "c.wav");
  await tab.keyboard.press("Tab");
  assert.equal(await tab.evaluate(() => document.activeElement?.closest("tbody")), null);
  await tab.keyboard.press("Shift+Tab");
  await tab.keyboard.press("Home");
  await tab.keyboard.press("Enter");
  await verdict(tab);
  assert.equal(await tab.getByTestId("source-name").textContent(), "a.wav");
});

test("songs are compared: ribbons one above the other, one cursor for all", async (t) => {
  const { page: tab, watch } = await page.open(t);
  await add(tab, [named("one.wav", short(1, 20)), named("two.wav", short(30, 10)), named("three.wav", short(12, 5))]);
  await settled(tab);
  assert.equal(await tab.getByTestId("songs-compare").isDisabled(), true);
  for (const name of ["one.wav", "two.wav"]) await row(tab, name).getByRole("checkbox").check();
  await tab.getByTestId("songs-compare").click();
  const compared = tab.getByTestId("compared");
  assert.equal(await compared.count(), 2);
  const tops = await compared.locator("canvas").evaluateAll((list) => list.map((canvas) => canvas.getBoundingClientRect()).map(({ top, left, width }) => ({ top, left, width })));
  assert.ok(tops[1].top > tops[0].top && tops[0].left === tops[1].left && tops[0].width === tops[1].width);
  // One scale of time: the song of half the length fills half of its ribbon.
  const reach = await compared.locator("canvas").evaluateAll((list) => list.map((canvas) => {
    const { data, width, height } = /** @type {ImageData} */ (canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height - 3));
    let last = 0;
    for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) if (data[(y * width + x) * 4 + 3] > 80 && y > height * 0.9) last = Math.max(last, x);
    return last / width;
  }));
  assert.ok(reach[0] > 0.95 && reach[1] > 0.4 && reach[1] < 0.55, String(reach));
  await compared.locator(".track").first().focus();
  await tab.keyboard.press("End");
  const values = await compared.locator(".track").evaluateAll((list) => list.map((track) => track.getAttribute("aria-valuenow")));
  assert.deepEqual(values, ["20.0", "20.0"]);
  await row(tab, "three.wav").getByRole("checkbox").check();
  assert.equal(await compared.count(), 3);
  for (const name of ["one.wav", "two.wav"]) await row(tab, name).getByRole("checkbox").uncheck();
  assert.equal(await tab.getByTestId("compare").isVisible(), false);
  watch.assertClean();
});

test("names with markup are shown as text, in the table and in a comparison", async (t) => {
  const { page: tab, watch } = await page.open(t);
  const name = '<img src=x onerror="window.pwned=1"><b>bold</b>.wav';
  await add(tab, [named(name, short(1)), named(`2${name}`, short(2)), named(`3${name}`, Buffer.from("words"))]);
  await settled(tab);
  assert.deepEqual(await names(tab), [name, `2${name}`, `3${name}`]);
  for (const box of await tab.locator("#songs-table input:enabled").all()) await box.check();
  await tab.getByTestId("songs-compare").click();
  assert.equal(await tab.locator("#songs img, #songs b, #compare img, #compare b").count(), 0);
  assert.equal(await tab.evaluate(() => /** @type {any} */ (window).pwned), undefined);
  watch.assertClean();
});

test("another choice of what to listen for changes the open song, in its row too", async (t) => {
  const { page: tab, watch } = await page.open(t);
  await add(tab, [named("a.wav", short(3, 14)), named("b.wav", short(20, 14))]);
  await settled(tab);
  await row(tab, "a.wav").locator(".song-name").click();
  await verdict(tab);
  const before = await row(tab, "a.wav").textContent();
  const other = await row(tab, "b.wav").textContent();
  await tab.getByTestId("kind-voice").check({ force: true });
  await tab.waitForFunction(() => /Listened fora voice/.test(document.querySelector("[data-testid=facts]")?.textContent ?? ""));
  assert.notEqual(await row(tab, "a.wav").textContent(), before);
  assert.equal(await row(tab, "b.wav").textContent(), other);
  assert.equal(await tab.getByTestId("songs-where").textContent(), "1 of 2");
  watch.assertClean();
});
