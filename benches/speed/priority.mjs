// On a machine that does other work, a browser that is measured should come first. Linux shares processor time among sessions
// (autogroups), so nice values do not help; root may lift a session. Elsewhere nothing happens.

import { readFileSync, readdirSync, writeFileSync } from "node:fs";

const NICE = "-15";

/** Lifts every process that descends from this one. */
export function lift() {
  if (process.platform !== "linux") return;
  /** @type {Map<number, number[]>} */
  const children = new Map();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      const parent = Number(readFileSync(`/proc/${name}/stat`, "utf8").split(") ")[1].split(" ")[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      // It has ended.
    }
  }
  const queue = [...(children.get(process.pid) ?? [])];
  for (const pid of queue) {
    queue.push(...(children.get(pid) ?? []));
    try {
      writeFileSync(`/proc/${pid}/autogroup`, NICE);
    } catch {
      // Not root, or a kernel without autogroups.
    }
  }
}
