// Makes the page's icons out of www/icon.svg: `node scripts/icons.mjs`. What it makes is part of the repository.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { launch } from "./chromium.mjs";
import { png } from "./png.mjs";
import { entry, root } from "./process.mjs";

/** A maskable icon may lose all beyond a circle of 80 % of its width. */
const MASKABLE_SHARE = 0.72;

/** In the page: the pixels of a picture, as the browser's own decoder gives them. */
const PIXELS = `async (url) => {
  const image = new Image();
  image.src = url;
  await image.decode();
  const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
  context.drawImage(image, 0, 0);
  return [...context.getImageData(0, 0, image.width, image.height).data];
}`;

/** @type {[name: string, size: number, maskable: boolean][]} */
const ICONS = [["192", 192, false], ["512", 512, false], ["maskable-512", 512, true], ["apple-180", 180, true]];

await entry(async () => {
  const svg = await readFile(join(root, "www", "icon.svg"), "utf8");
  const ground = /<rect [^>]*fill="(#[0-9a-f]+)"/.exec(svg)?.[1];
  if (!ground) throw new Error("www/icon.svg begins with no ground");
  const folder = join(root, "www", "icons");
  await mkdir(folder, { recursive: true });
  const browser = await launch();
  try {
    for (const [name, size, maskable] of ICONS) {
      const page = await browser.newPage({ viewport: { width: size, height: size } });
      const inside = maskable ? size * MASKABLE_SHARE : size;
      const body = maskable ? `background:${ground};display:grid;place-items:center;height:100vh` : "";
      await page.setContent(`<style>body{margin:0;${body}}svg{display:block;width:${inside}px;height:${inside}px}</style>${svg}`);
      const shot = (await page.screenshot({ omitBackground: true })).toString("base64");
      const pixels = /** @type {number[]} */ (await page.evaluate(`(${PIXELS})(${JSON.stringify(`data:image/png;base64,${shot}`)})`));
      await writeFile(join(folder, `${name}.png`), png(Uint8Array.from(pixels), size));
      await page.close();
    }
  } finally {
    await browser.close();
  }
  console.log(`${ICONS.length} icons lie in www/icons`);
});
