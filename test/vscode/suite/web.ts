import * as vscode from "vscode";

/** The files of the workspace, and the tests that were asked for; both are written in by the bundler. */
declare const WORKSPACE: Readonly<Record<string, string>>;
declare const ONLY: string;

/** Mocha as a script for browsers leaves it behind. */
declare const mocha: Mocha & { setup(options: object): void };
declare const Mocha: { readonly reporters: { readonly Base: { consoleLog: (...parts: unknown[]) => void } } };

/** What VS Code calls to run the tests; throws when one fails. */
export async function run(): Promise<void> {
  // The extension comes from the server that waits for the report.
  const { scheme, authority } = vscode.extensions.getExtension("nginx-websocket.nginx-websocket")!.extensionUri;
  let sent = Promise.resolve();
  const write = (form: unknown = "", ...values: unknown[]): void => {
    const text = String(form).replace(/%[sd]/g, () => String(values.shift()));
    sent = sent.then(async () => {
      await fetch(`${scheme}://${authority}/report`, { method: "POST", body: `${text}\n` });
    });
  };
  Mocha.reporters.Base.consoleLog = write;
  write(`${vscode.env.appName} ${vscode.version}, extension host in a web worker`);
  const folder = vscode.workspace.workspaceFolders![0]!.uri;
  for (const [path, text] of Object.entries(WORKSPACE)) {
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, path), new TextEncoder().encode(text));
  }
  mocha.setup({ ui: "bdd", timeout: 300_000, reporter: "spec", color: false });
  if (ONLY !== "") mocha.fgrep(ONLY);
  await import("./diagnostics.ts");
  await import("./symptom.ts");
  await import("./effective.ts");
  await import("./virtual.ts");
  const stats = await new Promise<Mocha.Stats>((resolve) => {
    const runner = mocha.run(() => resolve(runner.stats!));
  });
  write(`${stats.passes} passed, ${stats.failures} failed, ${stats.pending} skipped`);
  await sent;
  if (stats.failures > 0) throw new Error(`${stats.failures} of ${stats.tests} editor tests failed`);
  if (stats.passes === 0) throw new Error("no editor test ran");
}
