// Child processes and the lines that say what is being done.

import { spawn, spawnSync } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root, with a trailing separator. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/** Something the user can put right; printed without a stack. */
export class UserError extends Error {}

/**
 * Runs a command in the repository's root with our own output streams and without standard input.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{
 *   env?: NodeJS.ProcessEnv,
 *   onOutput?: (text: string) => void,
 * }} [options] `onOutput` sees what goes to standard output, which is passed on as well.
 * @returns {Promise<void>} rejects with a `UserError` when the command does not end with 0
 */
export function run(command, args, options = {}) {
  const { env = {}, onOutput } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ["ignore", onOutput ? "pipe" : "inherit", "inherit"],
    });
    child.stdout?.setEncoding("utf8").on("data", (text) => {
      process.stdout.write(text);
      onOutput?.(text);
    });
    const line = [command, ...args].join(" ");
    child.on("error", (error) => reject(new UserError(`cannot run \`${line}\`: ${error.message}`)));
    child.on("close", (code, signal) => {
      if (code === 0) resolve();
      else reject(new UserError(`\`${line}\` ended with ${signal ?? code}`));
    });
  });
}

/**
 * What a command prints on standard output, or undefined if it cannot be run or fails.
 *
 * @param {string} command
 * @param {string[]} args
 */
export function output(command, args) {
  const { status, stdout } = spawnSync(command, args, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["ignore", "pipe", "ignore"],
  });
  return status === 0 ? stdout.trim() : undefined;
}

/**
 * The full path of a program, looked up on PATH.
 *
 * @param {string} name
 */
export function which(name) {
  const suffixes = process.platform === "win32" ? [".exe", ".cmd"] : [""];
  for (const folder of (process.env.PATH ?? "").split(delimiter).filter(Boolean)) {
    for (const suffix of suffixes) {
      const path = join(folder, name + suffix);
      try {
        accessSync(path, constants.X_OK);
        if (statSync(path).isFile()) return path;
      } catch {
        // Not here; look in the next folder.
      }
    }
  }
  return undefined;
}

/**
 * Says what is being done, does it, and says how long it took.
 *
 * @template T
 * @param {string} title
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  console.log(`\n▸ ${title}`);
  const started = performance.now();
  const result = await work();
  console.log(`✓ ${title} (${duration(performance.now() - started)})`);
  return result;
}

/** @param {number} ms */
export function duration(ms) {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/**
 * Runs a script's main function; a `UserError` ends it with its message alone.
 *
 * @param {() => Promise<unknown>} main
 */
export async function entry(main) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof UserError ? `\n✗ ${error.message}` : error);
    process.exitCode = 1;
  }
}
