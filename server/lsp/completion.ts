import {
  type CompletionItem,
  CompletionItemKind,
  CompletionItemTag,
  type CompletionList,
  type CompletionParams,
  CompletionTriggerKind,
  type InitializeParams,
  InsertTextFormat,
  MarkupKind,
} from "vscode-languageserver";
import {
  type Completion,
  type CompletionKind,
  type CompletionItem as CoreItem,
  complete,
  documentationOf,
  type Topic,
} from "../core/index.ts";
import { type Target, toRange } from "./convert.ts";
import { offsetOf } from "./documents.ts";
import { fileIdOf } from "./uris.ts";

/** After these characters a list is asked for without a key. */
export const completionTriggers = ["$", "{", "@", "/", "=", " "];

/** What this client can do with lists. */
export interface CompletionFeatures {
  readonly snippets: boolean;
  readonly markdown: boolean;
  /** Deprecated items can carry the tag, or at least the old flag. */
  readonly tags: boolean;
  /** One range for all items of a list. */
  readonly sharedRange: boolean;
}

const kinds: Readonly<Record<CompletionKind, CompletionItemKind>> = {
  directive: CompletionItemKind.Property,
  block: CompletionItemKind.Module,
  value: CompletionItemKind.Value,
  variable: CompletionItemKind.Variable,
  name: CompletionItemKind.Reference,
  header: CompletionItemKind.Field,
  line: CompletionItemKind.Snippet,
  file: CompletionItemKind.File,
  folder: CompletionItemKind.Folder,
};

/** Reads from the client's capabilities what it can do with lists. */
export function completionFeatures({ capabilities }: InitializeParams): CompletionFeatures {
  const { completionItem, completionList } = capabilities?.textDocument?.completion ?? {};
  return {
    snippets: completionItem?.snippetSupport === true,
    markdown: completionItem?.documentationFormat?.includes(MarkupKind.Markdown) === true,
    tags: completionItem?.tagSupport?.valueSet?.includes(CompletionItemTag.Deprecated) === true,
    sharedRange: completionList?.itemDefaults?.includes("editRange") === true,
  };
}

/** What can be written at a position. */
export async function completions(
  { textDocument, position, context }: CompletionParams,
  { project, documents }: Target,
  features: CompletionFeatures,
): Promise<CompletionList | null> {
  const file = fileIdOf(textDocument.uri);
  const document = project.document(file);
  if (document === undefined || !documents.has(file)) return null;
  const { version } = document;
  const site = project.site(file, offsetOf(document, position));
  const found = site && (await complete(site));
  // The text may have changed while files were looked for.
  if (!found || document.version !== version) return null;
  // A space that indents a line asks for nothing, and behind the brace of a block the next key is Enter.
  const typed = context?.triggerKind === CompletionTriggerKind.TriggerCharacter ? context.triggerCharacter : undefined;
  const isWanted = !isSeparator(typed) || !found.items.some(({ kind }) => kind === "directive" || kind === "block");
  return isWanted ? toList(found, document, features) : null;
}

function isSeparator(typed: string | undefined): boolean {
  return typed === " " || typed === "{";
}

/** The documentation of an item that the client looks at. */
export function resolveCompletion(item: CompletionItem, { markdown }: CompletionFeatures): CompletionItem {
  const topic = readTopic(item.data);
  const value = topic && documentationOf(topic);
  if (value === undefined) return item;
  return { ...item, documentation: { kind: markdown ? MarkupKind.Markdown : MarkupKind.PlainText, value } };
}

function toList(
  { start, end, items }: Completion,
  document: Parameters<typeof toRange>[0],
  features: CompletionFeatures,
): CompletionList {
  const range = toRange(document, { start, end });
  const list = items.map((item): CompletionItem => {
    const isSnippet = features.snippets && item.snippet !== undefined;
    const newText = isSnippet ? (item.snippet as string) : (item.text ?? item.label);
    return {
      label: item.label,
      kind: kinds[item.kind],
      sortText: String(item.rank).padStart(4, "0") + item.label,
      ...(item.detail ? { detail: item.detail } : {}),
      ...(isSnippet ? { insertTextFormat: InsertTextFormat.Snippet } : {}),
      ...(features.sharedRange ? { textEditText: newText } : { textEdit: { range, newText } }),
      ...(item.isDeprecated ? (features.tags ? { tags: [CompletionItemTag.Deprecated] } : { deprecated: true }) : {}),
      ...(item.topic ? { data: item.topic } : {}),
      ...filterOf(item),
    };
  });
  return { isIncomplete: false, ...(features.sharedRange ? { itemDefaults: { editRange: range } } : {}), items: list };
}

/** What is typed is compared with the label, but for variables in braces: people type what they see. */
function filterOf({ label, kind, text }: CoreItem): { filterText?: string } {
  return kind === "variable" && label.endsWith("…") && text !== undefined ? { filterText: text } : {};
}

function readTopic(data: unknown): Topic | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const { kind, name, mask } = data as Partial<Topic>;
  if ((kind !== "directive" && kind !== "variable") || typeof name !== "string") return undefined;
  return { kind, name, mask: typeof mask === "number" ? mask : -1 };
}
