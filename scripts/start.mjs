// npm start: builds pkg/ if it does not belong to the sources, then serves the page.

import { ensurePackage } from "./package.mjs";
import { entry } from "./process.mjs";
import { portFromArgs, serve } from "./serve.mjs";

await entry(async () => {
  const port = portFromArgs();
  await ensurePackage();
  const { url } = await serve({ port });
  console.log(`\nsongmood is at ${url}  (Ctrl-C stops it)`);
});
