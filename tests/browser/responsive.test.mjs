// While a song is heard, the page answers: no task of its main thread works longer than 50 ms, and a changing mood does not style all of it.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { songFile, writeLongSong } from "./audio.mjs";
import { choose, site, verdict } from "./harness.mjs";
import { tasksDuring } from "./support/tasks.mjs";

const page = site();

test("three minutes of a song: no task of the page's works for 50 ms", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "songmood-tasks-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "song.wav");
  writeLongSong(path, 180, 44_100);
  const { page: tab } = await page.open(t);
  await tab.getByTestId("cards-voice").locator("thead").waitFor();
  const tasks = await tasksDuring(tab, async () => {
    await tab.getByTestId("file").setInputFiles(path);
    await verdict(tab);
    // What follows the result counts as well: the panels, the picture, the change of colour.
    await tab.waitForTimeout(1200);
  });
  t.diagnostic(`the longest: ${tasks.slice(0, 3).map(({ cpuMs, wallMs }) => `${cpuMs.toFixed(0)} of ${wallMs.toFixed(0)} ms`).join(", ")}`);
  assert.ok(tasks.length > 20, `${tasks.length} tasks`);
  assert.ok(tasks[0].cpuMs < 50, `${tasks[0].cpuMs} ms`);
});

test("fonts of the result are looked up before there is one", async (t) => {
  const { page: tab } = await page.open(t);
  // Fonts of all text under an element that is laid out; text in drawings is scaled with them.
  await tab.addInitScript(() => {
    const scope = /** @type {any} */ (window);
    scope.fontsUnder = (/** @type {Element} */ root) => {
      const fonts = new Set();
      for (const element of [root, ...root.querySelectorAll("*")]) {
        if (!(element instanceof HTMLElement) || !element.checkVisibility()) continue;
        if (![...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.nodeValue?.trim())) continue;
        const { fontFamily, fontSize, fontWeight } = getComputedStyle(element);
        fonts.add(`${fontWeight} ${fontSize} ${fontFamily}`);
      }
      return [...fonts];
    };
    scope.lookedUp = [];
    const { append } = Element.prototype;
    Element.prototype.append = function (...nodes) {
      append.apply(this, nodes);
      if (this === document.body) for (const node of nodes) if (node instanceof Element) scope.lookedUp.push(...scope.fontsUnder(node));
    };
  });
  await tab.reload();
  await tab.getByTestId("cards-voice").locator("thead").waitFor();
  await tab.waitForFunction(() => /** @type {any} */ (window).lookedUp.length > 0);
  await choose(tab, "song.wav", songFile(30));
  await verdict(tab);
  await tab.waitForTimeout(500);
  const { shown, lookedUp } = await tab.evaluate(() => {
    const { fontsUnder, lookedUp } = /** @type {any} */ (window);
    return { shown: fontsUnder(document.getElementById("result")), lookedUp };
  });
  assert.ok(shown.length > 8, shown.join("\n"));
  assert.deepEqual(shown.filter((/** @type {string} */ font) => !lookedUp.includes(font)), []);
});

test("a changing mood colours the page's ground alone", async (t) => {
  const { page: tab } = await page.open(t);
  await choose(tab, "song.wav", songFile(12));
  await verdict(tab);
  await tab.waitForTimeout(1200);
  const [ground, inside] = await tab.evaluate(async () => {
    const now = document.body.dataset.mood;
    document.body.dataset.mood = now === "angry" ? "calm" : "angry";
    const colours = () => [getComputedStyle(document.body, "::before").getPropertyValue("--mood"), getComputedStyle(/** @type {Element} */ (document.querySelector("#bars"))).getPropertyValue("--mood")];
    const before = colours();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const after = colours();
    return [before[0] !== after[0], before[1] !== after[1]];
  });
  assert.deepEqual([ground, inside], [true, false]);
});
