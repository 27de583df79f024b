// The moods' colours, measured: visible on the card, and told apart by colour-blind eyes.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../scripts/process.mjs";
import { PALETTE } from "../../pkg/view/palette.js";
import { MOODS } from "../../www/js/moods.js";
import { SIGHT, linear, oklab } from "./support/colour.mjs";

/** WCAG 2.2, 1.4.11: graphical objects. */
const LEAST_CONTRAST = 3;
/** Distance in OKLab; 0.02 is about what can just be seen side by side. */
const LEAST_DISTANCE = 0.09;

/** @param {number[]} rgb */
const luminance = ([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b;

/** The custom properties of the two themes, as the style sheet writes them. */
function themes() {
  const css = readFileSync(join(root, "www", "css", "base.css"), "utf8");
  const [light, dark] = [...css.matchAll(/:root \{([^}]*)\}/g)].map(([, block]) =>
    Object.fromEntries([...block.matchAll(/--([a-z]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value])));
  return { light, dark };
}

test("the package's element has the page's colours", () => {
  const shown = Object.fromEntries(Object.entries(themes()).map(([theme, colours]) => [theme, Object.fromEntries(MOODS.map((mood) => [mood, colours[mood]]))]));
  assert.deepEqual(shown, PALETTE);
});

for (const [theme, colours] of Object.entries(themes())) {
  test(`every mood stands out from the card, ${theme}`, () => {
    const card = luminance(linear(colours.card));
    for (const mood of MOODS) {
      const own = luminance(linear(colours[mood]));
      const contrast = (Math.max(own, card) + 0.05) / (Math.min(own, card) + 0.05);
      assert.ok(contrast >= LEAST_CONTRAST, `${mood}: ${contrast.toFixed(2)}`);
    }
  });

  for (const [sight, matrix] of Object.entries(SIGHT)) {
    test(`any two moods can be told apart, ${theme}, ${sight}`, () => {
      const seen = MOODS.map((mood) => {
        const rgb = linear(colours[mood]);
        return oklab(matrix.map((row) => Math.max(0, Math.min(1, row.reduce((sum, weight, i) => sum + weight * rgb[i], 0)))));
      });
      seen.forEach((one, i) => seen.slice(0, i).forEach((other, j) => {
        const distance = Math.hypot(...one.map((value, k) => value - other[k]));
        assert.ok(distance >= LEAST_DISTANCE, `${MOODS[i]} and ${MOODS[j]}: ${distance.toFixed(3)}`);
      }));
    });
  }
}
