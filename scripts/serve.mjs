// A static server for the page: www/ at the root, pkg/ and models/ beside it, on loopback only.
// It uses nothing but Node. `node scripts/serve.mjs --port 8642` serves without looking at pkg/'s age.

import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, sep } from "node:path";
import { pipeline } from "node:stream";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { WORKER_POLICY } from "./headers.mjs";
import { LIST, offlineList, offlineScript } from "./offline.mjs";
import { UserError, entry, root } from "./process.mjs";

export const DEFAULT_PORT = 8642;
const HOST = "127.0.0.1";

/** First segment of the address → folder of the repository; everything else comes from www/. */
const FOLDERS = new Set(["pkg", "models"]);

/** @type {Record<string, string>} */
const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".flac": "audio/flac",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".m4a": "audio/mp4",
  ".md": "text/plain; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".mp3": "audio/mpeg",
  ".ogg": "audio/ogg",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".ts": "text/plain; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".wav": "audio/wav",
  ".webmanifest": "application/manifest+json; charset=utf-8",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
};

/**
 * Starts the server.
 *
 * @param {{ port?: number, repository?: string }} [options] the first port to try (0 takes any free
 *   one; a taken port is followed by the next), and whose folders are served
 * @returns {Promise<{ url: string, port: number, close: () => Promise<void> }>}
 */
export async function serve({ port = DEFAULT_PORT, repository = root } = {}) {
  const server = createServer((request, response) => {
    answer(repository, request, response).catch((error) => {
      console.error(error);
      if (response.headersSent) response.destroy();
      else refuse(response, 500, "the server failed; its terminal says why");
    });
  });
  const bound = await listen(server, port);
  return {
    url: `http://${HOST}:${bound}/`,
    port: bound,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

/**
 * @param {import("node:http").Server} server
 * @param {number} first
 * @returns {Promise<number>} the port that was free
 */
async function listen(server, first) {
  for (let port = first; port < Math.min(first + 50, 65536); port += 1) {
    try {
      await new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, HOST, () => resolve(server.off("error", reject)));
      });
      return /** @type {import("node:net").AddressInfo} */ (server.address()).port;
    } catch (error) {
      const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
      if (code === "EACCES") throw new UserError(`port ${port} needs more rights; choose one above 1023`);
      if (code !== "EADDRINUSE") throw new UserError(`cannot listen on port ${port}: ${message}`);
    }
  }
  throw new UserError(`no free port from ${first} on; choose another with --port`);
}

/**
 * @param {string} repository
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 */
async function answer(repository, request, response) {
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("Cache-Control", "no-cache");
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("Allow", "GET, HEAD");
    return refuse(response, 405, "only GET and HEAD are answered here");
  }
  const path = (request.url ?? "/").replace(/[?#].*$/s, "");
  if (path === `/${LIST}`) return sendList(repository, request, response);
  const file = await find(repository, path);
  if (file === undefined) return refuse(response, 404, "there is no such file");
  if (file.redirect) {
    response.setHeader("Location", file.redirect);
    return refuse(response, 308, "a folder's address ends with a slash");
  }
  if (path.endsWith("/sw.js")) response.setHeader("Content-Security-Policy", WORKER_POLICY);
  const tag = `"${file.size.toString(36)}-${Math.round(file.mtimeMs).toString(36)}"`;
  response.setHeader("ETag", tag);
  if (request.headers["if-none-match"] === tag) {
    response.writeHead(304).end();
    return;
  }
  response.writeHead(200, {
    "Content-Type": TYPES[extname(file.path).toLowerCase()] ?? "application/octet-stream",
    "Content-Length": file.size,
  });
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  // A reader that goes away mid-file is its own affair.
  pipeline(createReadStream(file.path), response, () => {});
}

/**
 * The service worker's list, as the files are now. `fresh`: whoever edits a file and reloads sees the edit.
 *
 * @param {string} repository
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 */
async function sendList(repository, request, response) {
  /** @type {string} */
  let script;
  try {
    script = offlineScript(await offlineList(repository), "fresh");
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ENOENT") throw error;
    return refuse(response, 404, "package or networks are not all there, so nothing is kept for offline use");
  }
  response.writeHead(200, { "Content-Type": TYPES[".js"], "Content-Length": Buffer.byteLength(script) });
  response.end(request.method === "HEAD" ? undefined : script);
}

/**
 * The file for an address, or undefined when there is none or it may not be served.
 *
 * @param {string} repository
 * @param {string} urlPath the address's path, still percent-encoded
 * @returns {Promise<{ path: string, size: number, mtimeMs: number, redirect?: string } | undefined>}
 */
async function find(repository, urlPath) {
  /** @type {string[]} */
  let segments;
  try {
    segments = urlPath.split("/").slice(1).map(decodeURIComponent);
  } catch {
    return undefined;
  }
  const trailing = segments.at(-1) === "" ? segments.pop() !== undefined : false;
  // An encoded slash would make two segments of one; dot files are nobody's business.
  if (segments.some((name) => name === "" || name.startsWith(".") || /[/\\\0:]/.test(name))) return undefined;

  const [first = ""] = segments;
  const folder = FOLDERS.has(first) ? join(repository, first) : join(repository, "www");
  const inside = FOLDERS.has(first) ? segments.slice(1) : segments;
  try {
    const base = await realpath(folder);
    let path = await realpath(join(base, ...inside));
    let info = await stat(path);
    if (info.isDirectory()) {
      if (!trailing && segments.length > 0) return { path, size: 0, mtimeMs: 0, redirect: `${urlPath}/` };
      path = await realpath(join(path, "index.html"));
      info = await stat(path);
    } else if (trailing) {
      return undefined;
    }
    // Resolved first: a link that leads out of the folder ends here.
    if (!path.startsWith(base + sep) || !info.isFile()) return undefined;
    return { path, size: info.size, mtimeMs: info.mtimeMs };
  } catch (error) {
    const { code = "" } = /** @type {NodeJS.ErrnoException} */ (error);
    if (["ENOENT", "ENOTDIR", "ELOOP", "EACCES", "ENAMETOOLONG"].includes(code)) return undefined;
    throw error;
  }
}

/**
 * @param {import("node:http").ServerResponse} response
 * @param {number} status
 * @param {string} reason
 */
function refuse(response, status, reason) {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" });
  response.end(`${status}: ${reason}\n`);
}

/** The port that a command line asks for. */
export function portFromArgs(args = process.argv.slice(2)) {
  /** @type {string | undefined} */
  let text;
  try {
    text = parseArgs({ args, options: { port: { type: "string" } } }).values.port;
  } catch (error) {
    throw new UserError(`${/** @type {Error} */ (error).message}; the only option is --port NUMBER`);
  }
  if (text === undefined) return DEFAULT_PORT;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) throw new UserError(`--port takes a number from 0 to 65535, not "${text}"`);
  return port;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await entry(async () => {
    const { url } = await serve({ port: portFromArgs() });
    console.log(`songmood is at ${url} (Ctrl-C stops it)`);
  });
}
