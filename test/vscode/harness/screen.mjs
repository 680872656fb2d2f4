// The launcher's half of the file channel through which a test sees and touches the screen: it asks with a file
// <n>.request.json and gets <n>.answer.json. Both sides write under another name and rename, so nobody reads half a file.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, watch, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const patience = 60_000;
/** How long a hover gets to appear before the mouse is moved once more. */
const hoverPatience = 5000;

/** Answers the requests that appear in `folder`, one after the other; gives the function that stops it. */
export function answerRequests(folder, page) {
  let queue = Promise.resolve();
  const taken = new Set();
  const look = () => {
    for (const name of readdirSync(folder).sort()) {
      if (!name.endsWith(".request.json") || taken.has(name)) continue;
      taken.add(name);
      queue = queue.then(() => answer(page, folder, name));
    }
  };
  const watcher = watch(folder, look);
  look();
  return () => watcher.close();
}

async function answer(page, folder, name) {
  const path = join(folder, name);
  const request = JSON.parse(readFileSync(path, "utf8"));
  rmSync(path);
  let reply;
  try {
    reply = { ok: (await actions[request.do](page, request)) ?? null };
  } catch (error) {
    reply = { error: `${request.do}: ${error instanceof Error ? error.message : error}` };
  }
  const answerPath = path.replace(".request.", ".answer.");
  writeFileSync(`${answerPath}.part`, JSON.stringify(reply));
  renameSync(`${answerPath}.part`, answerPath);
}

const actions = {
  /** A picture of the window, of `clip` or of everything that `selectors` match with `margin` around it. */
  async shot(page, { path, clip, selectors, margin }) {
    mkdirSync(dirname(path), { recursive: true });
    const area = clip ?? (selectors && (await areaOf(page, selectors, margin ?? 0)));
    await page.screenshot({ path, animations: "disabled", ...(area ? { clip: area } : {}) });
  },
  press: (page, { keys }) => page.keyboard.press(keys),
  type: (page, { text }) => page.keyboard.type(text),
  /** Hides what stands in the window only because a browser shows it. */
  hide: async (page, { selector }) => {
    await page.addStyleTag({ content: `${selector} { display: none !important; }` });
  },
  move: (page, { x, y }) => page.mouse.move(x, y),
  click: (page, { selector }) => page.locator(selector).first().click({ timeout: patience }),
  size: (page, { width, height }) => page.setViewportSize({ width, height }),
  wait: (page, { selector, state }) => page.locator(selector).first().waitFor({ state, timeout: patience }),
  /** Waits until a frame shows something; pages that an extension renders are frames in frames. */
  async frame(page, { selector }) {
    let watch;
    let timer;
    const shown = new Promise((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`no frame shows ${selector}`)), patience);
      watch = (frame) => frame.waitForSelector(selector, { timeout: patience }).then(resolve, () => {});
    });
    page.on("framenavigated", watch);
    for (const frame of page.frames()) watch(frame);
    await shown.finally(() => {
      clearTimeout(timer);
      page.off("framenavigated", watch);
    });
  },
  /** The text that people read in every element that matches. */
  read: (page, { selector }) => page.locator(selector).allInnerTexts(),
  /** Hovers over the middle of an element until `shows` is there: what is drawn anew meanwhile closes a hover. */
  async hover(page, { selector, shows }) {
    const hover = page.locator(shows).first();
    const end = performance.now() + patience;
    for (;;) {
      const { x, y } = await middleOf(page, selector);
      // Two steps: an editor shows a hover when the mouse moves over the text, not when it is put there.
      await page.mouse.move(x - 2, y);
      await page.mouse.move(x, y);
      const isLast = performance.now() + hoverPatience > end;
      try {
        return await hover.waitFor({ state: "visible", timeout: hoverPatience });
      } catch (error) {
        if (isLast) throw error;
      }
    }
  },
};

async function middleOf(page, selector) {
  const box = await page.locator(selector).first().boundingBox({ timeout: patience });
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

async function areaOf(page, selectors, margin) {
  const boxes = [];
  for (const selector of selectors) boxes.push(...(await boxesOf(page, selector)));
  const window = page.viewportSize();
  const left = Math.max(0, Math.min(...boxes.map((box) => box.x)) - margin);
  const top = Math.max(0, Math.min(...boxes.map((box) => box.y)) - margin);
  const right = Math.min(window.width, Math.max(...boxes.map((box) => box.x + box.width)) + margin);
  const bottom = Math.min(window.height, Math.max(...boxes.map((box) => box.y + box.height)) + margin);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** Where the elements are. The editor takes its lines away and puts others there when its width changes. */
async function boxesOf(page, selector) {
  const limit = Date.now() + patience;
  while (Date.now() < limit) {
    const elements = page.locator(selector);
    await elements.first().waitFor({ timeout: patience });
    const boxes = [];
    for (const element of await elements.all()) {
      const box = await element.boundingBox({ timeout: 1000 }).catch(() => null);
      if (box) boxes.push(box);
    }
    if (boxes.length > 0) return boxes;
  }
  throw new Error(`nothing on the screen matches ${selector}`);
}
