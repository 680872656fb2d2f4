// Makes the pictures of the documentation small, and the frames of the demonstration one animated picture.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, parse } from "node:path";
import { locate } from "./install.mjs";

const maxDemonstration = 250_000;

/** Reduces every PNG of a folder to a palette; text of an editor needs no more. */
export async function compressPictures(folder) {
  const sharp = loadSharp();
  for (const name of readdirSync(folder).filter((each) => each.endsWith(".png"))) {
    const path = join(folder, name);
    const before = readFileSync(path);
    const after = await sharp(before)
      .png({ palette: true, colours: 128, effort: 10, compressionLevel: 9, dither: 0 })
      .toBuffer();
    if (after.length < before.length) writeFileSync(path, after);
  }
}

/** Writes the pictures that ship, which have to be smaller still: each PNG of a folder as a WebP with few colours. */
export async function shrinkPictures(from, to) {
  const sharp = loadSharp();
  for (const name of readdirSync(from)) {
    // As many colours as the picture needs; a fixed number takes the yellow out of a squiggle on white.
    const png = await sharp(join(from, name)).png({ palette: true, quality: 40, dither: 0 }).toBuffer();
    await sharp(png)
      .webp({ lossless: true, effort: 6 })
      .toFile(join(to, `${parse(name).name}.webp`));
  }
}

/** Joins frames, named `<number>-<milliseconds>.png`, to an animated GIF that runs for ever. */
export async function animate(frames, path) {
  const sharp = loadSharp();
  const names = readdirSync(frames).sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  const delay = names.map((name) => Number(/-(\d+)\.png$/.exec(name)[1]));
  await sharp(
    names.map((name) => join(frames, name)),
    { join: { animated: true } },
  )
    .gif({ delay, loop: 0, colours: 64, effort: 10, dither: 0 })
    .toFile(path);
  const { size } = statSync(path);
  if (size > maxDemonstration) throw new Error(`${path} has ${size} bytes, more than ${maxDemonstration}`);
}

function loadSharp() {
  return createRequire(locate().playwright)("sharp");
}
