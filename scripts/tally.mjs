// Counts tests from what the test runners print.

import { stripVTControlCharacters } from "node:util";

/**
 * How each runner sums up: cargo once per test binary, node once per call.
 *
 * @type {Record<"cargo" | "node", [keyof Counts, RegExp][]>}
 */
const PATTERNS = {
  cargo: [
    ["passed", /^test result: .*?(\d+) passed;/],
    ["failed", /^test result: .*?(\d+) failed;/],
    ["skipped", /^test result: .*?(\d+) ignored;/],
  ],
  node: [
    ["passed", /^ℹ pass (\d+)$/],
    ["failed", /^ℹ fail (\d+)$/],
    ["failed", /^ℹ cancelled (\d+)$/],
    ["skipped", /^ℹ (?:skipped|todo) (\d+)$/],
  ],
};

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** Tests that passed, failed and were skipped. */
export class Tally {
  passed = 0;
  failed = 0;
  skipped = 0;

  /** @param {Partial<Counts>} counts */
  add({ passed = 0, failed = 0, skipped = 0 }) {
    this.passed += passed;
    this.failed += failed;
    this.skipped += skipped;
  }

  /**
   * A function to feed with a runner's output, in pieces of any length.
   *
   * @param {"cargo" | "node"} runner
   * @returns {(text: string) => void}
   */
  reader(runner) {
    let rest = "";
    return (text) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const plain = stripVTControlCharacters(line).trimEnd();
        for (const [kind, pattern] of PATTERNS[runner]) this[kind] += Number(pattern.exec(plain)?.[1] ?? 0);
      }
    };
  }

  toString() {
    return `${this.passed} passed, ${this.failed} failed`;
  }
}
