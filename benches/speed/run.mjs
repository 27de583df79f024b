// npm run bench: songmood and its peers in one page of one Chromium, on the same samples and weights.
//
//   npm run bench -- [--tasks mfcc,forward,moods,whole,size,growth,training] [--peers songmood,onnxruntime] [--rounds 15]
//
// Every result is checked before it is timed. Peers take turns, so that other work on the machine meets them all alike: trust
// the ratios, not the milliseconds. Prints tables and writes target/bench/results.json.

import { readdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { launch } from "../../scripts/chromium.mjs";
import { ensureNodePackages, ensureRust, ensureWasmTarget } from "../../scripts/toolchain.mjs";
import { UserError, entry, output, run } from "../../scripts/process.mjs";
import { lift } from "./priority.mjs";
import { isolated } from "./server.mjs";
import { sizes } from "./size.mjs";
import { forwardTable, mfccTable, moodsTable, sizeTable, wholeTable } from "./table.mjs";

const TASKS = ["mfcc", "forward", "moods", "whole", "size", "growth", "training"];
/** What runs in the browser; the rest are programs of their own, see benches/growth and benches/training. */
const IN_BROWSER = ["mfcc", "forward", "moods", "whole", "size"];
const NETS = ["cnn", "rnn", "cnn-2d"];
/** Largest error of ours that is let through: MFCC in their own unit, probabilities. */
const ALLOWED = { mfcc: 1e-3, forward: 1e-5 };

const { values: options } = parseArgs({
  options: { tasks: { type: "string", default: TASKS.join(",") }, peers: { type: "string" }, rounds: { type: "string", default: "15" } },
});

await entry(async () => {
  const tasks = options.tasks.split(",");
  const unknown = tasks.find((task) => !TASKS.includes(task));
  if (unknown) throw new UserError(`there is no task "${unknown}"; take ${TASKS.join(", ")}`);
  const rounds = Number(options.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new UserError("--rounds takes a whole number from 1 on");
  await ensureNodePackages();
  await ensureRust();
  await ensureWasmTarget();
  if (tasks.some((task) => IN_BROWSER.includes(task))) await compare(tasks, rounds);
  if (tasks.includes("growth")) {
    console.log("");
    await run(process.execPath, ["benches/growth/run.mjs"]);
  }
  if (tasks.includes("training")) await training();
});

/** Against PyTorch, where Python has it. */
async function training() {
  console.log("");
  if (output("python3", ["-c", "import numpy, safetensors, torch"]) === undefined) {
    console.log("Training is left out: python3 has no torch, numpy and safetensors.");
    return;
  }
  // With the features of the tests, so that one build of burn serves both.
  await run("cargo", ["build", "--release", "--all-features"]);
  await run("python3", ["benches/training/run.py", "--json", "target/bench/training.json"]);
}

/** @param {string[]} tasks @param {number} rounds */
async function compare(tasks, rounds) {
  const { FOLDER, prepare } = await import("./prepare.mjs");
  const available = await prepare();
  const chosen = options.peers?.split(",") ?? available;
  const missing = chosen.find((name) => !available.includes(name));
  if (missing) throw new UserError(`there is no peer "${missing}"; take ${available.join(", ")}`);

  const server = await isolated();
  const browser = await launch(["--autoplay-policy=no-user-gesture-required"]);
  const results = { when: new Date().toISOString(), cpu: cpus()[0]?.model, cores: cpus().length, chromium: browser.version(), rounds, load: [loadavg()[0]] };
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(600_000);
    page.on("console", (message) => console.error(`  ${message.text().slice(0, 200)}`));
    page.on("pageerror", (error) => console.error(error.message));
    await page.goto(`${server.url}benches/speed/page.html`);
    await page.waitForFunction(() => "bench" in window);
    lift();
    await page.evaluate((folders) => { globalThis.benchFolders = folders; }, folders(FOLDER));
    if (tasks.includes("mfcc") || tasks.includes("forward")) await measure(page, tasks, chosen, rounds, results);
    if (tasks.includes("moods")) {
      results.moods = {};
      for (const domain of ["voice", "music"]) results.moods[domain] = await page.evaluate((a) => bench.moods(...a), [domain, 5]);
      console.log(`\n${moodsTable(results.moods)}`);
    }
    if (tasks.includes("whole")) {
      const { song, whole } = await import("./whole.mjs");
      const file = await song(FOLDER);
      results.whole = await whole(server.url, file, chosen, Math.min(rounds, 5));
      console.log(`\n${wholeTable(results.whole, file)}`);
    }
  } finally {
    await browser.close();
    server.close();
  }
  if (tasks.includes("size")) {
    results.size = await sizes();
    console.log(`\n${sizeTable(results.size)}`);
  }
  results.load.push(loadavg()[0]);
  const path = join(FOLDER, "results.json");
  writeFileSync(path, `${JSON.stringify(results, null, 1)}\n`);
  console.log(`\n${results.cpu}, ${results.cores} cores, load ${results.load.map((load) => load.toFixed(1)).join(" to ")}, Chromium ${results.chromium}; one thread each.\nWritten to ${path}`);
}

/** Folders of onnxruntime's wasm that there are; npm decides where it puts the second one. */
function folders(folder) {
  return ["@huggingface/transformers/node_modules/onnxruntime-web", "onnxruntime-web"]
    .filter((name) => { try { return readdirSync(join(folder, "node_modules", name, "dist")).length > 0; } catch { return false; } })
    .map((name) => `/target/bench/node_modules/${name}/dist/`);
}

async function measure(page, tasks, chosen, rounds, results) {
  results.peers = [];
  for (const file of chosen) results.peers.push(await page.evaluate((name) => bench.load(name), file));
  const check = (kind, what, error) => {
    if (!(error <= ALLOWED[kind])) throw new UserError(`songmood's ${what} is off by ${error}: nothing is timed before that is mended`);
  };
  if (tasks.includes("mfcc")) {
    results.golden = await page.evaluate(() => bench.golden());
    check("mfcc", "MFCC of the golden clip", results.golden.songmood ?? 0);
    results.mfcc = await page.evaluate((a) => bench.mfcc(...a), ["180s", 22_050, { rounds, budgetMs: 5_000 }]);
    check("mfcc", "MFCC of 180 s", results.mfcc.songmood?.error ?? 0);
    console.log(`\n${mfccTable(results.mfcc, results.golden)}`);
  }
  if (tasks.includes("forward")) {
    results.forward = {};
    for (const net of NETS) {
      for (const batch of [1, 64]) {
        const result = await page.evaluate((a) => bench.forward(...a), [net, batch, { rounds, budgetMs: 20_000 }]);
        check("forward", `${net}, batch ${batch}`, result.songmood?.error ?? 0);
        results.forward[`${net}@${batch}`] = result;
      }
    }
    console.log(`\n${forwardTable(results.forward)}`);
  }
}
