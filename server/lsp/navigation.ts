import {
  type ClientCapabilities,
  type Connection,
  type DefinitionParams,
  type DocumentHighlight,
  DocumentHighlightKind,
  type DocumentHighlightParams,
  type DocumentLink,
  type DocumentLinkParams,
  type DocumentSymbol,
  type DocumentSymbolParams,
  type FoldingRange,
  FoldingRangeKind,
  type FoldingRangeParams,
  type Location,
  type LocationLink,
  LSPErrorCodes,
  MessageType,
  type Position,
  type PrepareRenameParams,
  type Range,
  type ReferenceParams,
  type RenameParams,
  ResponseError,
  type SelectionRange,
  type SelectionRangeParams,
  type ServerCapabilities,
  ShowMessageNotification,
  type SymbolInformation,
  type WorkspaceEdit,
  type WorkspaceSymbolParams,
} from "vscode-languageserver";
import { type Document, type FileId, Navigator, type Span } from "../core/index.ts";
import { toRange, toTextEdits, toWorkspaceEdit } from "./convert.ts";
import { offsetOf } from "./documents.ts";
import type { FeatureHost } from "./feature.ts";
import { toDocumentSymbols, toFlatSymbols, toWorkspaceSymbols } from "./symbols.ts";
import { fileIdOf } from "./uris.ts";

/** What this client can be given. */
interface NavigationClient {
  readonly hierarchy: boolean;
  readonly links: boolean;
  readonly annotations: boolean;
  readonly folds: number;
}

type Refusal = ResponseError<void>;

/** Outlines, folding, definitions, references, renames and links: standard requests about names and blocks. */
export class Navigation {
  readonly #host: FeatureHost;
  readonly #navigator: Navigator;
  #client: NavigationClient = { hierarchy: false, links: false, annotations: false, folds: Number.POSITIVE_INFINITY };

  constructor(host: FeatureHost) {
    this.#host = host;
    this.#navigator = new Navigator(host.target.project);
  }

  /** Reads what the client understands; gives what it may ask for. */
  capabilities({ textDocument, workspace }: ClientCapabilities): ServerCapabilities {
    this.#client = {
      hierarchy: textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true,
      links: textDocument?.definition?.linkSupport === true,
      annotations: workspace?.workspaceEdit?.changeAnnotationSupport !== undefined,
      folds: textDocument?.foldingRange?.rangeLimit ?? Number.POSITIVE_INFINITY,
    };
    return {
      documentSymbolProvider: true,
      workspaceSymbolProvider: true,
      foldingRangeProvider: true,
      selectionRangeProvider: true,
      definitionProvider: true,
      referencesProvider: true,
      documentHighlightProvider: true,
      documentLinkProvider: {},
      renameProvider: textDocument?.rename?.prepareSupport === true ? { prepareProvider: true } : true,
    };
  }

  /** Answers the requests of a connection. */
  register(connection: Connection): void {
    const { guard } = this.#host;
    const settled =
      <Params, Result>(handle: (params: Params) => Result, none: Result) =>
      async (params: Params, token: { readonly isCancellationRequested: boolean }): Promise<Result> => {
        await this.#host.settle();
        return token.isCancellationRequested ? none : handle(params);
      };
    connection.onDocumentSymbol(
      guard.request(
        "documentSymbol",
        [],
        settled((params: DocumentSymbolParams) => this.#symbols(params), []),
      ),
    );
    connection.onWorkspaceSymbol(
      guard.request(
        "workspaceSymbol",
        [],
        settled((params: WorkspaceSymbolParams) => this.#search(params), []),
      ),
    );
    connection.onFoldingRanges(
      guard.request("foldingRange", [], async (params: FoldingRangeParams) => this.#folds(params)),
    );
    connection.onSelectionRanges(
      guard.request("selectionRange", [], async (params: SelectionRangeParams) => this.#selections(params)),
    );
    connection.onDefinition(
      guard.request(
        "definition",
        [],
        settled((params: DefinitionParams) => this.#definitions(params), []),
      ),
    );
    connection.onReferences(
      guard.request(
        "references",
        [],
        settled((params: ReferenceParams) => this.#references(params), []),
      ),
    );
    connection.onDocumentHighlight(
      guard.request(
        "documentHighlight",
        [],
        settled((params: DocumentHighlightParams) => this.#highlights(params), []),
      ),
    );
    connection.onDocumentLinks(
      guard.request(
        "documentLink",
        [],
        settled((params: DocumentLinkParams) => this.#links(params), []),
      ),
    );
    connection.onPrepareRename(
      guard.request(
        "prepareRename",
        null,
        settled((params: PrepareRenameParams) => this.#prepareRename(params), null),
      ),
    );
    connection.onRenameRequest(
      guard.request(
        "rename",
        null,
        settled((params: RenameParams) => {
          return this.#rename(
            params,
            (message) =>
              void connection.sendNotification(ShowMessageNotification.type, { type: MessageType.Warning, message }),
          );
        }, null),
      ),
    );
  }

  /** The document that a request is about; undefined when the client does not have it open. */
  #document(uri: string): { readonly file: FileId; readonly document: Document } | undefined {
    const { project, documents } = this.#host.target;
    const file = fileIdOf(uri);
    const document = project.document(file);
    return document && documents.has(file) ? { file, document } : undefined;
  }

  #at(
    uri: string,
    position: Position,
  ): { readonly file: FileId; readonly document: Document; readonly offset: number } | undefined {
    const asked = this.#document(uri);
    return asked && { ...asked, offset: offsetOf(asked.document, position) };
  }

  #location({ file, start, end }: Span): Location[] {
    const { project, documents } = this.#host.target;
    const document = project.document(file);
    return document ? [{ uri: documents.uri(file), range: toRange(document, { start, end }) }] : [];
  }

  #symbols({ textDocument }: DocumentSymbolParams): DocumentSymbol[] | SymbolInformation[] {
    const asked = this.#document(textDocument.uri);
    if (!asked) return [];
    const parts = this.#navigator.outline(asked.file);
    return this.#client.hierarchy
      ? toDocumentSymbols(parts, asked.document)
      : toFlatSymbols(parts, asked.document, textDocument.uri);
  }

  #search({ query }: WorkspaceSymbolParams): SymbolInformation[] {
    return toWorkspaceSymbols(this.#navigator.search(String(query ?? "")), this.#host.target);
  }

  #folds({ textDocument }: FoldingRangeParams): FoldingRange[] {
    const asked = this.#document(textDocument.uri);
    if (!asked) return [];
    const kinds = { block: undefined, comment: FoldingRangeKind.Comment, region: FoldingRangeKind.Region };
    return this.#navigator
      .folds(asked.file)
      .slice(0, this.#client.folds)
      .map(({ startLine, endLine, kind }) => {
        const named = kinds[kind];
        return { startLine, endLine, ...(named === undefined ? {} : { kind: named }) };
      });
  }

  #selections({ textDocument, positions }: SelectionRangeParams): SelectionRange[] {
    const asked = this.#document(textDocument.uri);
    if (!asked) return [];
    return positions.map((position) => {
      const stretches = this.#navigator.selections(asked.file, offsetOf(asked.document, position));
      let range: SelectionRange | undefined;
      for (const stretch of stretches.toReversed()) {
        const own = { range: toRange(asked.document, stretch) };
        range = range === undefined ? own : { ...own, parent: range };
      }
      return range ?? { range: { start: position, end: position } };
    });
  }

  #definitions({ textDocument, position }: DefinitionParams): LocationLink[] | Location[] {
    const asked = this.#at(textDocument.uri, position);
    const found = asked && this.#navigator.definitions(asked.file, asked.offset);
    if (!asked || !found) return [];
    if (!this.#client.links) return found.targets.flatMap(({ selection }) => this.#location(selection));
    const originSelectionRange = toRange(asked.document, found.origin);
    return found.targets.flatMap(({ span, selection }): LocationLink[] => {
      const [target] = this.#location(span);
      const [name] = this.#location(selection);
      if (!target || !name) return [];
      return [
        { originSelectionRange, targetUri: target.uri, targetRange: target.range, targetSelectionRange: name.range },
      ];
    });
  }

  #references({ textDocument, position, context }: ReferenceParams): Location[] {
    const asked = this.#at(textDocument.uri, position);
    const found = asked ? this.#navigator.references(asked.file, asked.offset) : [];
    return found
      .filter(({ role }) => role === "use" || context?.includeDeclaration !== false)
      .flatMap(({ span }) => this.#location(span));
  }

  #highlights({ textDocument, position }: DocumentHighlightParams): DocumentHighlight[] {
    const asked = this.#at(textDocument.uri, position);
    if (!asked) return [];
    return this.#navigator.highlights(asked.file, asked.offset).map(({ span, role }) => ({
      range: toRange(asked.document, span),
      kind: role === "definition" ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
    }));
  }

  #links({ textDocument }: DocumentLinkParams): DocumentLink[] {
    const asked = this.#document(textDocument.uri);
    if (!asked) return [];
    return this.#navigator.links(asked.file).map(({ span, target }) => ({
      range: toRange(asked.document, span),
      target: this.#host.target.documents.uri(target),
    }));
  }

  #prepareRename({
    textDocument,
    position,
  }: PrepareRenameParams): { range: Range; placeholder: string } | Refusal | null {
    const asked = this.#at(textDocument.uri, position);
    if (!asked) return null;
    const found = this.#navigator.renamable(asked.file, asked.offset);
    if ("refusal" in found) return refuse(found.refusal);
    return { range: toRange(asked.document, found.span), placeholder: found.name };
  }

  #rename(
    { textDocument, position, newName }: RenameParams,
    warn: (warning: string) => void,
  ): WorkspaceEdit | Refusal | null {
    const asked = this.#at(textDocument.uri, position);
    if (!asked) return null;
    const { target } = this.#host;
    const renamed = this.#navigator.rename(asked.file, asked.offset, String(newName ?? ""));
    if (renamed.refusal !== undefined) return refuse(renamed.refusal);
    const edit = toWorkspaceEdit(toTextEdits(renamed.edits, target.project), target) ?? { changes: {} };
    if (renamed.warnings.length === 0) return edit;
    if (this.#client.annotations && edit.documentChanges) return withWarnings(edit, renamed.warnings);
    for (const warning of renamed.warnings) warn(warning);
    return edit;
  }
}

function refuse(message: string): Refusal {
  return new ResponseError(LSPErrorCodes.RequestFailed, message);
}

/** The same edit, which the client shows with the warnings before it makes any change. */
function withWarnings(edit: WorkspaceEdit, warnings: readonly string[]): WorkspaceEdit {
  const id = "rename";
  const documentChanges = (edit.documentChanges ?? []).map((change) => {
    if (!("textDocument" in change)) return change;
    return { ...change, edits: change.edits.map((each) => ({ ...each, annotationId: id })) };
  });
  const [label = "", ...more] = warnings;
  const changeAnnotations = {
    [id]: { label, needsConfirmation: true, ...(more.length > 0 ? { description: more.join(" ") } : {}) },
  };
  return { documentChanges, changeAnnotations };
}
