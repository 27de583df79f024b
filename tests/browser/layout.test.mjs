// The page fits, can be read, and can be used by keyboard, at any size and in both themes.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { serve } from "../../scripts/serve.mjs";
import { hum, songFile, wav } from "./audio.mjs";
import { SITE, choose, fakeMicrophone, site, verdict } from "./harness.mjs";
import { stickingOut } from "./support/overflow.mjs";

const microphone = fakeMicrophone(wav([hum(10)]));
const page = site({ flags: () => microphone.flags });
test.after(() => microphone.remove());

/** @type {Record<string, (tab: import("playwright-core").Page) => Promise<unknown>>} */
const STATES = {
  start: (tab) => tab.getByTestId("cards-voice").locator("thead").waitFor(),
  result: async (tab) => {
    await choose(tab, `${"a_very_long_name_without_a_space".repeat(5)}.wav`, songFile(16));
    await verdict(tab);
    await tab.getByTestId("table-details").locator("summary").click();
    await tab.getByTestId("track").focus();
    await tab.keyboard.press("End");
  },
  songs: async (tab) => {
    const file = (/** @type {string} */ name, /** @type {Buffer} */ buffer) => ({ name, mimeType: "audio/wav", buffer });
    await tab.getByTestId("file").setInputFiles([file(`${"a_very_long_name_without_a_space".repeat(5)}.wav`, songFile(16)), file("b.wav", wav([hum(6)])), file(`${"x".repeat(120)}.wav`, Buffer.from("words, no sound"))]);
    await tab.locator("#songs:not(.at-work)").waitFor();
    for (const box of await tab.locator("#songs-table input:enabled").all()) await box.check();
    await tab.locator(".song-name").first().click();
    await tab.getByTestId("songs-compare").click();
  },
  error: async (tab) => {
    await choose(tab, `${"x".repeat(200)}.mp3`, Buffer.from("no sound, only words that are text"));
    await tab.getByTestId("notice").waitFor();
  },
  live: async (tab) => {
    await tab.getByTestId("mic").click();
    await tab.locator("#segments .segment").first().waitFor();
  },
};

/** Contrast of every piece of text with what lies behind it; runs in the page. */
const faintTexts = () => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (!canvas) throw new Error("no canvas");
  /** @param {string} colour @returns {number[]} rgba, 0 … 1 */
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].map((value) => value / 255);
  };
  /** @param {number[]} over @param {number[]} under */
  const blend = ([r, g, b, a], under) => [r, g, b].map((value, i) => value * a + under[i] * (1 - a));
  /** @param {Element | null} element @returns {number[]} */
  const behind = (element) => (element ? blend(rgba(getComputedStyle(element).backgroundColor), behind(element.parentElement)) : [1, 1, 1]);
  const luminance = (/** @type {number[]} */ colour) => {
    const [r, g, b] = colour.map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  /** @type {string[]} */
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!element || !node.textContent?.trim() || !element.checkVisibility() || element.closest(".visually-hidden, .skip, .hero:not([data-state=start] .hero), noscript")) continue;
    const style = getComputedStyle(element);
    const under = behind(element);
    const [light, dark] = [luminance(blend(rgba(style.color), under)), luminance(under)].sort((a, b) => b - a);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const contrast = (light + 0.05) / (dark + 0.05);
    if (contrast < (large ? 3 : 4.5)) faint.push(`${contrast.toFixed(2)}: ${node.textContent.trim().slice(0, 40)}`);
  }
  return faint;
};

for (const [state, reach] of Object.entries(STATES)) {
  test(`${state}: nothing sticks out at any width, and every text has AA contrast in both themes`, async (t) => {
    const { page: tab } = await page.open(t, { context: { reducedMotion: "reduce" } });
    await reach(tab);
    for (const width of [320, 360, 768, 1280, 1920]) {
      await tab.setViewportSize({ width, height: 740 });
      assert.deepEqual(await tab.evaluate(stickingOut), [], `${width} px`);
    }
    for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
      await tab.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      assert.deepEqual(await tab.evaluate(faintTexts), [], colorScheme);
    }
  });
}

test("every control has a name, and every id that is referred to is there", async (t) => {
  const { page: tab } = await page.open(t);
  await STATES.result(tab);
  const problems = await tab.evaluate(() => {
    const found = [];
    for (const control of document.querySelectorAll("button, input, [role=slider], [role=meter], summary, [tabindex='0']")) {
      const name = control.getAttribute("aria-label") ?? control.closest("label")?.textContent ?? control.textContent;
      if (!name?.trim()) found.push(`no name: ${control.outerHTML.slice(0, 80)}`);
    }
    for (const element of document.querySelectorAll("[aria-labelledby], [for], [aria-controls]")) {
      const ids = ["aria-labelledby", "for", "aria-controls"].flatMap((name) => (element.getAttribute(name) ?? "").split(" ")).filter(Boolean);
      for (const id of ids) if (!document.getElementById(id)) found.push(`no #${id}`);
    }
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
    for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) found.push(`twice: #${id}`);
    return found;
  });
  assert.deepEqual(problems, []);
});

test("by keyboard alone: tab to the sample, start it, reach the timeline, seek, pause", async (t) => {
  const { page: tab } = await page.open(t);
  const focusOn = async (/** @type {string} */ id) => {
    for (let i = 0; i < 40; i += 1) {
      await tab.keyboard.press("Tab");
      if ((await tab.evaluate(() => document.activeElement?.id)) === id) {
        const ring = await tab.evaluate(() => document.activeElement && getComputedStyle(document.activeElement).outlineStyle);
        assert.notEqual(ring, "none", `#${id} shows its focus`);
        return;
      }
    }
    assert.fail(`#${id} cannot be reached by tab`);
  };
  await focusOn("sample");
  await tab.keyboard.press("Enter");
  await verdict(tab);
  await focusOn("play");
  await focusOn("track");
  await tab.keyboard.press("PageUp");
  await tab.waitForFunction(() => Number(document.getElementById("track")?.getAttribute("aria-valuenow")) > 2);
  await tab.keyboard.press("Space");
  await tab.getByRole("button", { name: "Play", exact: true }).waitFor();
  await focusOn("scope-cursor");
});

test("reduced motion is respected", async (t) => {
  const { page: tab } = await page.open(t, { context: { reducedMotion: "reduce" } });
  const moving = await tab.evaluate(() => [...document.querySelectorAll("*")].filter((element) => {
    const { transitionDuration, transitionProperty, animationName } = getComputedStyle(element);
    return animationName !== "none" || (transitionProperty !== "none" && parseFloat(transitionDuration) > 0);
  }).length);
  assert.equal(moving, 0);
});

test("the page works under any path when www, pkg and models lie side by side", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "songmood-site-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const inside = join(folder, "www", "some", "where");
  cpSync(join(SITE, "www"), inside, { recursive: true, dereference: true });
  for (const name of ["pkg", "models"]) cpSync(join(SITE, name), join(inside, name), { recursive: true });
  const server = await serve({ port: 0, repository: folder });
  t.after(() => server.close());
  const { page: tab, watch } = await page.open(t, { url: `${server.url}some/where/` });
  await choose(tab, "song.wav", wav([hum(4)]));
  await verdict(tab);
  for (const url of watch.requests) assert.ok(url.startsWith(`${server.url}some/where/`) || url.startsWith("blob:"), url);
  watch.assertClean();
});
