// @ts-check
/**
 * The page's language: the browser's, or the one that was chosen here. Messages come from www/messages, a file for each language;
 * English is always there, for files that are the same in every language and for the day when another cannot be loaded.
 */

import english from "../../messages/en.js";

/** @typedef {keyof typeof english} Key */
/** @typedef {string | Partial<Record<Intl.LDMLPluralRule, string>>} Message */
/** @typedef {Record<Key, Message>} Messages */
/** @typedef {Record<string, string | number>} Values */
/** @typedef {"en" | "es" | "zh" | "de"} Language */

/** By the name that each has for itself. `tag`: for the document, and for numbers where the browser names no country. @type {Record<Language, { name: string, tag: string }>} */
export const LANGUAGES = {
  en: { name: "English", tag: "en-GB" },
  es: { name: "Español", tag: "es" },
  zh: { name: "简体中文", tag: "zh-Hans" },
  de: { name: "Deutsch", tag: "de" },
};

const KEY = "songmood-language";

/** The first language that a person reads and the page speaks. @param {readonly string[]} wanted as browsers name them: "de-AT" */
export function bestOf(wanted) {
  for (const tag of wanted) {
    const [language] = tag.toLowerCase().split("-");
    if (Object.hasOwn(LANGUAGES, language)) return /** @type {Language} */ (language);
  }
  return "en";
}

/** What was chosen here before. @returns {string[]} */
function chosen() {
  try {
    const kept = localStorage.getItem(KEY);
    return kept ? [kept] : [];
  } catch {
    // No page, or a mode that keeps nothing.
    return [];
  }
}

/** Elsewhere than on a page, in tests, it is always English. */
const browserLanguages = () => (typeof document === "object" && navigator.languages) || [];

/** @param {Language} language @returns {Promise<Messages>} */
async function messagesOf(language) {
  if (language === "en") return english;
  return (await import(`../../messages/${language}.js`)).default;
}

/** What goes with a language. @param {Language} language @param {Messages} messages */
function speaking(language, messages) {
  const own = browserLanguages().find((tag) => bestOf([tag]) === language && tag.includes("-"));
  // Numbers are written by country: in Mexico as in the United States, in Spain as in Germany.
  const tag = own ?? LANGUAGES[language].tag;
  return { language, messages, tag, plurals: new Intl.PluralRules(tag), numbers: new Intl.NumberFormat(tag) };
}

/** @type {ReturnType<typeof speaking>} */
let spoken = speaking("en", english);
/** @type {(() => void)[]} */
const listeners = [];

/** @param {Language} language */
async function speak(language) {
  spoken = speaking(language, await messagesOf(language));
}

// Whoever imports this waits for it: nothing is shown in a language that is not the reader's.
await speak(bestOf([...chosen(), ...browserLanguages()])).catch(() => {});

export const language = () => spoken.language;
/** For `Intl`. */
export const tag = () => spoken.tag;

/** Called when another language was chosen. @param {() => void} listener for as long as the page lives */
export const onLanguage = (listener) => void listeners.push(listener);

/** Speaks another language from now on, and at the next visit. @param {Language} language */
export async function choose(language) {
  await speak(language);
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // Some private modes keep nothing; then it lasts as long as the page.
  }
  for (const listener of listeners) listener();
}

/**
 * A message in the page's language. Where it has plural forms, the number `count` chooses among them.
 * @param {Key} key
 * @param {Values} [values] what stands in its {places}
 */
export function message(key, values = {}) {
  const { messages, plurals } = spoken;
  /** @type {Message} */
  const found = messages[key];
  const template = typeof found === "string" ? found : (found[plurals.select(Number(values.count))] ?? found.other ?? "");
  return template.replace(/\{(\w+)\}/g, (place, name) => (name in values ? shown(values[name]) : place));
}

/** @param {string | number} value */
const shown = (value) => (typeof value === "number" ? spoken.numbers.format(value) : value);

/** @param {string} key @returns {key is Key} */
export const hasMessage = (key) => key in english;

/** The same in English: for files, which are read by programs. @param {Key} key of one without plural forms */
export const inEnglish = (key) => String(english[key]);
