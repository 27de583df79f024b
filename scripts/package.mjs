// Makes sure that pkg/ belongs to the sources beside it.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { build } from "./build.mjs";
import { UserError, root } from "./process.mjs";
import { staleReasons } from "./stamp.mjs";
import { hasCargo } from "./toolchain.mjs";

/** Builds pkg/ if it is missing or older than its sources, and if there is Rust to do it with. */
export async function ensurePackage() {
  const reasons = await staleReasons(root);
  if (reasons.length === 0) return;
  console.log(`pkg/ has to be built: ${reasons[0]}${reasons.length > 1 ? ` (and ${reasons.length - 1} more)` : ""}`);
  if (hasCargo()) {
    await build();
    return;
  }
  if (!existsSync(join(root, "pkg", "songmood_bg.wasm"))) {
    throw new UserError("there is no package, and no Rust to build it with: install Rust (https://rustup.rs)");
  }
  console.log("Rust is not installed, so the package is used as it is; https://rustup.rs has Rust.");
}
