import type {
  CompletionItem,
  CompletionList,
  CompletionParams,
  Connection,
  InitializeParams,
  ServerCapabilities,
  SignatureHelp,
  SignatureHelpParams,
} from "vscode-languageserver";
import {
  type CompletionFeatures,
  completionFeatures,
  completions,
  completionTriggers,
  resolveCompletion,
} from "./completion.ts";
import type { FeatureHost } from "./feature.ts";
import { type SignatureFeatures, signatureFeatures, signatures, signatureTriggers } from "./signature-help.ts";
import { fileIdOf } from "./uris.ts";

/** Completion and signature help. */
export class Writing {
  readonly #host: FeatureHost;
  #completion: CompletionFeatures = { snippets: false, markdown: false, tags: false, sharedRange: false };
  #signature: SignatureFeatures = { markdown: false, offsets: false };

  constructor(host: FeatureHost) {
    this.#host = host;
  }

  /** Reads what the client understands; gives what it may ask for. */
  capabilities(params: InitializeParams): ServerCapabilities {
    this.#completion = completionFeatures(params);
    this.#signature = signatureFeatures(params);
    return {
      completionProvider: { triggerCharacters: completionTriggers, resolveProvider: true },
      signatureHelpProvider: { triggerCharacters: signatureTriggers },
    };
  }

  /** Answers the requests. */
  register(connection: Connection): void {
    const { guard, settle, target } = this.#host;
    connection.onCompletion(
      guard.request("completion", null, async (params: CompletionParams, token): Promise<CompletionList | null> => {
        await settle();
        const isWanted = target.settings(fileIdOf(params.textDocument.uri)).completion;
        return token.isCancellationRequested || !isWanted ? null : completions(params, target, this.#completion);
      }),
    );
    connection.onCompletionResolve(
      guard.request("completionItem/resolve", { label: "" }, async (item: CompletionItem): Promise<CompletionItem> => {
        return resolveCompletion(item, this.#completion);
      }),
    );
    connection.onSignatureHelp(
      guard.request(
        "signatureHelp",
        null,
        async (params: SignatureHelpParams, token): Promise<SignatureHelp | null> => {
          await settle();
          return token.isCancellationRequested ? null : signatures(params, target, this.#signature);
        },
      ),
    );
  }
}
