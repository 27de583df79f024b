// What can be checked of the dependencies without a network and without installing anything: that lock files pin all of them.

/** Packages of npm that may run a script when they are installed: binaries are put into place. */
const MAY_RUN_SCRIPTS = new Set(["esbuild", "fsevents"]);

/**
 * @param {{ dependencies?: Record<string, string>, devDependencies?: Record<string, string> }} manifest a package.json
 * @param {{ packages: Record<string, { version?: string, resolved?: string, integrity?: string, hasInstallScript?: boolean, link?: boolean, devDependencies?: Record<string, string> }> }} lock its package-lock.json
 * @returns {string[]} what is wrong, a sentence each
 */
export function npmProblems(manifest, lock) {
  const problems = [];
  for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
    if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) problems.push(`package.json asks for ${name} ${version}: not one version`);
    const locked = lock.packages[`node_modules/${name}`]?.version;
    if (locked !== version) problems.push(`package.json asks for ${name} ${version}, package-lock.json has ${locked ?? "none"}`);
  }
  for (const [path, { integrity, resolved, hasInstallScript, link }] of Object.entries(lock.packages)) {
    if (path === "") continue;
    const name = path.split("node_modules/").at(-1) ?? path;
    if (link || !integrity?.startsWith("sha512-")) problems.push(`package-lock.json holds no digest of ${name}`);
    if (resolved && !resolved.startsWith("https://")) problems.push(`${name} would come from ${resolved}`);
    if (hasInstallScript && !MAY_RUN_SCRIPTS.has(name)) problems.push(`${name} runs a script when it is installed`);
  }
  return problems;
}

/**
 * @param {string} lock the text of a Cargo.lock
 * @param {string[]} own crates that come from this repository
 * @returns {string[]} what is wrong, a sentence each
 */
export function cargoProblems(lock, own) {
  const problems = [];
  for (const block of lock.split("[[package]]").slice(1)) {
    const value = (/** @type {string} */ key) => new RegExp(`^${key} = "([^"]*)"$`, "m").exec(block)?.[1];
    const [name, source, checksum] = [value("name") ?? "?", value("source"), value("checksum")];
    if (!source) {
      if (!own.includes(name)) problems.push(`${name} comes from a folder`);
    } else if (source !== "registry+https://github.com/rust-lang/crates.io-index") {
      problems.push(`${name} comes from ${source}`);
    } else if (!/^[0-9a-f]{64}$/.test(checksum ?? "")) {
      problems.push(`Cargo.lock holds no digest of ${name}`);
    }
  }
  return problems;
}
