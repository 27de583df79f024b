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

test("holds the wasm, the networks, the entries with their modules and types, README and licences, and nothing else", async () => {
  const { weights, others } = {
    weights: installed.files.filter((path) => path.startsWith("weights/")),
    others: installed.files.filter((path) => !path.startsWith("weights/")),
  };
  /** @type {Record<string, string[]>} */
  const index = JSON.parse(await readFile(join(root, "models", "index.json"), "utf8"));
  assert.deepEqual(weights, Object.values(index).flat().map((name) => `weights/${name}`).sort());
  assert.deepEqual(others.filter((path) => !/^(client|element|pieces|view)\/[a-z\d-]+\.(js|d\.ts)$/.test(path)), [
    "BUILD.json",
    "LICENSE",
    "LICENSE-WEIGHTS",
    "README.md",
    "bindings.d.ts",
    "bindings.js",
    "capture-worklet.js",
    "client.d.ts",
    "client.js",
    "element.d.ts",
    "element.js",
    "files.js",
    "node.js",
    "package.json",
    "simd.js",
    "songmood.d.ts",
    "songmood.js",
    "songmood_bg.wasm",
    "weights-addresses.js",
    "weights-node.js",
    "weights.d.ts",
    "weights.js",
    "worker.d.ts",
    "worker.js",
  ]);
});

test("every file that an entry names is there, and every module that another imports", async () => {
  const folder = join(installed.project, "node_modules", "songmood");
  const { exports } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const named = Object.values(exports).flatMap((entry) => (typeof entry === "string" ? [entry] : Object.values(entry)));
  for (const path of named) if (!path.includes("*")) assert.ok(installed.files.includes(path.slice(2)), path);
  for (const path of installed.files.filter((name) => /\.(js|d\.ts)$/.test(name))) {
    const text = await readFile(join(folder, path), "utf8");
    for (const [, name = ""] of text.matchAll(/(?:from|import|import\(|URL\()\s*"(\.[^"]+)"/g)) {
      const wanted = new URL(name, `https://x/${path}`).pathname.slice(1);
      assert.ok(installed.files.includes(wanted), `${path} names ${wanted}`);
    }
  }
});

test("has the crate's version, a licence, no install scripts, no dependencies", async () => {
  const manifest = JSON.parse(await readFile(join(root, "pkg", "package.json"), "utf8"));
  const cargo = await readFile(join(root, "Cargo.toml"), "utf8");
  assert.equal(manifest.version, /^version = "([^"]+)"$/m.exec(cargo)?.[1]);
  assert.equal(manifest.license, "MIT AND CC-BY-NC-SA-4.0");
  assert.equal(manifest.type, "module");
  assert.equal(manifest.scripts, undefined);
  assert.equal(manifest.dependencies, undefined);
});

test("browsers' modules import nothing from outside the package", async () => {
  for (const name of installed.files.filter((path) => path.endsWith(".js") && !/^(weights-)?node\.js$/.test(path))) {
    const text = await readFile(join(root, "pkg", name), "utf8");
    for (const [, from] of text.matchAll(/^(?:import|export)\b[^;]*?\bfrom "([^"]+)"/gm)) assert.match(from ?? "", /^\.\.?\//, name);
    assert.equal(/node:|require\(/.exec(text), null, name);
  }
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

  test("the shipped networks come with songmood/weights", async () => {
    const result = await inProject(
      "weights.mjs",
      `import init, { Classifier } from "songmood";
       import { addresses, music, voice } from "songmood/weights";
       await init();
       const names = [];
       for (const files of [await music(), await voice()]) {
         const classifier = new Classifier(files);
         names.push(...classifier.models.map(({ domain, kind }) => domain + " " + kind));
         classifier.free();
       }
       const aborted = await voice({ signal: AbortSignal.abort() }).catch(({ name }) => name);
       console.log(JSON.stringify({ names, aborted, protocols: addresses.voice.map(({ protocol }) => protocol) }));`,
    );
    assert.deepEqual(result, { names: ["music cnn", "music rnn", "voice cnn", "voice rnn"], aborted: "AbortError", protocols: ["file:", "file:"] });
  });

  test("without SIMD it says so, with a code", () => {
    const script = 'import("songmood").then(({ default: init }) => init()).catch(({ code, message }) => console.log(`${code}: ${message}`))';
    const told = execFileSync(process.execPath, ["--no-enable-sse4-1", "-e", script], { cwd: installed.project, encoding: "utf8" });
    // The flag is for x86 alone; elsewhere there is nothing to be switched off.
    if (process.arch === "x64") assert.match(told, /^simd-missing: .*128-bit SIMD/);
  });

  test("importing the client in Node breaks nothing", async () => {
    assert.equal(await inProject("client.mjs", 'import { createSongmood } from "songmood/client"; console.log(JSON.stringify(typeof createSongmood));'), "function");
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
     import { createSongmood, type Analysis } from "songmood/client";
     import { SongMood } from "songmood/element";
     import { voice } from "songmood/weights";
     await init();
     const mood = await createSongmood({ weights: { voice: await voice() } });
     const analysis: Analysis = await mood.analyse(new Blob(), { onProgress: ({ stage, share }) => void [stage, share] });
     const element: SongMood | null = document.querySelector("song-mood");
     element?.addEventListener("verdict", ({ detail }) => void [detail.mood, detail.analysis, analysis.verdict]);
     element?.addEventListener("error", ({ detail }) => void detail.code);
     // @ts-expect-error there is no such kind
     mood.analyse(new Blob(), { kind: "noise" });
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
  for (const entry of [".", "./weights"]) assert.deepEqual(Object.keys(exports[entry]), ["types", "node", "default"]);
  for (const entry of Object.values(exports)) if (typeof entry === "object") assert.equal(Object.keys(entry).at(-1), "default");
});
