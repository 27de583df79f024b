// The guides' code blocks. Every block says in its first line what it is, so that none is left untested by oversight.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../scripts/process.mjs";

export const GUIDES = ["page", "package", "trainer"];

/**
 * What is known of a block: `js node` runs in Node, `js page` and `html page` in Chromium; `sh` holds commands, `css` a style sheet, `js vite` settings
 * of Vite.
 */
export const KINDS = ["js node", "js page", "html page", "js vite", "css", "sh"];

/** @typedef {{ guide: string, line: number, kind: string, code: string }} Block */

/** @param {string} guide @returns {Block[]} */
export function blocksOf(guide) {
  const text = readFileSync(join(root, "docs", `${guide}.md`), "utf8");
  return [...text.matchAll(/^```([^\n]*)\n(.*?)^```$/gms)].map(({ 1: kind = "", 2: code = "", index }) => ({ guide, line: text.slice(0, index).split("\n").length, kind, code }));
}

/** @param {string} kind */
export const blocks = (kind) => GUIDES.flatMap(blocksOf).filter((block) => block.kind === kind);
