// @ts-check
/** Keeps networks in this browser (IndexedDB), each copy of songmood on an origin its own. */

/** @typedef {import("./own-networks.js").Kept} Kept */

const NAME = `songmood ${new URL("../../", import.meta.url).pathname}`;
const TABLE = "networks";

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const answered = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

async function open() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(TABLE, { keyPath: "id" });
  return answered(request);
}

/** @template T @param {IDBTransactionMode} mode @param {(table: IDBObjectStore) => IDBRequest<T>} action @returns {Promise<T>} */
async function withTable(mode, action) {
  const database = await open();
  try {
    return await answered(action(database.transaction(TABLE, mode).objectStore(TABLE)));
  } finally {
    database.close();
  }
}

/** @returns {Promise<Kept[]>} in the order in which they were loaded */
export const keptNetworks = () => withTable("readonly", (table) => table.getAll());

/** @param {Kept} kept */
export const keepNetworks = (kept) => withTable("readwrite", (table) => table.put(kept));

/** @param {number} id */
export const dropNetworks = (id) => withTable("readwrite", (table) => table.delete(id));
