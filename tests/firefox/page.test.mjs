// The page in Firefox: what it decodes, what its worker and its wasm say, its microphone, its list, its private windows.

import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { launch } from "../../scripts/chromium.mjs";
import { root } from "../../scripts/process.mjs";
import { song, wav } from "../browser/audio.mjs";
import { short } from "../browser/songs-support.mjs";
import { byTestId, choose, file, outcome, scratch, site, text } from "./harness.mjs";

const RATE = 22_050;

/** Shares of the moods in the order of the bars, both networks'. */
const shares = () => [...document.querySelectorAll("[data-testid=bars] td[data-model] .bar-fill")].map((fill) => Number(/** @type {HTMLElement} */ (fill).dataset.share));

const folder = scratch();

describe("Firefox", () => {
  const page = site();

  test("says of a song what Chromium says", async (t) => {
    const path = file(folder, "song.wav", wav([song(20, RATE)], RATE));
    const { tab, assertClean } = await page.open(t);
    await choose(tab, path);
    const said = await outcome(tab);
    const ours = await tab.evaluate(shares);
    const chromium = await launch();
    t.after(() => chromium.close());
    const other = await chromium.newPage();
    await other.goto(page.url);
    await other.getByTestId("file").setInputFiles(path);
    await other.locator('body[data-state="song"]:not(.busy)').waitFor({ timeout: 180_000 });
    assert.equal(said, await other.getByTestId("verdict").textContent());
    const theirs = await other.evaluate(shares);
    assert.ok(ours.length === 16 && theirs.length === 16);
    ours.forEach((share, i) => assert.ok(Math.abs(share - theirs[i]) < 1e-4, `${share} and ${theirs[i]}`));
    assertClean();
  });

  for (const name of ["tone.mp3", "tone.ogg", "tone.flac", "tone.m4a", "tone.aac", "opus.ogg"]) {
    test(`decodes ${name}`, async (t) => {
      const { tab, assertClean } = await page.open(t);
      await choose(tab, join(root, "tests", "golden", "audio", name));
      assert.match(await outcome(tab), /\w+\.$/);
      assertClean();
    });
  }

  test("tells why a file cannot be heard, and goes on", async (t) => {
    const { tab, assertClean } = await page.open(t);
    for (const [name, bytes, code] of /** @type {[string, Buffer, string][]} */ ([
      ["empty.wav", Buffer.alloc(0), "empty-file"],
      ["words.mp3", Buffer.from("This is no song, only words about one.\n".repeat(20)), "not-audio"],
      ["cut.wav", wav([song(2, RATE)], RATE).subarray(0, 44), "damaged"],
    ])) {
      await choose(tab, file(folder, name, bytes));
      await tab.waitForFunction((name) => document.querySelector("[data-testid=notice]")?.textContent?.includes(name), {}, name);
      assert.equal(await outcome(tab), code);
    }
    await choose(tab, file(folder, "good.wav", wav([song(5, RATE)], RATE)));
    await tab.waitForSelector('body[data-state="song"]:not(.busy)');
    assertClean();
  });

  test("hears many songs in order, bad ones among them", async (t) => {
    const { tab, assertClean } = await page.open(t);
    const names = Array.from({ length: 30 }, (_, i) => `song ${String(i + 1).padStart(2, "0")}.wav`);
    await choose(tab, ...names.map((name, i) => file(folder, name, i === 7 ? Buffer.from("no sound but words") : short(i))));
    await tab.waitForSelector("#songs:not(.at-work) [data-testid=song-row]");
    assert.deepEqual(await tab.$$eval("#songs-table .song-name", (cells) => cells.map((cell) => cell.textContent)), names);
    assert.match(await text(tab, "songs-count"), /^29 of 30 songs heard; 1 could not be heard\.$/);
    assertClean();
  });

  test("listens to the microphone and lets go of it", async (t) => {
    const { tab, assertClean } = await page.open(t, {
      script: () => {
        const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        navigator.mediaDevices.getUserMedia = async (wish) => (/** @type {any} */ (window).stream = await real(wish));
      },
    });
    await tab.click(byTestId("mic"));
    await tab.waitForSelector("#segments .segment");
    assert.equal(await tab.$eval("body", ({ dataset }) => dataset.state), "live");
    await tab.click(byTestId("mic"));
    await tab.waitForSelector('body[data-state="heard"]');
    assert.equal(await tab.evaluate(() => /** @type {any} */ (window).stream.getAudioTracks()[0].readyState), "ended");
    assert.match(await text(tab, "kept-words"), /of sound is kept/);
    assertClean();
  });

  test("is kept for use without a network, under its policy", async (t) => {
    const { tab, assertClean } = await page.open(t);
    assert.match(await tab.evaluate(async () => (await navigator.serviceWorker.ready).active?.scriptURL ?? ""), /sw\.js$/);
    assertClean();
    const refused = await tab.evaluate(async () => {
      const told = new Promise((resolve) => document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => resolve(effectiveDirective), { once: true }));
      await fetch("https://example.invalid/").catch(() => {});
      return told;
    });
    assert.equal(refused, "connect-src");
  });
});

describe("Firefox's private windows", () => {
  const page = site({ preferences: { "browser.privatebrowsing.autostart": true } });

  test("hear songs", async (t) => {
    const { tab, assertClean } = await page.open(t);
    await choose(tab, file(folder, "private.wav", wav([song(5, RATE)], RATE)));
    assert.match(await outcome(tab), /\w+\.$/);
    assertClean();
  });
});

describe("Firefox without a sound output", () => {
  const page = site({ sound: false });

  test("says why it cannot listen, and hears songs", async (t) => {
    const { tab } = await page.open(t);
    await tab.click(byTestId("mic"));
    await tab.waitForSelector(`${byTestId("notice")}[data-code="mic-busy"]`);
    assert.match(await text(tab, "notice"), /sound output/);
    await choose(tab, file(folder, "quiet.wav", wav([song(5, RATE)], RATE)));
    await tab.waitForSelector('body[data-state="song"]:not(.busy)');
  });
});
