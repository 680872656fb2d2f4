import { type DocumentSymbol, type SymbolInformation, SymbolKind } from "vscode-languageserver";
import type { Document, FoundSymbol, OutlineItem, OutlineKind, OutlinePart } from "../core/index.ts";
import { spanOfItem } from "../core/index.ts";
import { type Target, toRange } from "./convert.ts";

const kinds: Readonly<Record<OutlineKind, SymbolKind>> = {
  container: SymbolKind.Namespace,
  server: SymbolKind.Class,
  location: SymbolKind.Method,
  "named location": SymbolKind.Function,
  upstream: SymbolKind.Interface,
  "upstream server": SymbolKind.Field,
  variable: SymbolKind.Variable,
  zone: SymbolKind.Key,
  "log format": SymbolKind.String,
  condition: SymbolKind.Boolean,
  block: SymbolKind.Object,
};

/** An outline as a tree; the files of a dump are the outermost entries. */
export function toDocumentSymbols(parts: readonly OutlinePart[], document: Document): DocumentSymbol[] {
  return parts.flatMap((part) => {
    const children = part.items.map((item) => toSymbol(item, document, part.shift));
    if (part.name === undefined) return children;
    const range = toRange(document, part);
    const selectionRange = { start: range.start, end: range.start };
    return [{ name: part.name || "file", kind: SymbolKind.File, range, selectionRange, children }];
  });
}

function toSymbol(item: OutlineItem, document: Document, shift: number): DocumentSymbol {
  const { range, selection } = spanOfItem(item);
  const symbol: DocumentSymbol = {
    name: item.name,
    kind: kinds[item.kind],
    range: toRange(document, { start: range.start + shift, end: range.end + shift }),
    selectionRange: toRange(document, { start: selection.start + shift, end: selection.end + shift }),
    children: item.children.map((child) => toSymbol(child, document, shift)),
  };
  return item.detail === "" ? symbol : { ...symbol, detail: item.detail };
}

/** The same as a list, for clients that show no trees. */
export function toFlatSymbols(parts: readonly OutlinePart[], document: Document, uri: string): SymbolInformation[] {
  const flat: SymbolInformation[] = [];
  const stack = toDocumentSymbols(parts, document)
    .map((symbol) => ({ symbol, containerName: "" }))
    .toReversed();
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { symbol, containerName } = next;
    const { name, kind, range } = symbol;
    flat.push({ name, kind, location: { uri, range }, ...(containerName === "" ? {} : { containerName }) });
    for (const child of (symbol.children ?? []).toReversed()) stack.push({ symbol: child, containerName: name });
  }
  return flat;
}

/** What a search in all files found. */
export function toWorkspaceSymbols(found: readonly FoundSymbol[], { project, documents }: Target): SymbolInformation[] {
  return found.flatMap(({ item, file, shift, container }) => {
    const document = project.document(file);
    if (!document) return [];
    const { selection } = spanOfItem(item);
    const range = toRange(document, { start: selection.start + shift, end: selection.end + shift });
    return [
      {
        name: item.name,
        kind: kinds[item.kind],
        location: { uri: documents.uri(file), range },
        containerName: container,
      },
    ];
  });
}
