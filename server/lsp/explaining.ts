import {
  type Connection,
  type Hover,
  type HoverParams,
  type InlayHint,
  type InlayHintParams,
  MarkupKind,
  type ServerCapabilities,
} from "vscode-languageserver";
import { nginxReference } from "../core/index.ts";
import { type Target, toRange } from "./convert.ts";
import { offsetOf } from "./documents.ts";
import type { FeatureHost } from "./feature.ts";
import { inlayHints } from "./inlay-hints.ts";
import { fileIdOf } from "./uris.ts";

/** Hovers and inlay hints: what the lines at hand do, and what they do not show. */
export class Explaining {
  readonly #host: FeatureHost;

  constructor(host: FeatureHost) {
    this.#host = host;
  }

  /** What the client may ask for. */
  capabilities(): ServerCapabilities {
    return { hoverProvider: true, inlayHintProvider: true };
  }

  /** Answers the requests. */
  register(connection: Connection): void {
    const { guard, settle, target } = this.#host;
    connection.onHover(
      guard.request("hover", null, async (params: HoverParams, token): Promise<Hover | null> => {
        await settle();
        return token.isCancellationRequested ? null : hoverAt(params, target);
      }),
    );
    connection.languages.inlayHint.on(
      guard.request("inlayHint", null, async (params: InlayHintParams, token): Promise<InlayHint[] | null> => {
        await settle();
        const isWanted = target.settings(fileIdOf(params.textDocument.uri)).inlayHints;
        return token.isCancellationRequested || !isWanted ? null : inlayHints(params, target);
      }),
    );
  }
}

function hoverAt(params: HoverParams, { project, documents, settings, client }: Target): Hover | null {
  const file = fileIdOf(params.textDocument.uri);
  const document = project.document(file);
  if (document === undefined || !documents.has(file) || !settings(file).hover) return null;
  const hover = project.hover(file, offsetOf(document, params.position), nginxReference);
  if (hover === undefined) return null;
  const kind = client.markdownHover ? MarkupKind.Markdown : MarkupKind.PlainText;
  return { contents: { kind, value: hover.markdown }, range: toRange(document, hover.span) };
}
