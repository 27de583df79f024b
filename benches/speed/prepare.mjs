// What the comparison needs, made once into target/bench: the peers, sounds, networks and what is right for them.

import { cp, mkdir, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { root, run, step } from "../../scripts/process.mjs";
import { WASM_TARGET } from "../../scripts/toolchain.mjs";
import { N_MFCC } from "../peers/by-hand.mjs";
import { mfccGraph, networks } from "./networks.mjs";
import { forward, mfcc } from "./reference.mjs";
import { sound } from "./sound.mjs";

export const FOLDER = join(root, "target", "bench");
const PEERS = join(root, "benches", "peers");
/** Inputs of which the networks' right outputs are computed. */
const CHECKED = 4;

const bytes = (values) => Buffer.from(values.buffer, values.byteOffset, values.byteLength);
const put = (name, values) => writeFile(join(FOLDER, name), Buffer.isBuffer(values) ? values : bytes(values));

/** Installs the peers where none are, or others than package.json says. */
async function install() {
  const manifest = await readFile(join(PEERS, "package.json"), "utf8");
  const installed = join(FOLDER, "installed.json");
  if (existsSync(installed) && (await readFile(installed, "utf8")) === manifest) return;
  await writeFile(join(FOLDER, "package.json"), manifest);
  const npm = ["install", "--prefix", FOLDER, "--ignore-scripts", "--legacy-peer-deps", "--no-audit", "--no-fund"];
  await step("install the peers (npm, 700 MB)", () => run(process.platform === "win32" ? "npm.cmd" : "npm", npm));
  await writeFile(installed, manifest);
}

/** Compiles the Rust peer. */
async function melspec() {
  const wasm = join(FOLDER, "melspec", WASM_TARGET, "release", "bench_melspec.wasm");
  const args = ["build", "--release", "--target", WASM_TARGET, "--manifest-path", join(PEERS, "melspec", "Cargo.toml")];
  // .cargo/config.toml gives it SIMD as it does songmood.
  if (!existsSync(wasm)) {
    await step("compile mel_spec to wasm", () => run("cargo", [...args, "--target-dir", join(FOLDER, "melspec")]));
  }
  await cp(wasm, join(FOLDER, "bench_melspec.wasm"));
}

/** One bundle for each peer. @returns {Promise<string[]>} their names, songmood first */
async function bundle() {
  const names = (await readdir(PEERS)).filter((name) => name.endsWith(".mjs") && name !== "by-hand.mjs").map((name) => name.slice(0, -4));
  await build({
    entryPoints: names.map((name) => join(PEERS, `${name}.mjs`)),
    outdir: join(FOLDER, "dist"),
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    platform: "browser",
    nodePaths: [join(FOLDER, "node_modules")],
    conditions: ["onnxruntime-web-use-extern-wasm"],
    external: ["fs", "path", "crypto", "util", "worker_threads", "perf_hooks", "os"],
    logLevel: "error",
  });
  return names.sort((a, b) => Number(b === "songmood") - Number(a === "songmood") || a.localeCompare(b));
}

/** A little-endian f32 array in C order. */
async function npy(name) {
  const file = await readFile(join(root, "tests", "golden", name));
  return new Float32Array(Uint8Array.from(file.subarray(10 + file.readUInt16LE(8))).buffer);
}

/** The sounds and their MFCCs in double precision, which themselves are held against librosa's. */
async function sounds() {
  const [clip, rows] = await Promise.all([npy("chirp_noise_4s.pcm22050.npy"), npy("chirp_noise_4s.mfcc40.npy")]);
  // librosa's arrays hold one row for each coefficient.
  const frames = rows.length / N_MFCC;
  const librosa = rows.map((_, i) => rows[(i % N_MFCC) * frames + Math.floor(i / N_MFCC)]);
  await put("audio/golden.f32", clip);
  await put("audio/golden.mfcc.f32", librosa);
  const error = mfcc(clip, 22_050).reduce((worst, value, i) => Math.max(worst, Math.abs(value - librosa[i])), 0);
  if (!(error < 1e-3)) throw new Error(`the reference differs from librosa by ${error}`);
  for (const [name, seconds, sampleRate] of [["180s", 180, 22_050], ["song_44100", 180, 44_100]]) {
    const pcm = sound(seconds, sampleRate);
    await put(`audio/${name}.f32`, pcm);
    if (sampleRate === 22_050) await put(`audio/${name}.mfcc.f32`, Float32Array.from(mfcc(pcm, sampleRate)));
  }
  return error;
}

async function models() {
  for (const network of networks()) {
    const { name, shape, keras, inputs } = network;
    const values = shape.reduce((a, b) => a * b);
    const expected = Array.from({ length: CHECKED }, (_, i) => [...forward(network, inputs.subarray(i * values, (i + 1) * values))]);
    let offset = 0;
    const manifest = keras.map(({ shape, values: { length } }) => ({ shape, length, offset: (offset += length) - length }));
    await put(`models/${name}.safetensors`, network.safetensors);
    await put(`models/${name}.onnx`, network.onnx);
    await put(`models/${name}.inputs.f32`, inputs);
    await put(`models/${name}.expected.f32`, Float32Array.from(expected.flat()));
    await put(`models/${name}.keras.f32`, Float32Array.from(keras.flatMap(({ values }) => [...values])));
    await writeFile(join(FOLDER, "models", `${name}.json`), JSON.stringify({ shape, keras: manifest }));
  }
  await put("models/mfcc_22050.onnx", mfccGraph(22_050));
}

/** Prepares everything; what is there already is not made again. @returns {Promise<string[]>} the peers */
export async function prepare() {
  for (const name of ["audio", "models", "dist"]) await mkdir(join(FOLDER, name), { recursive: true });
  await install();
  await melspec();
  const made = join(FOLDER, "made");
  const sources = ["sound.mjs", "reference.mjs", "networks.mjs", "onnx.mjs", "prepare.mjs", "../peers/by-hand.mjs"];
  const newest = Math.max(...(await Promise.all(sources.map(async (name) => (await stat(join(root, "benches", "speed", name))).mtimeMs))));
  if (!existsSync(made) || (await stat(made)).mtimeMs < newest) {
    await step("make sounds and networks, and what is right for them", async () => {
      await models();
      await writeFile(made, `the reference differs from librosa by ${await sounds()}\n`);
    });
  }
  return bundle();
}
