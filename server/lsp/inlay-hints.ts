import type { InlayHint, InlayHintParams } from "vscode-languageserver";
import type { Target } from "./convert.ts";
import { spanIn } from "./documents.ts";
import { fileIdOf } from "./uris.ts";

/** The hints for a part of an open document. */
export function inlayHints({ textDocument, range }: InlayHintParams, { project, documents }: Target): InlayHint[] {
  const file = fileIdOf(textDocument.uri);
  const document = project.document(file);
  if (document === undefined || !documents.has(file)) return [];
  const { start, end } = spanIn(document, range);
  return project.inlayHints(file, start, end).map(({ offset, label, tooltip }) => ({
    position: document.positionAt(offset),
    label,
    tooltip,
    paddingLeft: true,
  }));
}
