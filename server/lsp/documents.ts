import type {
  DidChangeTextDocumentParams,
  Position,
  Range,
  TextDocumentContentChangeEvent,
  TextDocumentItem,
} from "vscode-languageserver";
import type { Document, FileId, Project } from "../core/index.ts";
import { fileIdOf, uriOf } from "./uris.ts";

/** The documents that the client has open. Their text lives in the project only; here are their names and versions. */
export class Documents {
  readonly #project: Project;
  /** File → version of each open document. */
  readonly #versions = new Map<FileId, number | null>();
  /** The URIs under which each open document was opened: one file may be open under two spellings. */
  readonly #opened = new Map<FileId, Set<string>>();
  /** The client's spelling of each URI it ever opened: clearing diagnostics under another spelling would not. */
  readonly #uris = new Map<FileId, string>();

  constructor(project: Project) {
    this.#project = project;
  }

  /** Files the client has open. */
  files(): readonly FileId[] {
    return [...this.#versions.keys()];
  }

  /** Whether the client has this file open. */
  has(file: FileId): boolean {
    return this.#versions.has(file);
  }

  /** The client's own spelling of the URI, as far as it has told us. */
  uri(file: FileId): string {
    return this.#uris.get(file) ?? uriOf(file);
  }

  /** The version the client last sent; null for a file that is not open, as the protocol wants it. */
  version(file: FileId): number | null {
    return this.#versions.get(file) ?? null;
  }

  /** Takes over a document; a second opening replaces the first. */
  open(item: TextDocumentItem): FileId {
    const file = fileIdOf(item.uri);
    this.#project.open(file, String(item.text ?? ""));
    this.#versions.set(file, item.version ?? null);
    this.#uris.set(file, item.uri);
    const opened = this.#opened.get(file) ?? new Set();
    this.#opened.set(file, opened.add(item.uri));
    return file;
  }

  /** Hands the edits to the project; nothing for a document that was never opened. */
  change(params: DidChangeTextDocumentParams): FileId | undefined {
    const file = fileIdOf(params.textDocument.uri);
    if (!this.has(file)) return undefined;
    this.#versions.set(file, params.textDocument.version ?? null);
    for (const change of params.contentChanges) {
      const document = this.#project.document(file);
      if (document === undefined || typeof change?.text !== "string") continue;
      // Each range speaks about the text that the change before it left.
      const range = rangeOf(change);
      const span = range === undefined ? { start: 0, end: document.length } : spanIn(document, range);
      this.#project.change(file, [{ ...span, text: change.text }]);
    }
    return file;
  }

  /** Gives the file back to the disk; nothing for a document that was never opened, or is open under another spelling still. */
  close(uri: string): FileId | undefined {
    const file = fileIdOf(uri);
    const opened = this.#opened.get(file);
    if (!opened) return undefined;
    const [other] = opened.delete(uri) ? opened : [];
    if (other !== undefined) {
      this.#uris.set(file, other);
      return undefined;
    }
    this.#opened.delete(file);
    this.#versions.delete(file);
    this.#project.close(file);
    return file;
  }
}

/** The offset of a position that came from outside, always inside the text and never between CR and LF. */
export function offsetOf(document: Document, position: Position | null | undefined): number {
  if (position === undefined || position === null || position.line < 0) return 0;
  const offset = document.offsetAt({ line: toCount(position.line), character: toCount(position.character) });
  return document.slice(offset - 1, offset + 1) === "\r\n" ? offset - 1 : offset;
}

/** The two ends of a range that came from outside, in order. */
export function spanIn(document: Document, range: Range | undefined): { readonly start: number; readonly end: number } {
  const from = offsetOf(document, range?.start);
  const to = offsetOf(document, range?.end);
  return { start: Math.min(from, to), end: Math.max(from, to) };
}

function toCount(value: unknown): number {
  if (typeof value !== "number" || !(value > 0)) return 0;
  return Math.min(Math.floor(value), 0x7fffffff);
}

/** Nothing for a change that replaces the whole text. */
function rangeOf(change: TextDocumentContentChangeEvent): Range | undefined {
  return "range" in change && change.range !== null ? change.range : undefined;
}
