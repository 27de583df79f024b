// The package.json of pkg/: its entries, and which of them is for whom.

/** @typedef {{ version: string, description: string, license: string }} Crate */

/**
 * Conditions are tried in order: types have to come first, the fallback last. `node` is for what reads files; the rest is for
 * browsers, their workers and bundlers.
 *
 * @param {Crate} crate
 */
export const manifestOf = (crate) => ({
  name: "songmood",
  version: crate.version,
  description: crate.description,
  // The networks' licence is not the code's.
  license: `${crate.license} AND CC-BY-NC-SA-4.0`,
  keywords: ["emotion", "mood", "music", "voice", "mfcc", "audio", "wasm"],
  type: "module",
  // A worker and an element do their work by being imported.
  sideEffects: ["./worker.js", "./element.js"],
  main: "./node.js",
  browser: "./songmood.js",
  types: "./songmood.d.ts",
  exports: {
    ".": { types: "./songmood.d.ts", node: "./node.js", default: "./songmood.js" },
    "./client": { types: "./client.d.ts", default: "./client.js" },
    "./element": { types: "./element.d.ts", default: "./element.js" },
    "./weights": { types: "./weights.d.ts", node: "./weights-node.js", default: "./weights.js" },
    "./worker": { types: "./worker.d.ts", default: "./worker.js" },
    "./capture-worklet.js": "./capture-worklet.js",
    "./songmood_bg.wasm": "./songmood_bg.wasm",
    "./weights/*": "./weights/*",
    "./package.json": "./package.json",
  },
  files: ["*.js", "*.d.ts", "client", "element", "pieces", "view", "weights", "songmood_bg.wasm", "BUILD.json", "LICENSE-WEIGHTS"],
  engines: { node: ">=20" },
});
