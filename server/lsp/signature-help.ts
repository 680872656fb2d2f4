import { type InitializeParams, MarkupKind, type SignatureHelp, type SignatureHelpParams } from "vscode-languageserver";
import { signatureHelp } from "../core/index.ts";
import type { Target } from "./convert.ts";
import { offsetOf } from "./documents.ts";
import { fileIdOf } from "./uris.ts";

/** After a space the next argument begins. */
export const signatureTriggers = [" "];

/** What this client can show of a signature. */
export interface SignatureFeatures {
  readonly markdown: boolean;
  /** Parameters may be named by their place in the label. */
  readonly offsets: boolean;
}

/** Reads from the client's capabilities what it can show of a signature. */
export function signatureFeatures({ capabilities }: InitializeParams): SignatureFeatures {
  const information = capabilities?.textDocument?.signatureHelp?.signatureInformation;
  return {
    markdown: information?.documentationFormat?.includes(MarkupKind.Markdown) === true,
    offsets: information?.parameterInformation?.labelOffsetSupport === true,
  };
}

/** The forms of the directive that is being written at a position. */
export function signatures(
  { textDocument, position }: SignatureHelpParams,
  { project, documents }: Target,
  { markdown, offsets }: SignatureFeatures,
): SignatureHelp | null {
  const file = fileIdOf(textDocument.uri);
  const document = project.document(file);
  if (document === undefined || !documents.has(file)) return null;
  const site = project.site(file, offsetOf(document, position));
  const help = site && signatureHelp(site);
  if (!help) return null;
  const kind = markdown ? MarkupKind.Markdown : MarkupKind.PlainText;
  const described = (value: string | undefined) => (value === undefined ? {} : { documentation: { kind, value } });
  // A number beyond the last parameter says that none is active; left out it would be the first.
  const parameterOf = (form: (typeof help.forms)[number]): number => form.active ?? form.parameters.length;
  return {
    signatures: help.forms.map((form) => ({
      label: form.label,
      ...described(form.documentation),
      parameters: form.parameters.map(({ start, end, documentation }) => ({
        label: offsets ? ([start, end] as [number, number]) : form.label.slice(start, end),
        ...described(documentation),
      })),
      activeParameter: parameterOf(form),
    })),
    activeSignature: help.active,
    activeParameter: parameterOf(help.forms[help.active] as (typeof help.forms)[number]),
  };
}
