// @ts-check
/** The moods' words in the page's language. */

import { message } from "./language/language.js";

/** @typedef {import("../types/songmood.d.ts").Mood} Mood */

/** As a heading. @param {Mood} mood */
export const labelOf = (mood) => message(`mood.label.${mood}`);

/** As an adjective inside a sentence. @param {Mood} mood */
export const adjectiveOf = (mood) => message(`mood.adjective.${mood}`);

/** Where there is no room for a word; no two moods share their letters. @param {Mood} mood */
export const lettersOf = (mood) => message(`mood.letters.${mood}`);
