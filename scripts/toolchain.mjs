// What a build needs besides Rust itself: a linker, the wasm target, wasm-bindgen, the node packages.
// Each `ensure…` looks first and installs only what is missing.

import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { aptInstall } from "./apt.mjs";
import { UserError, output, root, run, step, which } from "./process.mjs";

export const WASM_TARGET = "wasm32-unknown-unknown";

const RUST_MISSING =
  "Rust is needed for this. Install it with rustup (https://rustup.rs), open a new shell and try again.";

/** Whether cargo can be called. A rustup installed in this very shell is not on PATH yet: it is put there. */
export function hasCargo() {
  if (which("cargo")) return true;
  const folder = join(process.env.CARGO_HOME ?? join(homedir(), ".cargo"), "bin");
  if (!existsSync(join(folder, "cargo"))) return false;
  process.env.PATH = [folder, process.env.PATH].filter(Boolean).join(delimiter);
  return true;
}

/** Cargo, and the C linker that rustc calls (a bare machine with rustup has none). */
export async function ensureRust() {
  if (!hasCargo()) throw new UserError(RUST_MISSING);
  if (process.platform === "linux" && !which("cc")) {
    await step("install a linker (build-essential)", () => aptInstall(["build-essential"]));
  }
}

/** rustfmt and clippy, which rustup's minimal profile leaves out. */
export async function ensureRustComponents() {
  const missing = ["rustfmt", "clippy"].filter((name) => {
    const command = name === "rustfmt" ? "fmt" : name;
    return output("cargo", [command, "--version"]) === undefined;
  });
  if (missing.length === 0) return;
  const names = missing.join(" and ");
  if (!which("rustup")) throw new UserError(`this Rust lacks ${names}; install Rust with rustup (https://rustup.rs)`);
  await step(`add ${names}`, () => run("rustup", ["component", "add", ...missing]));
}

/** Rust's standard library for wasm. */
export async function ensureWasmTarget() {
  const folder = output("rustc", ["--print", "target-libdir", "--target", WASM_TARGET]);
  if (folder && existsSync(folder)) return;
  if (!which("rustup")) {
    throw new UserError(
      `this Rust has no standard library for ${WASM_TARGET}, and rustup is not there to add it; ` +
        "install Rust with rustup (https://rustup.rs)",
    );
  }
  await step(`add Rust's ${WASM_TARGET} target`, () => run("rustup", ["target", "add", WASM_TARGET]));
}

/**
 * wasm-bindgen's command line in the version that Cargo.lock holds: the two must match exactly.
 *
 * @returns {Promise<{ version: string, bindgen: string, testRunner: string }>} the programs to call
 */
export async function ensureWasmBindgen() {
  const version = lockedVersion(readFileSync(join(root, "Cargo.lock"), "utf8"), "wasm-bindgen");
  const suffix = process.platform === "win32" ? ".exe" : "";
  const at = (/** @type {string} */ folder) => ({
    version,
    bindgen: join(folder, `wasm-bindgen${suffix}`),
    testRunner: join(folder, `wasm-bindgen-test-runner${suffix}`),
  });
  const usable = (/** @type {ReturnType<typeof at>} */ tools) =>
    existsSync(tools.testRunner) && output(tools.bindgen, ["--version"]) === `wasm-bindgen ${version}`;

  const onPath = which("wasm-bindgen");
  if (onPath) {
    const tools = at(join(onPath, ".."));
    if (usable(tools)) return tools;
  }
  const installRoot = join(cacheFolder(), `wasm-bindgen-${version}`);
  const tools = at(join(installRoot, "bin"));
  if (!usable(tools)) {
    await step(`install wasm-bindgen ${version} (once; about four minutes on two cores)`, async () => {
      const args = ["install", "wasm-bindgen-cli", "--version", version, "--root", installRoot, "--force"];
      // Its lock file pins crates that a registry may no longer offer; a free resolution finds others.
      // The other way round, a new release of one of them may not build: then the lock is the way.
      await run("cargo", args).catch((error) => {
        console.log(`${error.message}; trying once more with its own lock file`);
        return run("cargo", [...args, "--locked"]);
      });
    });
    if (!usable(tools)) throw new UserError(`wasm-bindgen in ${installRoot} is not version ${version}`);
  }
  return tools;
}

/**
 * The version of a crate in a Cargo.lock.
 *
 * @param {string} lock the file's text
 * @param {string} name
 */
export function lockedVersion(lock, name) {
  const block = lock.split("[[package]]").find((text) => text.includes(`\nname = "${name}"\n`));
  const version = block?.match(/^version = "([^"]+)"$/m)?.[1];
  if (!version) throw new UserError(`Cargo.lock names no version of ${name}`);
  return version;
}

/** The node packages of package.json, in exactly the versions written there. */
export async function ensureNodePackages() {
  const wanted = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).devDependencies;
  const missing = Object.entries(wanted).filter(([name, version]) => installedVersion(name) !== version);
  if (missing.length === 0) return;
  await step("install node packages (npm ci)", () => {
    // Under npm this is npm's own script, which needs no shell on any system.
    const npm = process.env.npm_execpath;
    const args = ["ci", "--no-audit", "--no-fund"];
    return npm ? run(process.execPath, [npm, ...args]) : run("npm", args);
  });
}

/** @param {string} name */
function installedVersion(name) {
  try {
    return JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8")).version;
  } catch {
    return undefined;
  }
}

/** Where tools that all clones share are kept. */
function cacheFolder() {
  if (process.env.SONGMOOD_CACHE) return process.env.SONGMOOD_CACHE;
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "songmood");
}
