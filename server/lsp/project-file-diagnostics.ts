import { type Diagnostic, DiagnosticSeverity, type PublishDiagnosticsParams } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { FileId } from "../core/index.ts";
import type { ProjectFile } from "../project-file/find.ts";
import { locate } from "../project-file/layers.ts";
import { source } from "./convert.ts";
import type { FolderSettings } from "./folder-settings.ts";
import type { ProjectFileDocuments } from "./project-file-documents.ts";

/** Tells the client what is wrong in project files, whether they are open or not. */
export class ProjectFileDiagnostics {
  readonly #settings: FolderSettings;
  readonly #documents: ProjectFileDocuments;
  readonly #send: (params: PublishDiagnosticsParams) => void;
  /** What the client shows now, and under which name. */
  readonly #shown = new Map<FileId, { readonly uri: string; readonly content: string }>();

  constructor(
    settings: FolderSettings,
    documents: ProjectFileDocuments,
    send: (params: PublishDiagnosticsParams) => void,
  ) {
    this.#settings = settings;
    this.#documents = documents;
    this.#send = send;
  }

  /** Sends what is different from what the client shows. */
  publish(): void {
    const found = new Map(this.#settings.projectFiles.all().map((each) => [each.file, this.#diagnose(each)]));
    for (const file of new Set([...this.#shown.keys(), ...found.keys()])) {
      const diagnostics = found.get(file) ?? [];
      const content = JSON.stringify(diagnostics);
      const before = this.#shown.get(file);
      if (content === (before?.content ?? "[]")) continue;
      const uri = diagnostics.length === 0 ? (before?.uri ?? this.#documents.uri(file)) : this.#documents.uri(file);
      if (diagnostics.length === 0) this.#shown.delete(file);
      else this.#shown.set(file, { uri, content });
      this.#send({ uri, diagnostics });
    }
  }

  #diagnose(projectFile: ProjectFile): Diagnostic[] {
    const { text, problems, places, content } = projectFile;
    const document = TextDocument.create("", "jsonc", 0, text);
    const at = (start: number, end: number) => ({ start: document.positionAt(start), end: document.positionAt(end) });
    const found: Diagnostic[] = problems.map(({ start, end, message }) => {
      return { range: at(start, end), severity: DiagnosticSeverity.Warning, source, message };
    });
    for (const [prefix, { start, end }] of places) {
      const folder = content.includeRoots[prefix];
      if (folder === undefined || this.#settings.mayRead(locate(folder, projectFile), projectFile)) continue;
      found.push({
        range: at(start, end),
        severity: DiagnosticSeverity.Information,
        source,
        message: "This does not count until you trust the workspace: the folder lies outside of it.",
      });
    }
    return found;
  }
}
