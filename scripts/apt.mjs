// Debian and Ubuntu packages, for a machine that has nothing but Rust, Node and apt.

import { UserError, run, which } from "./process.mjs";

/**
 * Installs packages with apt-get, as root or through sudo; never asks anything.
 *
 * @param {string[]} packages
 */
export async function aptInstall(packages) {
  const byHand = `install ${packages.join(" ")} with your system's package manager`;
  if (!which("apt-get")) throw new UserError(`apt-get is not there; ${byHand}`);
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && !which("sudo")) throw new UserError(`not root, and sudo is not there; ${byHand}`);
  // Without a terminal nobody can type a password: sudo -n then fails instead of waiting.
  const prefix = isRoot ? [] : ["sudo", ...(process.stdin.isTTY ? [] : ["-n"])];
  const apt = async (/** @type {string[]} */ ...args) => {
    const [command = "", ...rest] = [...prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", ...args];
    await run(command, rest);
  };
  try {
    await apt("update", "-q");
  } catch (error) {
    // One repository that is down is no reason to give up: the package may come from another.
    console.log(`${/** @type {Error} */ (error).message}; going on with the lists that are there`);
  }
  try {
    await apt("install", "-y", "-q", "--no-install-recommends", ...packages);
  } catch (error) {
    throw new UserError(`${/** @type {Error} */ (error).message}; ${byHand}`);
  }
}
