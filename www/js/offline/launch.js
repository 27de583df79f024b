// @ts-check
/** Files that come in from outside the page, once it is installed: opened with it, or shared to it. */

import { chosen } from "../song-list/files.js";

/** @typedef {import("../song-list/files.js").Intake} Intake */
/** @typedef {{ files: readonly { getFile(): Promise<File> }[] }} Launch */

/** @param {(intake: Intake) => void} onFiles @param {(error: unknown) => void} onError */
export function takeLaunched(onFiles, onError) {
  const queue = /** @type {{ setConsumer(consumer: (launch: Launch) => void): void } | undefined} */ (/** @type {any} */ (window).launchQueue);
  queue?.setConsumer(({ files }) => {
    if (files.length > 0) void Promise.all(files.map((handle) => handle.getFile())).then((all) => onFiles(chosen(all)), onError);
  });

  if (!new URLSearchParams(location.search).has("shared") || !navigator.serviceWorker?.controller) return;
  // A reload should not wait for the same files again.
  history.replaceState(null, "", location.pathname);
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    if (Array.isArray(data?.shared)) onFiles(chosen(data.shared));
  });
  navigator.serviceWorker.startMessages();
  navigator.serviceWorker.controller.postMessage("ready for shared files");
}
