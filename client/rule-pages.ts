import {
  commands,
  type Disposable,
  EventEmitter,
  type FileChangeEvent,
  FileSystemError,
  type FileSystemProvider,
  FileType,
  l10n,
  type QuickPickItem,
  QuickPickItemKind,
  Uri,
  ViewColumn,
  window,
  workspace,
} from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { describe } from "./describe.ts";
import { isNginx } from "./language.ts";

/**
 * The scheme under which the pages that ship with the extension can be read. It is what diagnostics link to, because the
 * editor can be told to show documents of a scheme as a rendered page; it cannot be told so about files in the folder of
 * an extension, and in a browser they are no files.
 */
export const pagesScheme = "nginx-websocket-docs";

/** The folder of the rule pages, as the server is told it. */
export const pagesFolder = `${pagesScheme}:`;

const previewEditor = "vscode.markdown.preview.editor";

/** Makes the rule pages readable, and registers the command that opens one. */
export function registerRulePages(client: BaseLanguageClient, extensionUri: Uri): Disposable[] {
  const pages = new Pages(Uri.joinPath(extensionUri, "dist", "rule-pages.json"));
  return [
    workspace.registerFileSystemProvider(pagesScheme, pages, { isReadonly: true, isCaseSensitive: true }),
    commands.registerCommand("nginx-websocket.openRuleDocs", async (given?: unknown) => {
      const rule = typeof given === "string" ? given : await chooseRule(client);
      if (rule !== undefined) await openPage(rule);
    }),
  ];
}

/** Shows the page of a rule as people read it, beside the configuration; its source where nothing can render it. */
async function openPage(rule: string): Promise<void> {
  const uri = Uri.from({ scheme: pagesScheme, path: `/${rule}.md` });
  const viewColumn = window.activeTextEditor === undefined ? ViewColumn.Active : ViewColumn.Beside;
  try {
    await workspace.fs.stat(uri);
  } catch {
    void window.showInformationMessage(l10n.t("There is no page about {0}.", rule));
    return;
  }
  try {
    await commands.executeCommand("vscode.openWith", uri, previewEditor, { viewColumn, preview: true });
  } catch {
    await window.showTextDocument(uri, { viewColumn, preview: true });
  }
}

interface RuleItem extends QuickPickItem {
  readonly rule?: string;
}

/** All rules by cause; those that the active file breaks come first. */
async function chooseRule(client: BaseLanguageClient): Promise<string | undefined> {
  const groups = readIndex(await readText(Uri.from({ scheme: pagesScheme, path: "/README.md" })));
  const document = window.activeTextEditor?.document;
  const description = isNginx(document) ? await describe(client, document.uri) : undefined;
  const broken = Object.keys(description?.findings ?? {});
  const all = groups.flatMap(({ rules }) => rules);
  const here = all.filter(({ rule }) => broken.includes(rule));
  const items = [{ title: l10n.t("In this file"), rules: here }, ...groups].flatMap(({ title, rules }): RuleItem[] => {
    if (rules.length === 0) return [];
    const entries = rules.map(({ rule, what }) => ({ label: rule, detail: what, rule }));
    return [{ label: title, kind: QuickPickItemKind.Separator }, ...entries];
  });
  const chosen = await window.showQuickPick(items, {
    title: l10n.t("Open Rule Documentation"),
    placeHolder: l10n.t("The name of a rule, or a word of what it says"),
    matchOnDetail: true,
  });
  return chosen?.rule;
}

interface RuleGroup {
  readonly title: string;
  readonly rules: readonly { readonly rule: string; readonly what: string }[];
}

/** The overview page is the list: a heading for each cause, and a table row for each rule. */
function readIndex(markdown: string): readonly RuleGroup[] {
  return markdown
    .split(/^## /m)
    .slice(1)
    .map((section) => ({
      title: section.slice(0, section.indexOf("\n")).trim(),
      rules: [...section.matchAll(/^\| \[([a-z0-9-]+)\]\([^)]*\) \|.*\| ([^|]*?) \|$/gm)].map((row) => {
        return { rule: row[1]!, what: row[2]! };
      }),
    }));
}

async function readText(uri: Uri): Promise<string> {
  return new TextDecoder().decode(await workspace.fs.readFile(uri));
}

/** The pages as files of one folder. They ship as one file, read when the first of them is wanted. */
class Pages implements FileSystemProvider {
  readonly #bundle: Uri;
  readonly #changed = new EventEmitter<FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;
  #texts: Promise<ReadonlyMap<string, string>> | undefined;

  constructor(bundle: Uri) {
    this.#bundle = bundle;
  }

  watch(): Disposable {
    return { dispose: () => {} };
  }

  async stat(uri: Uri) {
    if (uri.path === "/") return { type: FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    const { length } = await this.readFile(uri);
    return { type: FileType.File, ctime: 0, mtime: 0, size: length };
  }

  async readFile(uri: Uri): Promise<Uint8Array> {
    const text = (await this.#read()).get(uri.path.slice(1));
    if (text === undefined) throw FileSystemError.FileNotFound(uri);
    return new TextEncoder().encode(text);
  }

  async #read(): Promise<ReadonlyMap<string, string>> {
    this.#texts ??= readText(this.#bundle).then((json) => new Map(Object.entries(JSON.parse(json))));
    try {
      return await this.#texts;
    } catch (error) {
      // In a browser the file comes over the network, so it may be there the next time.
      this.#texts = undefined;
      throw error;
    }
  }

  readDirectory(): [string, FileType][] {
    return [];
  }

  createDirectory(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  delete(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  rename(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }
}
