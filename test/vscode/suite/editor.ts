import * as vscode from "vscode";

/** The `source` of our diagnostics. */
export const source = "nginx-websocket";

/** How long the analyser may take, in milliseconds; the first answer includes starting the server. */
const limit = 20_000;

const made: vscode.Uri[] = [];

/** A file of the open workspace. */
export function fileOf(path: string): vscode.Uri {
  return vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, path);
}

/** Writes a file that `cleanUp` takes away again. */
export async function writeNew(path: string, text: string): Promise<vscode.Uri> {
  const uri = fileOf(path);
  made.push(uri);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return uri;
}

/** Writes a file that `cleanUp` takes away again, and shows it. */
export async function openNew(path: string, text: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await writeNew(path, text));
}

/** The chat service whose sockets cannot open. */
export const chat = fileOf("conf.d/chat.conf");

let delivered: Uint8Array | undefined;

/** Shows the chat service as it was delivered, whatever an earlier test made of it. */
export async function openChat(): Promise<vscode.TextEditor> {
  delivered ??= await vscode.workspace.fs.readFile(chat);
  await vscode.workspace.fs.writeFile(chat, delivered);
  return vscode.window.showTextDocument(chat);
}

/** Closes every editor, drops what was not saved and removes the files that tests made. */
export async function cleanUp(): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.files.revert");
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  for (const uri of made.splice(0)) await vscode.workspace.fs.delete(uri);
}

/** What we say about a file now. */
export function findingsOf(uri: vscode.Uri): readonly vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter((diagnostic) => diagnostic.source === source);
}

/** The rule a diagnostic names. */
export function ruleOf(diagnostic: vscode.Diagnostic): string {
  const { code } = diagnostic;
  return String(typeof code === "object" ? code.value : code);
}

/** Whether nothing serious is left. */
export function isClean(findings: readonly vscode.Diagnostic[]): boolean {
  return findings.every(({ severity }) => severity > vscode.DiagnosticSeverity.Warning);
}

/** Waits until what we say about a file satisfies `holds`, and gives it. */
export function waitForFindings(
  uri: vscode.Uri,
  what: string,
  holds: (findings: readonly vscode.Diagnostic[]) => boolean,
): Promise<readonly vscode.Diagnostic[]> {
  // Made here, so that its stack names the test that waits.
  const failure = new Error();
  return new Promise((resolve, reject) => {
    const check = (): boolean => {
      const findings = findingsOf(uri);
      if (!holds(findings)) return false;
      listener.dispose();
      clearTimeout(timer);
      resolve(findings);
      return true;
    };
    const listener = vscode.languages.onDidChangeDiagnostics(check);
    const timer = setTimeout(() => {
      listener.dispose();
      const present = findingsOf(uri).map((finding) => `${finding.range.start.line + 1}: ${ruleOf(finding)}`);
      failure.message = `waited ${limit / 1000} s for ${what}; there is: ${present.join(", ") || "nothing"}`;
      reject(failure);
    }, limit);
    check();
  });
}

/** Waits until a document has this language. */
export function waitForLanguage(document: vscode.TextDocument, language: string): Promise<void> {
  if (document.languageId === language) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const listener = vscode.workspace.onDidOpenTextDocument(() => {
      if (document.languageId === language) finish(resolve);
    });
    const timer = setTimeout(() => {
      finish(() => reject(new Error(`${document.fileName} is ${document.languageId} after ${limit / 1000} s`)));
    }, limit);
    function finish(end: () => void): void {
      listener.dispose();
      clearTimeout(timer);
      end();
    }
  });
}

/** Waits for a rule to be reported and gives the first such diagnostic. */
export async function waitForRule(uri: vscode.Uri, rule: string): Promise<vscode.Diagnostic> {
  const isIt = (finding: vscode.Diagnostic): boolean => ruleOf(finding) === rule;
  return (await waitForFindings(uri, rule, (findings) => findings.some(isIt))).find(isIt)!;
}

/**
 * The code actions for a range, in the order VS Code shows them. VS Code does not say whose they are; nothing else in the
 * test profile offers any for nginx files.
 */
export async function actionsAt(
  uri: vscode.Uri,
  range: vscode.Range,
  kind: string = vscode.CodeActionKind.QuickFix.value,
): Promise<readonly vscode.CodeAction[]> {
  return vscode.commands.executeCommand<vscode.CodeAction[]>(
    "vscode.executeCodeActionProvider",
    uri,
    range,
    kind,
    // So many come resolved, that is with their edit.
    100,
  );
}

/** Does what choosing the action in the menu does. */
export async function apply(action: vscode.CodeAction): Promise<void> {
  if (action.edit && !(await vscode.workspace.applyEdit(action.edit))) {
    throw new Error(`VS Code refused the edit of “${action.title}”`);
  }
  if (action.command) {
    await vscode.commands.executeCommand(action.command.command, ...(action.command.arguments ?? []));
  }
}
