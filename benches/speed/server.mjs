// Serves the repository on loopback with the headers under which a browser's clock is exact to 5 µs.

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { root } from "../../scripts/process.mjs";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".json": "application/json", ".wasm": "application/wasm" };

/** @returns {Promise<{ url: string, close: () => void }>} */
export function isolated() {
  const server = createServer(async ({ url = "/" }, response) => {
    const path = normalize(join(root, decodeURIComponent(new URL(url, "http://localhost").pathname)));
    const file = path.startsWith(normalize(root)) && !path.includes(`${sep}.`) ? await stat(path).catch(() => undefined) : undefined;
    if (!file?.isFile()) return response.writeHead(404).end();
    response.writeHead(200, {
      "Content-Type": TYPES[extname(path)] ?? "application/octet-stream",
      "Content-Length": file.size,
      "Cache-Control": "no-store",
      "Cross-Origin-Opener-Policy": "same-origin",
      "Cross-Origin-Embedder-Policy": "require-corp",
    });
    createReadStream(path).pipe(response);
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      resolve({ url: `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}/`, close: () => server.close() });
    });
  });
}
