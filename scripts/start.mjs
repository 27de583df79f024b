// npm start: builds pkg/ if it does not belong to the sources, then serves the page.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { build } from "./build.mjs";
import { UserError, entry, root } from "./process.mjs";
import { portFromArgs, serve } from "./serve.mjs";
import { staleReasons } from "./stamp.mjs";
import { hasCargo } from "./toolchain.mjs";

await entry(async () => {
  const port = portFromArgs();
  const reasons = await staleReasons(root);
  if (reasons.length > 0) await refresh(reasons);
  const { url } = await serve({ port });
  console.log(`\nsongmood is at ${url}  (Ctrl-C stops it)`);
});

/** @param {string[]} reasons why pkg/ is not fresh */
async function refresh(reasons) {
  console.log(`pkg/ has to be built: ${reasons[0]}${reasons.length > 1 ? ` (and ${reasons.length - 1} more)` : ""}`);
  if (hasCargo()) {
    await build();
    return;
  }
  if (!existsSync(join(root, "pkg", "songmood_bg.wasm"))) {
    throw new UserError("there is no package, and no Rust to build it with: install Rust (https://rustup.rs)");
  }
  console.log("Rust is not installed, so the package is served as it is; https://rustup.rs has Rust.");
}
