// The page speaks the browser's language and can be switched; in whatever language, nothing of it stays behind in English.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import english from "../../www/messages/en.js";
import { hum, silence, songFile, wav } from "./audio.mjs";
import { SITE, choose, fakeMicrophone, site, verdict } from "./harness.mjs";
import { stickingOut } from "./support/overflow.mjs";

const microphone = fakeMicrophone(wav([hum(10)]));
const page = site({ flags: () => microphone.flags });
test.after(() => microphone.remove());

/** @type {[locale: string, lang: string, title: string, choose: string, share: RegExp][]} */
const LOCALES = [
  ["en-US", "en-GB", "Drop a song. Watch its mood.", "Choose songs", /\d%/],
  ["de-DE", "de", "Song ablegen. Stimmung sehen.", "Songs auswählen", /\d\s%/],
  ["es-ES", "es", "Suelta una canción. Mira su ánimo.", "Elegir canciones", /\d\s%/],
  ["zh-CN", "zh-Hans", "放入一首歌，看见它的情绪", "选择歌曲", /\d%/],
];

for (const [locale, lang, title, button, share] of LOCALES) {
  test(`a browser in ${locale} gets the page in that language`, async (t) => {
    const { page: tab, watch } = await page.open(t, { context: { locale } });
    await tab.getByRole("heading", { level: 1, name: title }).waitFor();
    assert.equal(await tab.locator("html").getAttribute("lang"), lang);
    await tab.getByTestId("choose").and(tab.getByRole("button", { name: button })).waitFor();
    await choose(tab, "song.wav", songFile(12));
    await verdict(tab);
    assert.match((await tab.getByTestId("verdict-detail").textContent()) ?? "", share);
    assert.equal(await tab.getByTestId("language").inputValue(), locale.slice(0, 2));
    watch.assertClean();
  });
}

test("switched, everything at hand is said in the other language, and at the next visit too", async (t) => {
  const { page: tab, watch } = await page.open(t, { context: { locale: "fr-FR" } });
  assert.equal(await tab.getByTestId("language").inputValue(), "en", "a language that it does not speak");
  await choose(tab, "song.wav", songFile(30));
  const before = await verdict(tab);
  await tab.getByTestId("track").focus();
  await tab.keyboard.press("PageUp");
  const time = await tab.getByTestId("clock-now").textContent();
  await tab.getByTestId("language").selectOption("de");
  await tab.getByRole("button", { name: "Abspielen", exact: true }).waitFor();
  assert.notEqual(await tab.getByTestId("verdict").textContent(), before);
  assert.match((await tab.getByTestId("facts").textContent()) ?? "", /Länge0:30.*44\.100 Hz, stereo/);
  assert.match((await tab.getByTestId("track").getAttribute("aria-valuetext")) ?? "", /0:03 von 0:30, \S+ \d+\s%/);
  assert.match(await tab.title(), /^(Nicht|Wahrscheinlich|Im Ganzen|Meist|Wechselhaft)/);
  assert.equal(await tab.getByTestId("clock-now").textContent(), time, "the song stays where it is");
  assert.equal(await tab.locator("html").getAttribute("lang"), "de");
  await tab.getByTestId("language").selectOption("en");
  assert.equal(await tab.getByTestId("verdict").textContent(), before, "there and back");
  await tab.getByTestId("language").selectOption("zh");
  await tab.getByRole("button", { name: "播放", exact: true }).waitFor();
  await tab.reload();
  await tab.getByRole("heading", { level: 1, name: "放入一首歌" }).waitFor();
  watch.assertClean();
});

test("switched while the microphone is on, it goes on listening", async (t) => {
  const { page: tab, watch } = await page.open(t);
  await tab.getByTestId("mic").click();
  await tab.locator("#segments .segment").first().waitFor();
  await tab.getByTestId("language").selectOption("es");
  await tab.getByRole("button", { name: "Dejar de escuchar" }).first().waitFor();
  assert.match((await tab.getByTestId("granted").textContent()) ?? "", /^El navegador concedió: .* y .*minutos/);
  const heard = await tab.getByTestId("clock-now").textContent();
  await tab.waitForFunction((before) => document.getElementById("clock-now")?.textContent !== before, heard);
  await tab.getByTestId("mic").click();
  await tab.getByTestId("kept-words").filter({ hasText: "Se conservan" }).waitFor();
  watch.assertClean();
});

test("where the messages cannot be loaded, the page speaks English", async (t) => {
  const { page: tab, context } = await page.open(t, { url: "about:blank", context: { locale: "de-DE" } });
  await context.route("**/messages/de.js", (route) => route.abort());
  await tab.goto(page.url);
  await tab.getByRole("heading", { level: 1, name: "Drop a song" }).waitFor();
});

/** English between marks, so that what does not come from the messages is seen. */
const MARKED = Object.fromEntries(Object.entries(english).map(([key, message]) => {
  const marked = (/** @type {string} */ text) => (key.startsWith("text.") ? text : `⟦${text}⟧`);
  return [key, typeof message === "string" ? marked(message) : Object.fromEntries(Object.entries(message).map(([plural, text]) => [plural, marked(text)]))];
}));

/** Texts and names outside of the marks; runs in the page. */
const unmarked = () => {
  const found = [];
  let depth = 0;
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  const outside = (/** @type {string} */ text) => {
    let words = "";
    for (const letter of text) {
      if (letter === "⟦") depth += 1;
      else if (letter === "⟧") depth -= 1;
      else words += depth > 0 ? " " : letter;
    }
    return words.replace(/\b(songmood|CNN|RNN|MFCC|Hz|kHz|ms|wav|WAV)\b|[\w ]+\.wav|Fake Default Audio Input/g, "");
  };
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node instanceof Element ? node : node.parentElement;
    // What files, devices and languages call themselves.
    if (!element || element.closest("script, style, noscript, .notice-reason, [lang=en], #language, #device, .own-line, .own-hint")) continue;
    if (node instanceof Element) {
      for (const name of ["aria-label", "aria-valuetext", "title", "alt"]) {
        const text = node.getAttribute(name);
        // A network's full name, as its file has it.
        if (!text || node.matches(".net[title]")) continue;
        depth = 0;
        if (/[A-Za-z]{2}/.test(outside(text))) found.push(`${name}: ${text}`);
        depth = 0;
      }
    }
  }
  const texts = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    if (node.parentElement?.closest("script, style, noscript, .notice-reason, [lang=en], #language, #device, .own-line, .own-hint, #source-name")) continue;
    if (/[A-Za-z]{2}/.test(outside(node.textContent ?? ""))) found.push(`text: ${node.textContent}`);
  }
  return found;
};

/** @type {Record<string, (tab: import("playwright-core").Page) => Promise<unknown>>} */
const VIEWS = {
  start: (tab) => tab.getByTestId("cards-voice").locator("thead").waitFor(),
  song: async (tab) => {
    await choose(tab, "song.wav", songFile(20));
    await verdict(tab);
    await tab.getByTestId("table-details").locator("summary").click();
    await tab.getByTestId("picture-mel").check({ force: true });
    await tab.getByTestId("select").click();
    await tab.getByTestId("part-words").filter({ hasText: "alone" }).waitFor();
    await tab.getByTestId("track").hover();
  },
  silence: async (tab) => {
    await choose(tab, "song.wav", wav([silence(6)]));
    await verdict(tab);
    await tab.getByTestId("picture-mfcc").check({ force: true });
    await tab.getByTestId("table-details").locator("summary").click();
  },
  songs: async (tab) => {
    await tab.getByTestId("file").setInputFiles(["a", "b", "c"].map((name) => ({ name: `${name}.wav`, mimeType: "audio/wav", buffer: name === "c" ? Buffer.from("only words") : wav([hum(6)]) })));
    await tab.locator("#songs:not(.at-work)").waitFor();
    for (const box of await tab.locator("#songs-table input:enabled").all()) await box.check();
    await tab.getByTestId("sort-certainty").click();
    await tab.locator(".song-name").first().click();
    await verdict(tab);
    await tab.getByTestId("songs-compare").click();
  },
  "own networks": async (tab) => {
    await tab.getByTestId("cards-voice").locator("thead").waitFor();
    await tab.getByTestId("own-file").setInputFiles(join(SITE, "models", "voice-cnn.safetensors"));
    await tab.getByTestId("own-set").locator("summary").click();
    await tab.getByTestId("kind-voice").check({ force: true });
    await choose(tab, "song.wav", wav([hum(6)]));
    await verdict(tab);
  },
  live: async (tab) => {
    await tab.getByTestId("mic").click();
    await tab.locator("#segments .segment").first().waitFor();
    await tab.getByTestId("teach-button").click();
    await tab.getByTestId("pause").click();
  },
  heard: async (tab) => {
    await tab.getByTestId("mic").click();
    await tab.locator('body[data-state="live"]').waitFor();
    await tab.waitForTimeout(1000);
    await tab.getByTestId("mic").click();
    await tab.getByTestId("kept").waitFor();
  },
  error: async (tab) => {
    await choose(tab, "song.wav", readFileSync(join(SITE, "www", "icons", "192.png")));
    await tab.getByTestId("notice").waitFor();
  },
};

for (const [view, reach] of Object.entries(VIEWS)) {
  test(`${view}: every text and every name is a message`, async (t) => {
    const { page: tab, context } = await page.open(t, { url: "about:blank", context: { locale: "de-DE" } });
    await context.route("**/messages/de.js", (route) => route.fulfill({ contentType: "text/javascript", body: `export default ${JSON.stringify(MARKED)};` }));
    await tab.goto(page.url);
    await reach(tab);
    assert.deepEqual(await tab.evaluate(unmarked), []);
  });
}

for (const locale of ["de-DE", "es-ES", "zh-CN"]) {
  test(`${locale}: nothing sticks out on a phone`, async (t) => {
    for (const view of ["start", "song", "songs", "live"]) {
      const { page: tab } = await page.open(t, { context: { locale, viewport: { width: 390, height: 740 } } });
      await (view === "song" ? VIEWS.silence : VIEWS[view])(tab);
      for (const width of [320, 360, 390]) {
        await tab.setViewportSize({ width, height: 740 });
        assert.deepEqual(await tab.evaluate(stickingOut), [], `${view}, ${width} px`);
      }
    }
  });
}
