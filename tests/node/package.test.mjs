// The npm package as it is installed: its files, its entries, and how it starts.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { root } from "../../scripts/process.mjs";
import { installPackage } from "./support/installed.mjs";

/** @type {Awaited<ReturnType<typeof installPackage>>} */
let installed;
before(async () => (installed = await installPackage()));
after(() => installed.remove());

/**
 * What a script in a project that depends on songmood prints, as JSON.
 *
 * @param {string} name
 * @param {string} script
 */
async function inProject(name, script) {
  const path = join(installed.project, name);
  await writeFile(path, script);
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
  return JSON.parse(execFileSync(process.execPath, [path], { cwd: installed.project, encoding: "utf8", env }));
}

test("holds the wasm, its two entries, types, README and licence, and nothing else", () => {
  assert.deepEqual(installed.files, [
    "BUILD.json",
    "LICENSE",
    "README.md",
    "bindings.d.ts",
    "bindings.js",
    "node.js",
    "package.json",
    "songmood.d.ts",
    "songmood.js",
    "songmood_bg.wasm",
  ]);
});

test("has the crate's version, a licence, no install scripts, no dependencies", async () => {
  const manifest = JSON.parse(await readFile(join(root, "pkg", "package.json"), "utf8"));
  const cargo = await readFile(join(root, "Cargo.toml"), "utf8");
  assert.equal(manifest.version, /^version = "([^"]+)"$/m.exec(cargo)?.[1]);
  assert.equal(manifest.license, "MIT");
  assert.equal(manifest.type, "module");
  assert.equal(manifest.scripts, undefined);
  assert.equal(manifest.dependencies, undefined);
});

test("the browsers' entry imports nothing from outside the package", async () => {
  const imports = [];
  for (const name of ["songmood.js", "bindings.js"]) {
    const text = await readFile(join(root, "pkg", name), "utf8");
    for (const [, from] of text.matchAll(/\b(?:from|import)\s*\(?\s*["']([^"']+)["']/g)) imports.push(from);
  }
  assert.deepEqual(imports, ["./bindings.js", "./bindings.js"]);
});

test("the wasm carries no path of the machine that built it, no names and no debug information", async () => {
  const bytes = await readFile(join(root, "pkg", "songmood_bg.wasm"));
  const module = new WebAssembly.Module(bytes);
  for (const section of ["name", "producers", ".debug_info"]) {
    assert.deepEqual(WebAssembly.Module.customSections(module, section), [], section);
  }
  assert.equal(/\/(?:root|home|Users)\/|[A-Z]:\\/.exec(bytes.toString("latin1")), null);
});

describe("in Node", () => {
  test('import … from "songmood" and await init() is all it takes', async () => {
    const result = await inProject(
      "plain.mjs",
      `import init, { mfcc, Classifier } from "songmood";
       await init();
       const { frames, coefficients, data } = mfcc(new Float32Array(22050), 22050);
       console.log(JSON.stringify({ frames, coefficients, length: data.length, kind: typeof Classifier }));`,
    );
    assert.deepEqual(result, { frames: 44, coefficients: 40, length: 44 * 40, kind: "function" });
  });

  test("the entry exports what the surface names", async () => {
    const names = await inProject("names.mjs", 'console.log(JSON.stringify(Object.keys(await import("songmood"))));');
    for (const name of ["Classifier", "LiveClassifier", "default", "mfcc", "sampleRateOf"]) {
      assert.ok(names.includes(name), name);
    }
  });

  test("works in a worker thread", async () => {
    const result = await inProject(
      "threads.mjs",
      `import { Worker, isMainThread, parentPort } from "node:worker_threads";
       import init, { mfcc } from "songmood";
       if (isMainThread) new Worker(new URL(import.meta.url)).on("message", (frames) => console.log(frames));
       else { await init(); parentPort.postMessage(mfcc(new Float32Array(22050), 22050).frames); }`,
    );
    assert.equal(result, 44);
  });

  const wasm = "new URL(import.meta.resolve('songmood/songmood_bg.wasm'))";
  for (const [name, source] of [
    ["a URL", wasm],
    ["a file address", `${wasm}.href`],
    ["bytes", `await readFile(${wasm})`],
    ["an ArrayBuffer", `new Uint8Array(await readFile(${wasm})).buffer`],
    ["a promise of bytes", `readFile(${wasm})`],
    ["a compiled module", `await WebAssembly.compile(await readFile(${wasm}))`],
    ["a response", `new Response(await readFile(${wasm}), { headers: { "Content-Type": "application/wasm" } })`],
    ["wasm-bindgen's object", `{ module_or_path: await readFile(${wasm}) }`],
  ]) {
    test(`init takes ${name}, without a warning`, async () => {
      const result = await inProject(
        "source.mjs",
        `import { readFile } from "node:fs/promises";
         import init, { mfcc } from "songmood";
         const warnings = [];
         console.warn = (...parts) => warnings.push(parts.join(" "));
         await init(${source});
         console.log(JSON.stringify({ frames: mfcc(new Float32Array(22050), 22050).frames, warnings }));`,
      );
      assert.deepEqual(result, { frames: 44, warnings: [] });
    });
  }

  test("a failed start can be repeated, and a repeated start keeps the memory", async () => {
    const result = await inProject(
      "again.mjs",
      `import init, { Classifier, mfcc } from "songmood";
       const failures = [];
       for (const source of [new Uint8Array([1, 2, 3]), new URL("nowhere.wasm", import.meta.url)]) {
         await init(source).catch((error) => failures.push(error.constructor.name));
       }
       await Promise.all([init(), init(), init()]);
       const before = mfcc(new Float32Array(2048).fill(0.1), 22050);
       await init();
       const after = mfcc(new Float32Array(2048).fill(0.1), 22050);
       console.log(JSON.stringify({ failures, same: before.data.every((value, i) => value === after.data[i]) }));`,
    );
    assert.deepEqual(result, { failures: ["CompileError", "Error"], same: true });
  });
});

test("the types are found from a project that installed it", async () => {
  await writeFile(
    join(installed.project, "use.ts"),
    `import init, { mfcc } from "songmood";
     await init();
     const frames: number = mfcc(new Float32Array(1), 22050).frames;
     // @ts-expect-error samples are no text
     mfcc("samples", 22050);
     export { frames };`,
  );
  for (const [module, resolution] of [["nodenext", "nodenext"], ["esnext", "bundler"]]) {
    const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
    const settings = ["--strict", "--noEmit", "--target", "es2022", "--lib", "es2022,dom"];
    const how = ["--module", module ?? "", "--moduleResolution", resolution ?? "", "--types", ""];
    execFileSync(process.execPath, [compiler, ...settings, ...how, "use.ts"], { cwd: installed.project });
  }
});

test("bundlers and browsers get the entry without Node's modules", async () => {
  const { exports } = JSON.parse(await readFile(join(root, "pkg", "package.json"), "utf8"));
  assert.equal(exports["."].default, "./songmood.js");
  assert.equal(exports["."].node, "./node.js");
  // Conditions are tried in order: types have to come first, the fallback last.
  assert.deepEqual(Object.keys(exports["."]), ["types", "node", "default"]);
});
