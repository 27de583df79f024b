// @ts-check
/**
 * Every file of the package that is no module of the caller's bundle: bundlers find them here, and copy or bundle them, because each
 * stands as a literal beside `import.meta.url`. All lie in the package's own folder, so that a bundler that leaves addresses as they
 * are (esbuild) needs nothing but these files beside its output.
 */

export const wasmAddress = () => new URL("./songmood_bg.wasm", import.meta.url);

export const workletAddress = () => new URL("./capture-worklet.js", import.meta.url);

/** A worker that runs worker.js. */
export function startWorker() {
  const { origin, protocol, href } = new URL(import.meta.url);
  // Browsers start no worker from another origin, but a worker may import from one that allows it.
  if (protocol.startsWith("http") && origin !== self.location.origin) return workerOf(href.replace(/[^/]*$/, "worker.js"));
  return new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "songmood" });
}

/**
 * A worker from a blob that imports a module. Such a worker inherits the page's Content-Security-Policy, whereas one started from its
 * own address obeys only the headers it came with, and a static host may send none.
 * @param {string | URL} address the module's
 */
export function workerOf(address) {
  const blob = URL.createObjectURL(new Blob([`import ${JSON.stringify(String(address))};`], { type: "text/javascript" }));
  const worker = new Worker(blob, { type: "module", name: "songmood" });
  // By the time of its first message, and of an error, it has been read.
  const forget = () => URL.revokeObjectURL(blob);
  worker.addEventListener("message", forget, { once: true });
  worker.addEventListener("error", forget, { once: true });
  return worker;
}
