// @ts-check
/** The ways files come in: buttons, drop anywhere on the page, paste. */

import { PageError } from "./errors.js";
import { chosen, dropped } from "./song-list/files.js";

/** @typedef {import("./song-list/files.js").Intake} Intake */

/**
 * `choosers`: buttons, each with the input whose dialogue it opens.
 * @param {{ choosers: [button: HTMLElement, input: HTMLInputElement][], veil: HTMLElement }} parts
 * @param {{ onFiles: (intake: Intake) => void, onError: (error: unknown) => void }} events
 */
export function takeFiles({ choosers, veil }, { onFiles, onError }) {
  /** @param {Intake} intake */
  const take = (intake) => {
    if (intake.found.length > 0) onFiles(intake);
    else onError(new PageError(intake.folder ? "empty-folder" : "no-file"));
  };
  for (const [button, input] of choosers) button.addEventListener("click", () => input.click());
  for (const input of new Set(choosers.map(([, one]) => one))) {
    input.addEventListener("change", () => {
      if (input.files?.length) take(chosen([...input.files]));
      // Emptied, so that choosing the same file again is a change too.
      input.value = "";
    });
  }
  /** @param {DataTransfer | null} data */
  const takeDropped = (data) => void dropped(data).then(take, onError);
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
    takeDropped(event.dataTransfer);
  });
  document.addEventListener("paste", (event) => {
    if (event.clipboardData && event.clipboardData.types.includes("Files")) {
      event.preventDefault();
      takeDropped(event.clipboardData);
    }
  });
}
