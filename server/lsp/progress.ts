import type { Connection } from "vscode-languageserver";

/** How the client is told that something takes long. */
export interface Progress {
  /** Whether the client shows progress at all. */
  readonly isShown: boolean;
  readonly title: string;
}

/** Milliseconds of work before anybody is told. */
const unnoticed = 1000;

/** Does some work, and says so to the client if it takes long. */
export async function withProgress<Result>(
  connection: Connection,
  { isShown, title }: Progress,
  work: () => Promise<Result>,
): Promise<Result> {
  let isDone = false;
  let end = (): void => {};
  const show = async (): Promise<void> => {
    const progress = await connection.window.createWorkDoneProgress();
    if (isDone) return;
    progress.begin(title);
    end = () => progress.done();
  };
  const timer = isShown ? setTimeout(() => void show().catch(() => {}), unnoticed) : undefined;
  try {
    return await work();
  } finally {
    isDone = true;
    clearTimeout(timer);
    end();
  }
}
