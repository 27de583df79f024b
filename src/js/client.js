// The entry songmood/client. Its types are in client.d.ts.

export { createSongmood } from "./client/client.js";
export { ClientError } from "./client/errors.js";
export { workerOf } from "./files.js";
