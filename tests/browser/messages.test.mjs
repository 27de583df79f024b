// What the page says, in every language: complete, with the same places, and nowhere else than in www/messages.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { transformSync } from "esbuild";
import { LANGUAGES, bestOf } from "../../www/js/language/language.js";
import { MOODS } from "../../www/js/moods.js";
import { SITE } from "./harness.mjs";

/** @typedef {import("../../www/js/language/language.js").Messages} Messages */

const www = join(SITE, "www");
const languages = readdirSync(join(www, "messages")).map((name) => name.replace(/\.js$/, ""));
/** @type {Record<string, Messages>} */
const messages = Object.fromEntries(await Promise.all(languages.map(async (name) => [name, (await import(`../../www/messages/${name}.js`)).default])));
const keys = /** @type {(keyof Messages)[]} */ (Object.keys(messages.en));

/** The texts of a message, one or by plurals. @param {Messages[keyof Messages]} message */
const forms = (message) => (typeof message === "string" ? [message] : Object.values(message));

/** @param {string} text */
const places = (text) => [...new Set(text.match(/\{\w+\}/g))].sort();

/** Modules of the page, without their comments. */
const modules = readdirSync(join(www, "js"), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".js"))
  .map((name) => ({ name, code: transformSync(readFileSync(join(www, "js", name), "utf8"), { loader: "js", legalComments: "none", charset: "utf8" }).code }));
const html = readFileSync(join(www, "index.html"), "utf8");

test("there is a file for each language to choose, and no other", () => assert.deepEqual([...languages].sort(), Object.keys(LANGUAGES).sort()));

for (const language of languages) {
  describe(language, () => {
    const own = messages[language];

    test("has the same messages as English", () => assert.deepEqual(Object.keys(own).sort(), [...keys].sort()));

    test("has the same places in them, and a form for each of its plurals", () => {
      const { pluralCategories } = new Intl.PluralRules(LANGUAGES[/** @type {keyof typeof LANGUAGES} */ (language)].tag).resolvedOptions();
      for (const key of keys) {
        const english = messages.en[key];
        assert.equal(typeof own[key], typeof english, key);
        if (typeof own[key] !== "string") assert.deepEqual(Object.keys(own[key]).sort(), [...pluralCategories].sort(), key);
        const wanted = places(forms(english).join());
        assert.deepEqual(places(forms(own[key]).join()), wanted, key);
        for (const form of forms(own[key])) assert.ok(form !== "" || key === "text.gap", key);
      }
    });

    test("says it in its own words, with two letters for each mood", () => {
      // Names and signs are alike everywhere, and so are some words.
      const same = keys.filter((key) => language !== "en" && forms(own[key]).join() === forms(messages.en[key]).join() && /[a-z]{4} [a-z]{3}/i.test(forms(own[key]).join()));
      assert.deepEqual(same, []);
      assert.equal(new Set(MOODS.map((mood) => own[`mood.letters.${mood}`])).size, MOODS.length);
      for (const mood of MOODS) assert.ok([...String(own[`mood.letters.${mood}`])].length <= 2);
    });
  });
}

test("every message is used, and every one that is used is there", () => {
  const used = new Set(html.match(/(?<=data-(?:text|name|long|content)=")[^"]+/g));
  const patterns = [];
  for (const { code } of modules) {
    for (const [, text] of code.matchAll(/"([a-z]+\.[A-Za-z.-]+)"/g)) used.add(text);
    for (const [, text] of code.matchAll(/`([a-z]+\.[^`\s]*\$\{[^`]*)`/g)) patterns.push(new RegExp(`^${text.replace(/\./g, "\\.").replace(/\$\{[^}]*\}/g, "[\\w-]+")}$`));
  }
  const known = new Set(/** @type {string[]} */ (keys));
  const groups = new Set(keys.map((key) => key.split(".")[0]));
  const files = /\.(js|json|safetensors|wasm|csv|png|wav)$/;
  assert.deepEqual([...used].filter((key) => groups.has(key.split(".")[0]) && !files.test(key) && !known.has(key)), [], "there are no such messages");
  assert.deepEqual(keys.filter((key) => !used.has(key) && !patterns.some((pattern) => pattern.test(key))), [], "nobody says these");
});

/** Keys of the keyboard, and the browser's names of errors. */
const KEYS = /: (Arrow\w+|Page\w+|Home|End|Escape|Enter|Files|\w+Error)$/;

test("the page itself holds no words, and its scripts no sentences", () => {
  const bare = html.replace(/<(noscript|title|svg)[\s\S]*?<\/\1>/g, "").replace(/<meta[^>]*>/g, "");
  assert.deepEqual(bare.match(/(?<=>)[^<>]*[A-Za-z]{2}[^<>]*(?=<)/g)?.map((text) => text.trim()), ["songmood"]);
  assert.equal(/\b(aria-label|title|alt|placeholder)="/.test(bare), false);
  // What developers and files read: the library's reasons, formats, and each language's own name.
  const notForPeople = /^(worker|networks|export\/csv|language\/language)\.js$/;
  const exempt = /: (the \w+ |this browser offers|songmood is not kept for use without a network:|It is \.$|input, button$|are you news\?$|use the new version$)/;
  /** @type {string[]} */
  const found = [];
  for (const { name, code } of modules) {
    if (notForPeople.test(name)) continue;
    for (const [, quoted, ticked] of code.matchAll(/"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g)) {
      const text = (quoted ?? ticked ?? "").replace(/\$\{[^}]*\}/g, "");
      // Words with a space between them, or one with a capital that nothing else would be: no selectors, keys or class names.
      if ((/[A-Za-z]{2,},? [a-z]{2,}/.test(text) && /[A-Z]|[.,:;?!…]| (is|are|of|the|to|and|in) /.test(text)) || /^[A-Z][a-z]+…?$/.test(text)) found.push(`${name}: ${text}`);
    }
  }
  assert.deepEqual(found.filter((line) => !exempt.test(line) && !KEYS.test(line)), []);
});

test("a browser's languages are taken in their order, in any country", () => {
  assert.equal(bestOf(["fr-FR", "de-AT", "en"]), "de");
  assert.equal(bestOf(["zh-TW"]), "zh");
  assert.equal(bestOf(["ES"]), "es");
  assert.equal(bestOf(["fr", "constructor"]), "en");
  assert.equal(bestOf([]), "en");
});
