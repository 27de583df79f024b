// @ts-check
/** Finds the files in what was dropped, pasted or chosen, down through folders. */

import { PageError } from "../errors.js";
import { inOrder } from "../format.js";

/** A file to be heard by name, or the reason why it cannot be opened. @typedef {{ name: string, file: File | null, error?: unknown }} Found */
/** `leftOut`: files in folders that are no sound by their names. @typedef {{ found: Found[], leftOut: number, folder: boolean }} Intake */

/** Endings that the page takes for sound where a system names no type. */
const ENDINGS = /\.(wav|wave|mp3|mp4|m4a|m4b|aac|ogg|oga|opus|flac|webm|weba|aif|aiff|caf)$/i;

/**
 * Does a file in a folder look like sound? Covers, playlists and the files that systems leave about do not.
 * @param {Pick<File, "name" | "type">} file
 */
export const looksLikeSound = ({ name, type }) => !name.startsWith(".") && (ENDINGS.test(name) || /^audio\/(?!.*mpegurl|x-scpls)/.test(type));

/** All that is in a folder: `readEntries` gives it in portions, and an empty one at the end. @param {FileSystemDirectoryEntry} folder */
async function entriesOf(folder) {
  const reader = folder.createReader();
  /** @type {FileSystemEntry[]} */
  const all = [];
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) {
      const { compare } = inOrder();
      return all.sort((a, b) => compare(a.name, b.name));
    }
    all.push(...some);
  }
}

/** @param {unknown} error */
const unreadable = (error) => new PageError("unreadable", error instanceof Error ? error.message : String(error));

/**
 * @param {FileSystemEntry} entry
 * @param {Intake} intake filled
 */
async function walk(entry, intake) {
  const name = entry.fullPath.replace(/^\//, "");
  try {
    if (entry.isDirectory) {
      for (const inner of await entriesOf(/** @type {FileSystemDirectoryEntry} */ (entry))) await walk(inner, intake);
      return;
    }
    /** @type {File} */
    const file = await new Promise((resolve, reject) => /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject));
    if (looksLikeSound(file)) intake.found.push({ name, file });
    else intake.leftOut += 1;
  } catch (error) {
    intake.found.push({ name, file: null, error: unreadable(error) });
  }
}

/**
 * What was dropped or pasted. Files that lie there by themselves are all taken, so that each that is no sound is told so.
 * @param {DataTransfer | null} data to be called while its event is being handled; it is empty afterwards
 * @returns {Promise<Intake>}
 */
export async function dropped(data) {
  /** @type {Intake} */
  const intake = { found: [], leftOut: 0, folder: false };
  const items = [...(data?.items ?? [])].filter(({ kind }) => kind === "file")
    .map((item) => ({ entry: item.webkitGetAsEntry?.() ?? null, file: item.getAsFile() }));
  if (items.length === 0) return chosen([...(data?.files ?? [])]);
  for (const { entry, file } of items) {
    if (entry?.isDirectory) {
      intake.folder = true;
      await walk(entry, intake);
    } else if (file) {
      intake.found.push({ name: file.name, file });
    }
  }
  return intake;
}

/**
 * What was chosen in a dialogue, for files or for a folder.
 * @param {readonly File[]} files
 * @returns {Intake}
 */
export function chosen(files) {
  const folder = files.some(({ webkitRelativePath }) => webkitRelativePath);
  const taken = folder ? files.filter(looksLikeSound) : files;
  const found = taken.map((file) => ({ name: file.webkitRelativePath || file.name, file }));
  const { compare } = inOrder();
  if (folder) found.sort((a, b) => compare(a.name, b.name));
  return { found, leftOut: files.length - taken.length, folder };
}
