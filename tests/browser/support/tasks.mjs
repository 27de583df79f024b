// The tasks of a page's main thread, by the browser's own trace.

/** @typedef {{ wallMs: number, cpuMs: number }} Task how long it took, and how long of that the processor worked for it */

/**
 * Has something done on a page, and gives the main thread's tasks meanwhile, those that took the processor longest first. On a busy
 * machine a task takes long because others have their turn; what the page asks for is the processor's time.
 *
 * @param {import("playwright-core").Page} page
 * @param {() => Promise<unknown>} work
 * @returns {Promise<Task[]>}
 */
export async function tasksDuring(page, work) {
  const browser = /** @type {import("playwright-core").Browser} */ (page.context().browser());
  const MARK = "songmood-tasks";
  await browser.startTracing(page, { categories: ["toplevel", "blink.user_timing"] });
  await page.evaluate((name) => performance.mark(name), MARK);
  await work();
  /** @type {{ traceEvents: { name: string, cat: string, ph: string, pid: number, tid: number, ts: number, dur?: number, tdur?: number }[] }} */
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const mark = traceEvents.find(({ name, cat }) => name === MARK && cat.includes("user_timing"));
  if (!mark) throw new Error("the trace does not show the page");
  return traceEvents
    .filter(({ name, ph, pid, tid, ts }) => name === "ThreadControllerImpl::RunTask" && ph === "X" && pid === mark.pid && tid === mark.tid && ts > mark.ts)
    .map(({ dur = 0, tdur = 0 }) => ({ wallMs: dur / 1000, cpuMs: tdur / 1000 }))
    .sort((a, b) => b.cpuMs - a.cpuMs);
}
