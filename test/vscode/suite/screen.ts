import { existsSync, readFileSync, renameSync, rmSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A rectangle of the window, in CSS pixels. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What a test can ask of the window it runs in. */
export type ScreenRequest =
  | {
      /** A picture of the window, of `clip`, or of everything that `selectors` match with `margin` pixels around it. */
      readonly do: "shot";
      readonly path: string;
      readonly clip?: Area;
      readonly selectors?: readonly string[];
      readonly margin?: number;
    }
  | { readonly do: "press"; readonly keys: string }
  | { readonly do: "type"; readonly text: string }
  | { readonly do: "move"; readonly x: number; readonly y: number }
  | { readonly do: "click"; readonly selector: string }
  /** Moves the mouse over an element, again and again until `shows` is there. */
  | { readonly do: "hover"; readonly selector: string; readonly shows: string }
  | { readonly do: "frame"; readonly selector: string }
  | { readonly do: "hide"; readonly selector: string }
  | { readonly do: "wait"; readonly selector: string; readonly state: "visible" | "hidden" }
  | { readonly do: "size"; readonly width: number; readonly height: number };

const folder = process.env.NGINX_WEBSOCKET_SCREEN;

/** Whether the window can be seen: it can in the VS Code from npm, whose launcher drives the browser. */
export const hasScreen = folder !== undefined;

/** How long the other side may take, in milliseconds. */
const limit = 90_000;

let count = 0;

/** Has the launcher carry out a request in the window. */
export async function onScreen(request: ScreenRequest): Promise<void> {
  await ask(request);
}

/** The text that people read in every element that matches. */
export async function readScreen(selector: string): Promise<readonly string[]> {
  return (await ask({ do: "read", selector })) as readonly string[];
}

async function ask(request: ScreenRequest | { readonly do: "read"; readonly selector: string }): Promise<unknown> {
  if (folder === undefined) throw new Error("this VS Code has no screen channel");
  count += 1;
  const name = String(count).padStart(5, "0");
  const answered = whenExists(folder, `${name}.answer.json`);
  const path = join(folder, `${name}.request.json`);
  writeFileSync(`${path}.part`, JSON.stringify(request));
  renameSync(`${path}.part`, path);
  const answerPath = await answered;
  const answer = JSON.parse(readFileSync(answerPath, "utf8")) as { readonly ok?: unknown; readonly error?: string };
  rmSync(answerPath);
  if (answer.error !== undefined) throw new Error(answer.error);
  return answer.ok;
}

function whenExists(directory: string, name: string): Promise<string> {
  const path = join(directory, name);
  return new Promise((resolve, reject) => {
    const watcher = watch(directory, () => {
      if (existsSync(path)) finish();
    });
    const timer = setTimeout(() => {
      watcher.close();
      reject(new Error(`the launcher did not write ${name} within ${limit / 1000} s`));
    }, limit);
    function finish(): void {
      clearTimeout(timer);
      watcher.close();
      resolve(path);
    }
  });
}

/** Keeps a picture of what was on the screen when a test failed, beside the report. */
export async function keepFailure(test: { readonly state?: string | undefined } | undefined): Promise<void> {
  if (test?.state !== "failed") return;
  await onScreen({ do: "shot", path: `${process.env.NGINX_WEBSOCKET_REPORT}.${Date.now()}.png` });
}
