import * as vscode from "vscode";

/** The `source` of our diagnostics. */
export const source = "nginx-websocket";

/** Milliseconds that anything may take on a machine that is busy with something else. */
const patience = 60_000;

const made = new Map<string, vscode.Uri>();

/** A file of the open workspace. */
export function fileOf(path: string): vscode.Uri {
  return vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, path);
}

/** A file that does not exist yet; `cleanUp` takes it away if somebody makes it. */
export function newFileOf(path: string): vscode.Uri {
  const uri = fileOf(path);
  made.set(uri.toString(), uri);
  return uri;
}

/** Writes a file that `cleanUp` takes away again. */
export async function writeNew(path: string, text: string): Promise<vscode.Uri> {
  const uri = newFileOf(path);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return uri;
}

/**
 * Shows a file as a click in the explorer does. With `showTextDocument` the editor would keep the document open for some
 * minutes, whoever closes or deletes it: the next test would get what this one left in it.
 */
export async function show(uri: vscode.Uri, options: vscode.TextDocumentShowOptions = {}): Promise<vscode.TextEditor> {
  await vscode.commands.executeCommand("vscode.open", uri, { preview: false, ...options });
  return eventually([vscode.window.onDidChangeActiveTextEditor], `${uri.path} to be shown`, () => {
    const editor = vscode.window.activeTextEditor;
    return editor?.document.uri.toString() === uri.toString() ? editor : undefined;
  });
}

/** Writes a file that `cleanUp` takes away again, and shows it. */
export async function openNew(path: string, text: string): Promise<vscode.TextEditor> {
  return show(await writeNew(path, text));
}

/** The chat service whose sockets cannot open. */
export const chat = fileOf("conf.d/chat.conf");

let delivered: Uint8Array | undefined;

/** Shows the chat service as it was delivered. */
export async function openChat(): Promise<vscode.TextEditor> {
  delivered ??= await vscode.workspace.fs.readFile(chat);
  return show(chat);
}

/**
 * Makes everything as it was: closes every editor, drops what was not saved, restores the chat service, removes the
 * files that the test made, and waits until nothing is said about any file.
 */
export async function cleanUp(): Promise<void> {
  for (const { uri } of openFiles().filter(({ isDirty }) => isDirty)) {
    await show(uri);
    await vscode.commands.executeCommand("workbench.action.files.revert");
  }
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  await eventually(
    [vscode.workspace.onDidCloseTextDocument],
    () => `these to be closed: ${openFiles().map(({ uri }) => uri.path)}`,
    () => openFiles().length === 0 || undefined,
  );
  if (delivered !== undefined && !isSame(delivered, await vscode.workspace.fs.readFile(chat))) {
    await vscode.workspace.fs.writeFile(chat, delivered);
  }
  for (const [key, uri] of made) {
    made.delete(key);
    if (await exists(uri)) await vscode.workspace.fs.delete(uri);
  }
  const judged = (): readonly vscode.Uri[] => {
    return vscode.languages.getDiagnostics().flatMap(([uri]) => (findingsOf(uri).length > 0 ? [uri] : []));
  };
  await eventually(
    [vscode.languages.onDidChangeDiagnostics],
    () => `nothing to be said about ${judged().map(({ path }) => path)}`,
    () => judged().length === 0 || undefined,
  );
}

function openFiles(): readonly vscode.TextDocument[] {
  return vscode.workspace.textDocuments.filter(({ uri }) => vscode.workspace.getWorkspaceFolder(uri) !== undefined);
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}

/** Waits until `find` finds something; it is asked now and after each of the events. */
export function eventually<Found>(
  events: readonly vscode.Event<unknown>[],
  what: string | (() => string),
  find: () => Found | undefined,
): Promise<Found> {
  // Made here, so that its stack names the test that waits.
  const failure = new Error();
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const found = find();
      if (found === undefined) return;
      end();
      resolve(found);
    };
    const listeners = events.map((event) => event(look));
    const timer = setTimeout(() => {
      end();
      failure.message = `waited ${patience / 1000} s for ${typeof what === "string" ? what : what()}`;
      reject(failure);
    }, patience);
    function end(): void {
      for (const listener of listeners) listener.dispose();
      clearTimeout(timer);
    }
    look();
  });
}

/** Waits for the next change of the text of a document. */
export function nextChange(document: vscode.TextDocument): Promise<void> {
  const { version } = document;
  return eventually([vscode.workspace.onDidChangeTextDocument], `a change of ${document.uri.path}`, () =>
    document.version === version ? undefined : null,
  ).then(() => {});
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
  const present = (): string => {
    const lines = findingsOf(uri).map((finding) => `${finding.range.start.line + 1}: ${ruleOf(finding)}`);
    return lines.join(", ") || "nothing";
  };
  return eventually(
    [vscode.languages.onDidChangeDiagnostics],
    () => `${what} in ${uri.path}; there is: ${present()}`,
    () => (holds(findingsOf(uri)) ? findingsOf(uri) : undefined),
  );
}

/** Waits until a document has this language. */
export async function waitForLanguage(document: vscode.TextDocument, language: string): Promise<void> {
  await eventually(
    [vscode.workspace.onDidOpenTextDocument],
    () => `${document.fileName} to be ${language}; it is ${document.languageId}`,
    () => document.languageId === language || undefined,
  );
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
