import { type CodeAction, CodeActionKind, type WorkspaceEdit } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { FileId } from "../core/index.ts";
import { projectFileName } from "../project-file/content.ts";
import { projectFileWithRuleOff, turnRuleOff } from "../project-file/edit.ts";
import type { ProjectFile } from "../project-file/find.ts";
import type { FolderSettings } from "./folder-settings.ts";
import type { ProjectFileDocuments } from "./project-file-documents.ts";
import { uriOf } from "./uris.ts";

/** What the client can do with a workspace edit. */
export interface EditFeatures {
  readonly documentChanges: boolean;
  readonly createFiles: boolean;
}

/** The action that switches a rule off in the project file of a file, or in a new one in its folder of the workspace. */
export function turnRuleOffAction(
  rule: string,
  file: FileId,
  settings: FolderSettings,
  documents: ProjectFileDocuments,
  features: EditFeatures,
): CodeAction | undefined {
  const projectFile = settings.projectFiles.nearest(file);
  const folder = settings.folderOf(file);
  const edit =
    projectFile === undefined
      ? folder !== undefined && features.createFiles
        ? create(rule, `${folder}/${projectFileName}`)
        : undefined
      : change(rule, projectFile, documents, features);
  if (edit === undefined) return undefined;
  return { title: `Turn ${rule} off for this project`, kind: CodeActionKind.QuickFix, edit };
}

/** The client refuses the whole edit when there is such a file by now. */
function create(rule: string, file: FileId): WorkspaceEdit {
  const uri = uriOf(file);
  const start = { line: 0, character: 0 };
  return {
    documentChanges: [
      { kind: "create", uri },
      {
        textDocument: { uri, version: null },
        edits: [{ range: { start, end: start }, newText: projectFileWithRuleOff(rule) }],
      },
    ],
  };
}

function change(
  rule: string,
  { file, text }: ProjectFile,
  documents: ProjectFileDocuments,
  { documentChanges }: EditFeatures,
): WorkspaceEdit | undefined {
  const document = TextDocument.create("", "jsonc", 0, text);
  const edits = turnRuleOff(text, rule).map(({ start, end, newText }) => {
    return { range: { start: document.positionAt(start), end: document.positionAt(end) }, newText };
  });
  if (edits.length === 0) return undefined;
  const uri = documents.uri(file);
  if (!documentChanges) return { changes: { [uri]: edits } };
  return { documentChanges: [{ textDocument: { uri, version: documents.version(file) }, edits }] };
}
