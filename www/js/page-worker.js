// @ts-check
/** Starts the page's workers. */

import { AssetStore } from "../pkg/client/assets.js";
import { WorkerClient } from "../pkg/client/worker-client.js";
import { workerOf } from "../pkg/files.js";
import { pageNetworks } from "./networks.js";

/** @param {AssetStore} [assets] shared by workers that judge by the same networks */
export const pageWorker = (assets = new AssetStore({ weights: pageNetworks })) =>
  // From a blob: it obeys the page's own policy, whatever headers the host sends.
  new WorkerClient({ assets, worker: () => workerOf(new URL("./worker.js", import.meta.url)) });
