// npm run build: Rust → wasm → pkg/, the npm package. Nothing is installed that is there already.

import { chmod, cp, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { manifestOf } from "./manifest.mjs";
import { UserError, entry, output, root, run, step } from "./process.mjs";
import { writeStamp } from "./stamp.mjs";
import { WASM_TARGET, ensureRust, ensureWasmBindgen, ensureWasmTarget } from "./toolchain.mjs";

// What determines pkg/ besides the Rust sources that cargo reports, the modules in js/ and the networks.
const OTHER_SOURCES = [
  "Cargo.toml",
  "Cargo.lock",
  ".cargo/config.toml",
  "LICENSE",
  "LICENSE-WEIGHTS",
  "models/index.json",
  "scripts/build.mjs",
  "scripts/manifest.mjs",
];
/** For the type checker of the repository, not for the package. */
const NOT_SHIPPED = new Set(["tsconfig.json", "client/worklet.d.ts"]);

/** Builds pkg/ from the sources, installing what that takes. */
export async function build() {
  await ensureRust();
  await ensureWasmTarget();
  const { version, bindgen } = await ensureWasmBindgen();

  const started = Date.now();
  const { crate, targetFolder } = metadata();
  const compiled = join(targetFolder, WASM_TARGET, "wasm");
  await step("compile to wasm (six to eight minutes the first time)", () => compile());

  // Built aside and moved in at the end, so that an interrupted build leaves the old package whole.
  const folder = await mkdtemp(join(root, ".pkg-"));
  await chmod(folder, 0o755);
  try {
    await step("generate the JavaScript and the types", () => bind(bindgen, join(compiled, "songmood.wasm"), folder));
    await step("complete the package", async () => {
      const own = await addOwnFiles(folder, crate);
      const rust = await rustSources(join(compiled, "songmood.d"), targetFolder);
      const sources = [...rust, ...own, ...OTHER_SOURCES];
      await assertUnchangedSince(started, sources);
      await writeStamp(root, folder, sources, {
        rustc: output("rustc", ["--version"]) ?? "unknown",
        "wasm-bindgen": version,
      });
    });
    await rm(join(root, "pkg"), { recursive: true, force: true });
    await rename(folder, join(root, "pkg"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  await report();
}

/** What cargo knows: the crate's manifest and where it builds. */
function metadata() {
  const text = output("cargo", ["metadata", "--format-version", "1", "--no-deps"]);
  if (!text) throw new UserError("`cargo metadata` failed: is Cargo.toml sound?");
  const { packages, target_directory } = JSON.parse(text);
  const crate = packages.find((/** @type {{ name: string }} */ { name }) => name === "songmood");
  return { crate, targetFolder: target_directory };
}

async function compile() {
  // Panics carry the path of their source; this keeps the builder's home out of the package.
  const home = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
  const flags = JSON.stringify([`--remap-path-prefix=${join(home, "registry", "src")}=crates`]);
  const config = `target.${WASM_TARGET}.rustflags=${flags}`;
  await run("cargo", ["build", "--lib", "--profile", "wasm", "--target", WASM_TARGET, "--config", config]);
}

/**
 * wasm-bindgen's JavaScript becomes bindings.js; songmood.js is our entry on top of it.
 *
 * The wasm is not optimised any further: wasm-opt -O3 makes it 11 % smaller on disk but 8 % larger to
 * download (brotli), and the MFCCs are not faster for it.
 *
 * @param {string} bindgen
 * @param {string} wasm
 * @param {string} folder
 */
async function bind(bindgen, wasm, folder) {
  const strip = ["--remove-name-section", "--remove-producers-section"];
  await run(bindgen, ["--target", "web", "--out-name", "songmood", "--out-dir", folder, ...strip, wasm]);
  await rm(join(folder, "songmood_bg.wasm.d.ts"), { force: true });
  const script = await readFile(join(folder, "songmood.js"), "utf8");
  await writeFile(join(folder, "bindings.js"), script.replace('"./songmood.d.ts"', '"./bindings.d.ts"'));
  const types = await readFile(join(folder, "songmood.d.ts"), "utf8");
  // The generated classes have [Symbol.dispose], which not every project's settings know.
  await writeFile(join(folder, "bindings.d.ts"), `/// <reference lib="esnext.disposable" />\n${types}`);
}

/**
 * The modules, the networks, the licences and the manifest.
 *
 * @param {string} folder
 * @param {import("./manifest.mjs").Crate} crate
 * @returns {Promise<string[]>} what they were copied from, relative to the repository
 */
async function addOwnFiles(folder, crate) {
  const all = await readdir(join(root, "src", "js"), { recursive: true, withFileTypes: true });
  const modules = all
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map((entry) => relative(join(root, "src", "js"), join(entry.parentPath ?? entry.path, entry.name)).replaceAll("\\", "/"))
    .filter((path) => !NOT_SHIPPED.has(path));
  /** @type {Record<string, string[]>} */
  const networks = JSON.parse(await readFile(join(root, "models", "index.json"), "utf8"));
  const weights = Object.values(networks).flat();
  for (const path of modules) await cp(join(root, "src", "js", path), join(folder, path));
  for (const name of weights) await cp(join(root, "models", name), join(folder, "weights", name));
  for (const name of ["LICENSE", "LICENSE-WEIGHTS"]) await cp(join(root, name), join(folder, name));
  await writeFile(join(folder, "package.json"), `${JSON.stringify(manifestOf(crate), null, 2)}\n`);
  return [...modules.map((path) => `src/js/${path}`), ...weights.map((name) => `models/${name}`)];
}

/**
 * The repository's own files among those that cargo says went into the library.
 *
 * @param {string} depInfo cargo's list, as make reads it: `output: source source …`, spaces escaped
 * @param {string} targetFolder what is made in here is no source
 */
async function rustSources(depInfo, targetFolder) {
  const text = await readFile(depInfo, "utf8");
  const list = text.slice(text.indexOf(": ") + 2).trim();
  const inside = (/** @type {string} */ path, /** @type {string} */ folder) => {
    const way = relative(folder, path);
    return !way.startsWith("..") && !isAbsolute(way);
  };
  const own = list
    .split(/(?<!\\)\s+/)
    .map((path) => resolve(root, path.replaceAll("\\ ", " ")))
    .filter((path) => inside(path, root) && !inside(path, targetFolder))
    .map((path) => relative(root, path).replaceAll("\\", "/"));
  if (!own.includes("src/lib.rs")) throw new Error(`${depInfo} does not name src/lib.rs`);
  return own;
}

/**
 * The stamp must not vouch for a source that was edited while cargo read it.
 *
 * @param {number} started milliseconds since 1970
 * @param {string[]} sources
 */
async function assertUnchangedSince(started, sources) {
  for (const path of sources) {
    if ((await stat(join(root, path))).mtimeMs > started) {
      throw new UserError(`${path} was changed during the build; run npm run build again`);
    }
  }
}

async function report() {
  const wasm = join(root, "pkg", "songmood_bg.wasm");
  const raw = (await stat(wasm)).size;
  const packed = brotliCompressSync(await readFile(wasm)).length;
  const kb = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(0)} kB`;
  console.log(`\npkg/ is built: songmood_bg.wasm ${kb(raw)}, ${kb(packed)} with brotli`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await entry(build);
