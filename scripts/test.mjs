// npm test: installs what is missing and runs every test; `npm test -- --only rust,node` runs a part.
// A step that fails does not keep the later ones from running; the exit status tells of any failure.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ensureChromium } from "./chromium.mjs";
import { ensureFirefox, ensureSoundServer } from "./firefox.mjs";
import { UserError, duration, entry, root, run } from "./process.mjs";
import { Tally } from "./tally.mjs";
import {
  WASM_TARGET,
  ensureNodePackages,
  ensureRust,
  ensureRustComponents,
  ensureWasmBindgen,
  ensureWasmTarget,
} from "./toolchain.mjs";

const GROUPS = ["types", "rust", "wasm", "node", "browser", "firefox"];

/**
 * @typedef {{ group: string, title: string, work: (tally: Tally) => Promise<unknown> }} Step
 *   `work` throws when the step failed; the tally counts the tests it ran
 */

/** Quick ones first, so that a slip shows early. @type {Step[]} */
const STEPS = [
  { group: "types", title: "types of scripts, package and page", work: () => typescript(["scripts", "src/js", "www"]) },
  { group: "types", title: "types of the package", work: () => typescript(["tests/types", "tests/node"]) },
  { group: "rust", title: "Rust formatting", work: () => cargo(["fmt", "--check"]) },
  {
    group: "rust",
    title: "Rust tests, both backends",
    work: (tally) => cargo(["test", "--release", "--all-features", "--no-fail-fast"], tally),
  },
  {
    group: "rust",
    title: "Rust lints",
    work: () => cargo(["clippy", "--release", "--all-features", "--all-targets", "--", "-D", "warnings"]),
  },
  {
    group: "rust",
    title: "Rust documentation",
    work: () => run("cargo", ["doc", "--release", "--no-deps", "--all-features"], { env: { RUSTDOCFLAGS: "-D warnings" } }),
  },
  { group: "wasm", title: "Rust tests in wasm, both backends", work: wasmTests },
  { group: "node", title: "the package in Node, the scripts", work: (tally) => nodeTests("tests/node", tally) },
  { group: "browser", title: "the page in Chromium", work: (tally) => nodeTests("tests/browser", tally) },
  { group: "firefox", title: "the page in Firefox", work: (tally) => nodeTests("tests/firefox", tally) },
];

/** What groups need, once installed. @type {Map<string, Promise<unknown>>} */
const prepared = new Map();

await entry(async () => {
  const chosen = groupsFromArgs();
  /** @type {{ title: string, ms: number, tally: Tally, error?: Error }[]} */
  const results = [];
  for (const { group, title, work } of STEPS.filter((step) => chosen.includes(step.group))) {
    console.log(`\n▸ ${title}`);
    const started = performance.now();
    const tally = new Tally();
    /** @type {Error | undefined} */
    let error;
    try {
      await prepare(group);
      await work(tally);
    } catch (thrown) {
      error = /** @type {Error} */ (thrown);
      console.error(error instanceof UserError ? error.message : error);
    }
    // A check without tests of its own, or a step that died before it ran any, counts as one.
    if (error ? tally.failed === 0 : tally.passed === 0) tally.add(error ? { failed: 1 } : { passed: 1 });
    const ms = performance.now() - started;
    results.push({ title, ms, tally, error });
    console.log(`${error ? "✗" : "✓"} ${title} (${duration(ms)})`);
  }
  summarise(results);
});

/** @param {{ title: string, ms: number, tally: Tally, error?: Error }[]} results */
function summarise(results) {
  const total = new Tally();
  console.log("");
  for (const { title, ms, tally, error } of results) {
    total.add(tally);
    const skipped = tally.skipped > 0 ? `, ${tally.skipped} skipped` : "";
    console.log(`${error ? "✗" : "✓"} ${title}: ${tally}${skipped} (${duration(ms)})`);
  }
  console.log(`\n${total}`);
  if (results.some(({ error }) => error)) process.exitCode = 1;
}

/** The groups after `--only`, or all. */
function groupsFromArgs() {
  const usage = `npm test -- --only ${GROUPS.join("|")} (several with commas)`;
  /** @type {string | undefined} */
  let only;
  try {
    only = parseArgs({ options: { only: { type: "string" } } }).values.only;
  } catch (error) {
    throw new UserError(`${/** @type {Error} */ (error).message}\n${usage}`);
  }
  if (only === undefined) return GROUPS;
  const groups = only.split(",");
  const unknown = groups.find((name) => !GROUPS.includes(name));
  if (unknown !== undefined) throw new UserError(`there are no "${unknown}" tests; ${usage}`);
  return groups;
}

/**
 * Installs what a group needs, once.
 *
 * @param {string} group
 */
function prepare(group) {
  const work = async () => {
    if (group === "rust" || group === "wasm") {
      await ensureRust();
      return group === "rust" ? ensureRustComponents() : ensureWasmTarget();
    }
    await ensureNodePackages();
    if (group === "types") return;
    await ensureChromium();
    if (group === "firefox") {
      await ensureFirefox();
      await ensureSoundServer();
    }
    if (group !== "node") return;
    await ensureRust();
    // The package is compared with the program, which cargo builds along with the test that runs it: with
    // the same features as all Rust tests, so that after them this does nothing.
    await cargo(["test", "--release", "--all-features", "--no-run", "--test", "command_line"]);
  };
  const done = prepared.get(group) ?? work();
  prepared.set(group, done);
  return done;
}

/**
 * @param {string[]} args
 * @param {Tally} [tally] counts the tests
 */
async function cargo(args, tally) {
  const colour = process.stdout.isTTY ? { CARGO_TERM_COLOR: "always" } : {};
  await run("cargo", args, { env: colour, ...(tally && { onOutput: tally.reader("cargo") }) });
}

/** @param {Tally} tally */
async function wasmTests(tally) {
  const { testRunner } = await ensureWasmBindgen();
  const env = { [`CARGO_TARGET_${WASM_TARGET.toUpperCase().replaceAll("-", "_")}_RUNNER`]: testRunner };
  const backends = ["--no-default-features", "--features", "flex,ndarray"];
  const args = ["test", "--release", "--target", WASM_TARGET, ...backends, "--test", "wasm"];
  await run("cargo", args, { env, onOutput: tally.reader("cargo") });
}

/** @param {string[]} projects folders with a tsconfig.json */
async function typescript(projects) {
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  for (const project of projects) await run(process.execPath, [compiler, "--noEmit", "-p", project]);
}

/**
 * @param {string} folder
 * @param {Tally} tally
 */
async function nodeTests(folder, tally) {
  const path = join(root, folder);
  const files = existsSync(path) ? readdirSync(path).filter((name) => name.endsWith(".test.mjs")) : [];
  if (files.length === 0) throw new UserError(`${folder} has no tests`);
  const colour = process.stdout.isTTY ? { FORCE_COLOR: "1" } : {};
  const args = ["--test", "--test-reporter=spec", ...files.sort().map((name) => join(folder, name))];
  await run(process.execPath, args, { env: colour, onOutput: tally.reader("node") });
}
