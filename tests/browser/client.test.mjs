// songmood/client as the packed archive has it: queue, cancelling, broken files, a worker that breaks, the microphone, the end.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch } from "../../scripts/chromium.mjs";
import { serve } from "../../scripts/serve.mjs";
import { installPackage } from "../node/support/installed.mjs";
import { floats, hum, silence, song, songFile, wav } from "./audio.mjs";
import { PATIENCE_MS, fakeMicrophone } from "./harness.mjs";

/** @typedef {typeof import("../../pkg/client.js")} Client */

/** @type {Awaited<ReturnType<typeof installPackage>>} */
let installed;
/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
/** @type {import("playwright-core").Browser} */
let browser;
const microphone = fakeMicrophone(wav([hum(30, { sampleRate: 48_000 })], 48_000));

// A worker with a real trap: `a` is a wasm function that is `unreachable`.
const TRAPPING = `import { operations } from "/node_modules/songmood/worker.js";
const code = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 97, 0, 0, 10, 5, 1, 3, 0, 0, 11);
const { a } = new WebAssembly.Instance(new WebAssembly.Module(code)).exports;
`;

// The first slice of the first song ends in it.
const TRAP = `${TRAPPING}const { open } = operations;
operations.open = (song) => (song.kind === "voice" ? a() : open(song));
`;

// The file can no longer be read at the second slice.
const BREAK = `import { operations } from "/node_modules/songmood/worker.js";
const { next } = operations;
let slices = 0;
operations.next = (song) => (++slices === 2 ? Promise.reject(Object.assign(new Error("it stopped"), { code: "pieces-broken" })) : next(song));
`;

// The second worker of a song traps where it should judge.
const JUDGE_TRAP = `${TRAPPING}operations.judge = a;
`;

before(async () => {
  installed = await installPackage("www");
  const files = {
    "index.html": '<!doctype html><meta charset="utf-8"><title>client</title><link rel="icon" href="data:,"><p>client</p>',
    "trap-worker.js": TRAP,
    "break-worker.js": BREAK,
    "judge-trap-worker.js": JUDGE_TRAP,
    "two-minutes.wav": floats(song(120, 8_000), 8_000),
    "long.wav": floats(song(40, 16_000), 16_000),
    "song.wav": songFile(9),
    "silence.wav": wav([silence(5)]),
    "text.txt": "This is no sound.",
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(installed.project, name), content);
  server = await serve({ port: 0, repository: installed.folder });
  browser = await launch(microphone.flags);
});
after(async () => {
  await browser?.close();
  await server?.close();
  await installed?.remove();
  microphone.remove();
});

/**
 * A page that has `client` (the module), `file(name)` and `codeOf(promise)`.
 *
 * @param {import("node:test").TestContext} t
 */
async function open(t) {
  const context = await browser.newContext({ permissions: ["microphone"] });
  t.after(() => context.close());
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  await page.goto(server.url);
  await page.evaluate(async () => {
    const module = "/node_modules/songmood/client.js";
    const codeOf = (/** @type {Promise<unknown>} */ promise) => promise.then(() => "fulfilled", ({ code, name }) => (typeof code === "string" ? code : name));
    Object.assign(window, { client: await import(module), codeOf, file: async (/** @type {string} */ name) => (await fetch(`/${name}`)).blob() });
  });
  return page;
}

test("songs are heard in the order of the calls, one at a time, and a broken one keeps no other from its turn", async (t) => {
  const page = await open(t);
  const { order, codes, mood, silent, empty } = await page.evaluate(async () => {
    const { client, file, codeOf } = /** @type {any} */ (window);
    const mood = await client.createSongmood();
    const song = await file("song.wav");
    /** @type {string[]} */
    const order = [];
    const hear = (/** @type {string} */ name, /** @type {unknown} */ source) => {
      const heard = mood.analyse(source, { onProgress: ({ stage }) => order.push(`${name} ${stage}`) });
      heard.finally(() => order.push(`${name} done`)).catch(() => {});
      return heard;
    };
    const first = hear("first", song);
    const codes = ["text.txt"].map(async (name) => codeOf(hear("text", await file(name))));
    codes.push(codeOf(hear("empty", new Blob([]))), codeOf(hear("number", 7)), codeOf(mood.analyse(new ArrayBuffer(3))));
    const last = mood.analyse(await file("silence.wav"));
    const empty = await mood.analyse(new Blob([])).catch((/** @type {Error} */ { message }) => message);
    const [analysis, told, quiet] = [await first, await Promise.all(codes), await last];
    return { empty, order, codes: told, mood: analysis.verdict.mood, silent: quiet.windows.every((/** @type {{ silent: boolean }} */ { silent }) => silent) };
  });
  assert.deepEqual(codes, ["not-audio", "empty-file", "invalid-source", "not-audio"]);
  assert.equal(typeof mood, "string");
  assert.match(empty, /no bytes/);
  assert.ok(silent);
  const done = order.indexOf("first done");
  for (const [i, step] of order.entries()) if (!step.startsWith("first") && !step.endsWith("waiting")) assert.ok(i > done, order.join(", "));
});

test("an aborted song rejects at once, whether it waits or is being heard, and the next goes on", async (t) => {
  const page = await open(t);
  const { codes, windows, early } = await page.evaluate(async () => {
    const { client, file, codeOf } = /** @type {any} */ (window);
    const mood = await client.createSongmood();
    const song = await file("song.wav");
    const [heard, waiting] = [new AbortController(), new AbortController()];
    const first = codeOf(mood.analyse(song, { signal: heard.signal, onProgress: ({ stage }) => stage === "listening" && heard.abort() }));
    const second = codeOf(mood.analyse(song, { signal: waiting.signal }));
    const third = mood.analyse(song);
    waiting.abort(new DOMException("changed my mind", "TimeoutError"));
    const early = await Promise.race([second, first.then(() => "late")]);
    const codes = [await first, await second, await codeOf(mood.analyse(song, { signal: AbortSignal.abort() }))];
    return { codes, windows: (await third).windows.length, early };
  });
  assert.deepEqual(codes, ["AbortError", "TimeoutError", "AbortError"]);
  assert.equal(early, "TimeoutError");
  assert.ok(windows > 0);
});

test("where the worker traps, its song fails with a code, and another worker takes the next", async (t) => {
  const page = await open(t);
  const { codes, windows, workers } = await page.evaluate(async () => {
    const { client, file, codeOf } = /** @type {any} */ (window);
    let workers = 0;
    const worker = () => {
      workers += 1;
      return new Worker("/trap-worker.js", { type: "module" });
    };
    const mood = await client.createSongmood({ worker });
    const song = await file("song.wav");
    const all = [mood.analyse(song, { kind: "voice" }), mood.analyse(song), mood.analyse(song, { kind: "voice" }), mood.analyse(song)];
    const codes = await Promise.all(all.map(codeOf));
    return { codes, windows: (await all[3]).windows.length, workers };
  });
  assert.deepEqual(codes, ["worker-crashed", "fulfilled", "worker-crashed", "fulfilled"]);
  assert.ok(windows > 0);
  assert.equal(workers, 3);
});

test("a song whose reading stops on the way is decoded as a whole, and each of its windows told once", async (t) => {
  const page = await open(t);
  const [broken, sound] = await page.evaluate(async () => {
    const { client, file } = /** @type {any} */ (window);
    const song = await file("long.wav");
    return Promise.all(["/break-worker.js", "/node_modules/songmood/worker.js"].map(async (address) => {
      const mood = await client.createSongmood({ worker: () => new Worker(address, { type: "module" }) });
      /** @type {number[]} */
      const told = [];
      const { windows, moods } = await mood.analyse(song, { onWindow: (/** @type {{ startS: number }} */ { startS }) => told.push(startS) });
      mood.dispose();
      return { told, windows: windows.length, moods };
    }));
  });
  assert.deepEqual(broken.told, sound.told);
  assert.ok(new Set(broken.told).size === broken.told.length && broken.told.length > 3, broken.told.join(" "));
  assert.equal(broken.windows, sound.windows);
  assert.deepEqual(broken.moods, sound.moods);
});

test("two workers share a long song and say what one says, also where the second breaks; it ends when nothing is left to share", async (t) => {
  const page = await open(t);
  await page.clock.install();
  await page.evaluate(async () => {
    const { client, file } = /** @type {any} */ (window);
    const song = await file("two-minutes.wav");
    /**
     * The first worker's slices wait until the second has loaded, so that there are some to share.
     * @param {string} [second] address of the second worker's module
     */
    const heard = async (second) => {
      /** @type {{ ops: string[], ended: boolean }[]} */
      const workers = [];
      /** @type {(value?: unknown) => void} */
      let loaded = () => {};
      const gate = second ? new Promise((resolve) => (loaded = resolve)) : Promise.resolve();
      const mood = await client.createSongmood({
        workers: second ? 2 : 1,
        worker: () => {
          const first = workers.length === 0;
          const about = { ops: /** @type {string[]} */ ([]), ended: false };
          workers.push(about);
          const worker = new Worker(first || !second ? "/node_modules/songmood/worker.js" : second, { type: "module" });
          const post = worker.postMessage.bind(worker);
          const end = worker.terminate.bind(worker);
          worker.postMessage = (/** @type {any} */ message, /** @type {any} */ transfer) => {
            about.ops.push(message.op);
            if (message.op === "next") gate.then(() => post(message, transfer));
            else post(message, transfer);
          };
          worker.terminate = () => {
            about.ended = true;
            end();
          };
          if (!first) worker.addEventListener("message", loaded, { once: true });
          return worker;
        },
      });
      /** @type {number[]} */
      const told = [];
      const { windows, moods } = await mood.analyse(song, { onWindow: (/** @type {{ startS: number }} */ { startS }) => told.push(startS) });
      return { mood, workers, told, said: JSON.stringify([windows, moods]) };
    };
    const [one, two, broken] = [await heard(), await heard("/node_modules/songmood/worker.js"), await heard("/judge-trap-worker.js")];
    Object.assign(window, { one, two, broken });
  });
  const state = () => page.evaluate(() => {
    const { one, two, broken } = /** @type {any} */ (window);
    return [one, two, broken].map(({ workers, told, said }) => ({ workers, told, said }));
  });
  const count = (/** @type {string[]} */ ops, /** @type {string} */ op) => ops.filter((other) => other === op).length;
  const [one, two, broken] = await state();
  assert.equal(one.workers.length, 1);
  assert.equal(two.said, one.said);
  assert.equal(broken.said, one.said);
  assert.ok(one.told.length > 100);
  assert.deepEqual([two.told, broken.told], [one.told, one.told]);
  const [first, second] = two.workers;
  assert.ok(count(second.ops, "judge") >= 2, second.ops.join());
  assert.equal(count(first.ops, "takeBack"), count(second.ops, "judge"));
  assert.ok(count(broken.workers[1].ops, "judge") >= 1 && broken.workers[1].ended, "the trap is real");
  assert.deepEqual(two.workers.map(({ ended }) => ended), [false, false]);
  await page.clock.fastForward(60_000);
  assert.deepEqual((await state())[1].workers.map(({ ended }) => ended), [false, true], "the second gives its memory back");
  await page.evaluate(() => /** @type {any} */ (window).two.mood.dispose());
  assert.deepEqual((await state())[1].workers.map(({ ended }) => ended), [true, true]);
});

test("what is missing or refused is told with its code, and disposing ends everything", async (t) => {
  const page = await open(t);
  const codes = await page.evaluate(async () => {
    const { client, file, codeOf } = /** @type {any} */ (window);
    const song = await file("song.wav");
    const mood = await client.createSongmood();
    const heard = codeOf(mood.analyse(song));
    mood.dispose();
    return {
      wasm: await codeOf(client.createSongmood({ wasm: "/nowhere.wasm" })),
      text: await codeOf(client.createSongmood({ wasm: "/text.txt" })),
      weights: await codeOf(client.createSongmood({ weights: { music: ["/nowhere.safetensors"] } })),
      rubbish: await codeOf(client.createSongmood({ weights: { voice: [new Uint8Array(100)] } })),
      worker: await codeOf(client.createSongmood({ worker: () => new Worker("/nowhere.js", { type: "module" }) })),
      heard: await heard,
      later: await codeOf(mood.analyse(song)),
      warm: await codeOf(mood.warmUp()),
      live: await codeOf(mood.live()),
    };
  });
  assert.deepEqual(codes, {
    wasm: "program-missing", text: "program-refused", weights: "models-missing", rubbish: "models-refused", worker: "program-missing",
    heard: "disposed", later: "disposed", warm: "disposed", live: "disposed",
  });
});

test("a worker that was warmed up says the same, and warming up makes way for a song", async (t) => {
  const page = await open(t);
  const { cold, warm, between, ops, after } = await page.evaluate(async () => {
    const { client, file, codeOf } = /** @type {any} */ (window);
    const song = await file("song.wav");
    /** What is asked of the worker. @type {{ op: string, song: number | undefined }[]} */
    const ops = [];
    /** @type {(op: string) => void} */
    let onOp = () => {};
    const watched = () => {
      const worker = new Worker("/node_modules/songmood/worker.js", { type: "module" });
      const post = worker.postMessage.bind(worker);
      worker.postMessage = (/** @type {any} */ message, /** @type {any} */ transfer) => {
        ops.push({ op: message.op, song: message.args?.song });
        post(message, transfer);
        onOp(message.op);
      };
      return worker;
    };
    const shares = async (/** @type {any} */ mood) => (await mood.analyse(song)).windows.map((/** @type {any} */ { moods }) => moods);
    const fresh = await client.createSongmood();
    const cold = await shares(fresh);
    fresh.dispose();
    const mood = await client.createSongmood({ worker: watched });
    await mood.warmUp();
    const pieces = ops.length;
    const warm = await shares(mood);
    mood.dispose();
    ops.length = 0;
    const busy = await client.createSongmood({ worker: watched });
    const warming = busy.warmUp();
    const between = await shares(busy);
    await warming;
    const seen = ops.splice(0);
    // Disposed of in the middle, it starts no worker again.
    const gone = await client.createSongmood({ worker: watched });
    onOp = (op) => op === "slice" && gone.dispose();
    const code = await codeOf(gone.warmUp());
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { cold, warm, between, ops: { pieces, seen }, after: { code, loads: ops.filter(({ op }) => op === "load").length } };
  });
  assert.deepEqual(warm, cold);
  assert.deepEqual(between, cold);
  assert.ok(ops.pieces >= 28, `${ops.pieces} requests`);
  const song = ops.seen.findIndex((request) => Boolean(request.song));
  const noise = ops.seen.slice(song).filter((request) => request.song === 0).map(({ op }) => op);
  assert.ok(song > 0 && !noise.includes("slice"), JSON.stringify(ops.seen));
  assert.ok(noise.includes("forget"), "what was heard of the noise is given back");
  assert.deepEqual(after, { code: "disposed", loads: 1 });
});

test("the microphone's windows come as it hears them, and a stream that is given stays open", async (t) => {
  const page = await open(t);
  const result = await page.evaluate(async () => {
    const { client, codeOf } = /** @type {any} */ (window);
    const mood = await client.createSongmood();
    /** @type {{ startS: number, silent: boolean }[]} */
    const windows = [];
    let levels = 0;
    /** @type {(value?: unknown) => void} */
    let enough = () => {};
    const heard = new Promise((resolve) => (enough = resolve));
    const live = await mood.live({
      onLevel: () => (levels += 1),
      onWindow: (/** @type {{ startS: number, silent: boolean }} */ window) => windows.push(window) === 2 && enough(),
    });
    const second = await codeOf(mood.live());
    await heard;
    live.pause();
    live.resume();
    await live.stop();
    const count = windows.length;
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const stop = new AbortController();
    const other = await mood.live({ stream, signal: stop.signal, onWindow: enough });
    stop.abort();
    await other.stop();
    const [track] = stream.getAudioTracks();
    const empty = await codeOf(mood.live({ stream: new MediaStream() }));
    return { second, levels, silent: windows.map(({ silent }) => silent), count, rate: live.granted.contextRate, models: live.networks.models.length, track: track.readyState, empty };
  });
  assert.equal(result.second, "already-listening");
  assert.ok(result.levels > 10);
  assert.deepEqual(result.silent.slice(0, 2), [false, false]);
  assert.ok(result.rate >= 8000);
  assert.equal(result.models, 2);
  assert.equal(result.track, "live");
  assert.equal(result.empty, "invalid-source");
});

test("a browser without SIMD is told so", async (t) => {
  const old = await launch(["--js-flags=--no-enable-sse4-1"]);
  t.after(() => old.close());
  const page = await old.newPage();
  await page.goto(server.url);
  const told = await page.evaluate(async () => {
    const [main, client] = ["/node_modules/songmood/songmood.js", "/node_modules/songmood/client.js"];
    const of = (/** @type {Promise<unknown>} */ promise) => promise.then(() => "fulfilled", ({ code, message }) => `${code}: ${message}`);
    return [await of((await import(main)).default()), await of((await import(client)).createSongmood())];
  });
  for (const text of told) assert.match(text, /^simd-missing: .*128-bit SIMD/);
});
