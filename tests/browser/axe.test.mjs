// axe-core, by its own rules, finds nothing serious in any view, in either theme.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { hum, wav } from "./audio.mjs";
import { fakeMicrophone, site } from "./harness.mjs";
import { VIEWS } from "./support/views.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const microphone = fakeMicrophone(wav([hum(10)]));
const page = site({ flags: () => microphone.flags });
test.after(() => microphone.remove());

/** What axe says of the page, a line for each element; runs in the page. */
const violations = async () => {
  const { axe } = /** @type {any} */ (window);
  const { violations: found, passes } = await axe.run(document, { resultTypes: ["violations", "passes"] });
  return {
    passed: passes.length,
    serious: found.filter((/** @type {any} */ { impact }) => impact === "serious" || impact === "critical")
      .flatMap((/** @type {any} */ { id, help, nodes }) => nodes.map((/** @type {any} */ node) => `${id} (${help}): ${node.target.join(" ")} ${node.any.map((/** @type {any} */ { message }) => message).join("; ")}`)),
  };
};

for (const [view, reach] of Object.entries(VIEWS)) {
  test(`${view}: nothing serious, light or dark`, async (t) => {
    // The page's policy lets no script in that is not its own; only for axe it is put aside.
    const { page: tab } = await page.open(t, { context: { reducedMotion: "reduce", bypassCSP: true } });
    await reach(tab);
    await tab.addScriptTag({ content: axe });
    for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
      await tab.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const { passed, serious } = await tab.evaluate(violations);
      assert.ok(passed > 20, "axe has looked");
      assert.deepEqual(serious, [], colorScheme);
    }
  });
}
