// npm run audit: what the dependencies are held to (deny.toml for Rust, scripts/locks.mjs for npm). Advisories need a network,
// and are said not to have been looked at where there is none.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cargoProblems, npmProblems } from "./locks.mjs";
import { UserError, entry, output, root, run, step } from "./process.mjs";
import { ensureRust } from "./toolchain.mjs";

const text = (/** @type {string} */ path) => readFileSync(join(root, path), "utf8");

/** @type {string[]} */
const notLookedAt = [];

await entry(async () => {
  await step("lock files", () => {
    const problems = [
      ...npmProblems(JSON.parse(text("package.json")), JSON.parse(text("package-lock.json"))),
      ...cargoProblems(text("Cargo.lock"), ["songmood"]),
      ...cargoProblems(text("fuzz/Cargo.lock"), ["songmood", "songmood-fuzz"]),
    ];
    if (problems.length > 0) throw new UserError(problems.join("\n"));
  });
  await step("advisories for npm packages", npmAdvisories);
  await ensureRust();
  if (output("cargo", ["deny", "--version"]) === undefined) {
    await step("install cargo-deny (once; some minutes)", () => run("cargo", ["install", "--locked", "cargo-deny"]));
  }
  await step("licences, duplicates and sources of crates", () => run("cargo", ["deny", "check", "licenses", "bans", "sources"]));
  await step("advisories for crates", crateAdvisories);
  for (const what of notLookedAt) console.log(`\n! not looked at: ${what}`);
});

function npmAdvisories() {
  const { found, error } = npmAudit();
  if (!found) return void notLookedAt.push(`advisories for npm packages (${error})`);
  if (found.total > 0) throw new UserError(`${found.total} advisories; \`npm audit\` names them`);
}

/** npm reads the lock file, so nothing need be installed. Its exit status tells of findings as of failures; what it says tells which. */
function npmAudit() {
  const npm = process.env.npm_execpath;
  const args = ["audit", "--package-lock-only", "--json"];
  const { stdout } = npm ? spawnSync(process.execPath, [npm, ...args], { cwd: root, encoding: "utf8" }) : spawnSync("npm", args, { cwd: root, encoding: "utf8" });
  try {
    /** @type {{ metadata?: { vulnerabilities: { total: number } }, message?: string }} */
    const { metadata, message = "no answer" } = JSON.parse(stdout);
    return metadata ? { found: metadata.vulnerabilities } : { error: message };
  } catch {
    return { error: "no answer" };
  }
}

async function crateAdvisories() {
  // Fetching is a step of its own, so that a database that cannot be had is told from a finding.
  if (output("cargo", ["deny", "fetch", "db"]) === undefined) return void notLookedAt.push("advisories for crates (the database cannot be fetched)");
  await run("cargo", ["deny", "check", "advisories"]);
}
