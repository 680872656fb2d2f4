import type { DidChangeTextDocumentParams, TextDocumentItem } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { baseName, type FileId, type Files, type ReadResult } from "../core/index.ts";
import { projectFileName } from "../project-file/content.ts";
import { fileIdOf, uriOf } from "./uris.ts";

/** Whether a file says what holds for a project. */
export function isProjectFile(file: FileId): boolean {
  return baseName(file) === projectFileName;
}

/** The project files that the client has open; the others are read from disk. */
export class ProjectFileDocuments {
  readonly #files: Files;
  readonly #open = new Map<FileId, TextDocument>();

  constructor(files: Files) {
    this.#files = files;
  }

  /** The text as the client shows it. */
  async read(file: FileId): Promise<ReadResult> {
    const open = this.#open.get(file);
    return open === undefined ? this.#files.read(file) : { text: open.getText() };
  }

  /** The version that the client last sent; null for a file that is not open. */
  version(file: FileId): number | null {
    return this.#open.get(file)?.version ?? null;
  }

  /** The client's own spelling of the URI of a file that it has open. */
  uri(file: FileId): string {
    return this.#open.get(file)?.uri ?? uriOf(file);
  }

  /** Takes over a document. */
  open({ uri, languageId, version, text }: TextDocumentItem): FileId {
    const file = fileIdOf(uri);
    this.#open.set(file, TextDocument.create(uri, String(languageId), version, String(text ?? "")));
    return file;
  }

  /** Applies edits; those of a document that was never opened are nobody's. */
  change({ textDocument, contentChanges }: DidChangeTextDocumentParams): FileId {
    const file = fileIdOf(textDocument.uri);
    const open = this.#open.get(file);
    if (open !== undefined) TextDocument.update(open, contentChanges, textDocument.version);
    return file;
  }

  /** Gives the file back to the disk. */
  close(uri: string): FileId {
    const file = fileIdOf(uri);
    this.#open.delete(file);
    return file;
  }
}
