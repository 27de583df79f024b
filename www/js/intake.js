// @ts-check
/** The ways a file comes in: button, drop anywhere on the page, paste. */

import { PageError } from "./errors.js";

/**
 * @param {DataTransfer | null} data
 * @returns {{ file: File, others: number }}
 */
function fileOf(data) {
  const items = [...(data?.items ?? [])].filter(({ kind }) => kind === "file");
  const [item] = items;
  if (item?.webkitGetAsEntry?.()?.isDirectory) throw new PageError("folder");
  const file = item?.getAsFile() ?? data?.files[0];
  if (!file) throw new PageError("no-file");
  return { file, others: Math.max(0, items.length - 1) };
}

/**
 * `others`: how many more files came with it.
 * @param {{ choose: HTMLElement, input: HTMLInputElement, veil: HTMLElement }} parts
 * @param {{ onFile: (file: File, others: number) => void, onError: (error: unknown) => void }} events
 */
export function takeFiles({ choose, input, veil }, { onFile, onError }) {
  choose.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    const [file] = input.files ?? [];
    // Emptied, so that choosing the same file again is a change too.
    if (file) onFile(file, 0);
    input.value = "";
  });

  /** @param {DataTransfer | null} data */
  const take = (data) => {
    try {
      const { file, others } = fileOf(data);
      onFile(file, others);
    } catch (error) {
      onError(error);
    }
  };
  const carriesFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") ?? false;

  document.addEventListener("dragenter", (event) => {
    if (carriesFiles(event)) veil.hidden = false;
  });
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = carriesFiles(event) ? "copy" : "none";
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) veil.hidden = true;
  });
  document.addEventListener("drop", (event) => {
    // Without this the browser leaves the page and opens the file.
    event.preventDefault();
    veil.hidden = true;
    take(event.dataTransfer);
  });
  document.addEventListener("paste", (event) => {
    if (event.clipboardData && event.clipboardData.types.includes("Files")) {
      event.preventDefault();
      take(event.clipboardData);
    }
  });
}
