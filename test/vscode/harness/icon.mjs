// Draws docs/icon/icon.svg as the pictures that the marketplace wants, with the Chromium of the editor tests.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compressPictures } from "./compress.mjs";
import { installHarness } from "./install.mjs";

const sizes = [128, 256];
const folder = new URL("../../../docs/icon/", import.meta.url);

const harness = await installHarness();
const { chromium } = await import(harness.playwright);
const browser = await chromium.launch({
  executablePath: harness.chromium,
  env: { ...process.env, ...harness.chromiumEnvironment },
  args: ["--no-sandbox", "--disable-gpu"],
});
try {
  const svg = readFileSync(new URL("icon.svg", folder), "utf8");
  const page = await browser.newPage();
  for (const size of sizes) {
    await page.setViewportSize({ width: size, height: size });
    await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`);
    await page.screenshot({ path: fileURLToPath(new URL(`icon-${size}.png`, folder)), omitBackground: true });
  }
} finally {
  await browser.close();
}
await compressPictures(fileURLToPath(folder));
