// What the tests of many songs share: short songs, and what the list shows.

import { hum, wav } from "./audio.mjs";

/** A rate that is quick to decode, in Hz. */
export const RATE = 8_000;

/** @param {string} name @param {Buffer} buffer */
export const named = (name, buffer) => ({ name, mimeType: "audio/wav", buffer });

/** A short song at a low rate; each number gives another. @param {number} [number] @param {number} [seconds] */
export const short = (number = 0, seconds = 1) => wav([hum(seconds, { hertz: 110 * 2 ** ((number % 36) / 12), gain: 0.1 + 0.1 * (number % 7), sampleRate: RATE })], RATE);

/** @param {import("playwright-core").Page} tab */
export const names = (tab) => tab.locator("#songs-table .song-name").allTextContents();

/** Waits until nothing waits any more. @param {import("playwright-core").Page} tab */
export const settled = (tab) => tab.locator("#songs:not(.at-work)").waitFor();

/** @param {import("playwright-core").Page} tab @param {{ name: string, mimeType: string, buffer: Buffer }[]} files */
export const add = (tab, files) => tab.getByTestId("file").setInputFiles(files);

/** The row of a song. @param {import("playwright-core").Page} tab @param {string} name */
export const row = (tab, name) => tab.getByTestId("song-row").filter({ has: tab.getByRole("button", { name, exact: true }) });
