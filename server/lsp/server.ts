import {
  CodeActionKind,
  type CompletionItem,
  type CompletionList,
  type CompletionParams,
  type Connection,
  DidChangeConfigurationNotification,
  type ExecuteCommandParams,
  FileChangeType,
  type Hover,
  type HoverParams,
  type InitializeParams,
  type InitializeResult,
  type InlayHint,
  type InlayHintParams,
  MarkupKind,
  PositionEncodingKind,
  type SignatureHelp,
  type SignatureHelpParams,
  type TextDocumentContentParams,
  type TextDocumentContentResult,
  TextDocumentSyncKind,
  type WorkspaceFoldersChangeEvent,
} from "vscode-languageserver";
import {
  defaultSettings,
  type FileId,
  type Files,
  looksLikeNginx,
  nginxReference,
  Project,
  rules,
} from "../core/index.ts";
import { codeActions, fixAllKind } from "./actions.ts";
import {
  type CompletionFeatures,
  completionFeatures,
  completions,
  completionTriggers,
  resolveCompletion,
} from "./completion.ts";
import { type ClientFeatures, source, type Target, toRange } from "./convert.ts";
import { Documents, offsetOf } from "./documents.ts";
import { type EffectiveDocument, EffectiveDocuments, effectiveScheme, showEffectiveCommand } from "./effective.ts";
import { explainSymptom, explainSymptomCommand, type SymptomExplanation } from "./explain-symptom.ts";
import { describeError, Guard, toLine } from "./guard.ts";
import { inlayHints } from "./inlay-hints.ts";
import { Publisher } from "./publish.ts";
import { type FindRoots, Roots } from "./roots.ts";
import { readSettings } from "./settings.ts";
import { type SignatureFeatures, signatureFeatures, signatures, signatureTriggers } from "./signature-help.ts";
import { fileIdOf } from "./uris.ts";
import { Watch } from "./watch.ts";

/** The section of the client's settings that is ours. */
const section = "nginxWebsocket";
/** Milliseconds after which a client that does not answer about its settings gets the defaults. */
const settingsPatience = 3000;

/** The sniff reads less than this many characters. */
const sniffedLength = 200_000;

/** What differs between the places the server runs in. */
export interface ServerOptions {
  /** URI of the folder with the rule pages; without it diagnostics carry no links unless the client names a folder. */
  readonly docs?: string;
  /** Finds the whole configurations in the folders of the workspace; without it only open files are roots. */
  readonly findRoots?: FindRoots;
}

/** Serves one client over this connection until it says `exit`. The caller starts listening. */
export function startServer(connection: Connection, files: Files, options: ServerOptions = {}): void {
  const log = (message: string) => connection.console.info(toLine(message));
  const project = new Project(files, undefined, log);
  const documents = new Documents(project);
  const guard = new Guard((message) => connection.console.error(message));
  let docs = options.docs;
  let asksSettings = false;
  let asksSettingsChanges = false;
  let settings = defaultSettings;
  let workspaceFolder: string | undefined;
  let knowsFolders = false;
  let workspaceFolders: readonly FileId[] = [];
  let watch: Watch | undefined;
  /** What this client can be told to ask for again. */
  let shows = { content: false, hints: false };
  let client: ClientFeatures = {
    relatedInformation: false,
    codeDescription: false,
    documentChanges: false,
    markdownHover: false,
  };
  let writing: { readonly completion: CompletionFeatures; readonly signature: SignatureFeatures } | undefined;
  let settingsKnown: () => void = () => {};
  const ready = new Promise<void>((resolve) => {
    settingsKnown = resolve;
  });

  const roots = new Roots(options.findRoots, () => publisher.schedule(...documents.files()));
  const target: Target = {
    project,
    documents,
    get client() {
      return client;
    },
    candidates: () => roots.candidates(),
    createProject: () => new Project(files, settings, log),
    linkTo: (rule) => {
      return docs === undefined || !rules.some(({ id }) => id === rule) ? undefined : `${docs}/${rule}.md`;
    },
  };
  const effective = new EffectiveDocuments(target);
  const publisher = new Publisher({
    target,
    ready,
    // Somebody may have opened a redis.conf as nginx. What a configuration includes is nginx whatever it looks like.
    wants: (file) => !documents.has(file) || looksLikeNginx(project.document(file)?.slice(0, sniffedLength) ?? ""),
    send: (params) => void connection.sendDiagnostics(params),
    rested: (loaded) => {
      void watch?.follow(loaded).catch((error) => log(`watching files failed: ${describeError(error)}`));
      refresh(loaded.length > 1 ? "other files" : "one file");
    },
    log,
  });

  /** What the client shows beside diagnostics is asked for anew; hints of a file that it edits itself it asks for itself. */
  function refresh(cause: "settings" | "other files" | "one file"): void {
    const failed = (error: unknown): void => log(`refreshing failed: ${describeError(error)}`);
    if (shows.hints && (cause === "settings" || (settings.inlayHints && cause === "other files")))
      void connection.languages.inlayHint.refresh().catch(failed);
    if (!shows.content) return;
    for (const uri of effective.outdated()) void connection.workspace.textDocumentContent.refresh(uri).catch(failed);
  }

  function configure(value: unknown): void {
    const before = settings.inlayHints;
    settings = readSettings(value, workspaceFolder);
    if (settings.inlayHints !== before) refresh("settings");
    project.configure(settings);
    settingsKnown();
    publisher.schedule(...documents.files());
  }

  async function pullSettings(): Promise<void> {
    if (!asksSettings) return;
    const patience = setTimeout(settingsKnown, settingsPatience);
    try {
      configure(await connection.workspace.getConfiguration({ section }));
    } catch (error) {
      log(`asking for the settings failed: ${describeError(error)}`);
      settingsKnown();
    } finally {
      clearTimeout(patience);
    }
  }

  function changeFolders({ added, removed }: WorkspaceFoldersChangeEvent): void {
    const gone = new Set(removed.map(({ uri }) => folderIdOf(uri)));
    workspaceFolders = [
      ...workspaceFolders.filter((folder) => !gone.has(folder)),
      ...added.map(({ uri }) => folderIdOf(uri)),
    ];
    roots.follow(workspaceFolders);
    publisher.schedule(...documents.files());
  }

  connection.onInitialize((params: InitializeParams): InitializeResult => {
    guard.phase = "running";
    const { textDocument, workspace } = params.capabilities ?? {};
    client = {
      relatedInformation: textDocument?.publishDiagnostics?.relatedInformation === true,
      codeDescription: textDocument?.publishDiagnostics?.codeDescriptionSupport === true,
      documentChanges: workspace?.workspaceEdit?.documentChanges === true,
      markdownHover: textDocument?.hover?.contentFormat?.includes(MarkupKind.Markdown) === true,
    };
    shows = {
      content: workspace?.textDocumentContent !== undefined,
      hints: workspace?.inlayHint?.refreshSupport === true,
    };
    writing = { completion: completionFeatures(params), signature: signatureFeatures(params) };
    asksSettings = workspace?.configuration === true;
    asksSettingsChanges = workspace?.didChangeConfiguration?.dynamicRegistration === true;
    watch = new Watch(connection, {
      dynamic: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
      folders: workspace?.didChangeWatchedFiles?.relativePatternSupport === true,
    });
    const folder = params.workspaceFolders?.[0]?.uri ?? params.rootUri;
    workspaceFolder = typeof folder === "string" ? fileIdOf(folder) : undefined;
    workspaceFolders = (params.workspaceFolders ?? []).map(({ uri }) => folderIdOf(uri));
    knowsFolders = workspace?.workspaceFolders === true;
    if (workspaceFolders.length === 0 && workspaceFolder !== undefined) workspaceFolders = [workspaceFolder];
    roots.follow(workspaceFolders);
    const given = params.initializationOptions ?? {};
    if (typeof given.docs === "string") docs = given.docs.replace(/\/+$/, "");
    if (!asksSettings) configure(given.settings);
    return {
      capabilities: {
        positionEncoding: PositionEncodingKind.UTF16,
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, fixAllKind] },
        hoverProvider: true,
        completionProvider: { triggerCharacters: completionTriggers, resolveProvider: true },
        signatureHelpProvider: { triggerCharacters: signatureTriggers },
        inlayHintProvider: true,
        executeCommandProvider: { commands: [explainSymptomCommand, showEffectiveCommand] },
        workspace: {
          workspaceFolders: { supported: true, changeNotifications: true },
          textDocumentContent: { schemes: [effectiveScheme] },
        },
      },
      serverInfo: { name: source },
    };
  });

  connection.onInitialized(
    guard.notification("initialized", async () => {
      if (asksSettingsChanges) {
        await connection.client.register(DidChangeConfigurationNotification.type, { section });
      }
      if (knowsFolders) connection.workspace.onDidChangeWorkspaceFolders(changeFolders);
      await pullSettings();
    }),
  );

  connection.onShutdown(() => {
    guard.phase = "down";
    publisher.stop();
  });

  connection.onDidChangeConfiguration(
    guard.notification("didChangeConfiguration", async (params) => {
      if (asksSettings) return pullSettings();
      configure(params.settings?.[section] ?? params.settings);
    }),
  );

  connection.onDidOpenTextDocument(
    guard.notification("didOpen", ({ textDocument }) => {
      // What we write ourselves is nobody's configuration.
      if (textDocument.uri.startsWith(`${effectiveScheme}:`)) return;
      publisher.schedule(documents.open(textDocument));
    }),
  );

  connection.onDidChangeTextDocument(
    guard.notification("didChange", (params) => {
      if (params.textDocument.uri.startsWith(`${effectiveScheme}:`)) return;
      const file = documents.change(params);
      if (file === undefined) return log(`didChange for a document that is not open: ${params.textDocument.uri}`);
      if (settings.run === "onType") publisher.schedule(file);
      else publisher.markStale();
    }),
  );

  connection.onDidSaveTextDocument(
    guard.notification("didSave", ({ textDocument }) => {
      const file = fileIdOf(textDocument.uri);
      if (documents.has(file) && settings.run === "onSave") publisher.schedule(file);
    }),
  );

  connection.onDidCloseTextDocument(
    guard.notification("didClose", ({ textDocument }) => {
      if (documents.close(textDocument.uri) !== undefined) publisher.schedule();
    }),
  );

  connection.onDidChangeWatchedFiles(
    guard.notification("didChangeWatchedFiles", ({ changes }) => {
      for (const { uri } of changes) project.invalidate(fileIdOf(uri));
      if (changes.some(({ type }) => type !== FileChangeType.Changed)) roots.forget();
      publisher.schedule();
    }),
  );

  connection.onCodeAction(
    guard.request("codeAction", [], async (params, token) => {
      const file = fileIdOf(params.textDocument.uri);
      await publisher.settle();
      return token.isCancellationRequested || !documents.has(file) ? [] : codeActions(params, file, target);
    }),
  );

  connection.onHover(
    guard.request("hover", null, async (params: HoverParams, token): Promise<Hover | null> => {
      const file = fileIdOf(params.textDocument.uri);
      await publisher.settle();
      return token.isCancellationRequested ? null : hoverAt(file, params);
    }),
  );

  connection.onCompletion(
    guard.request("completion", null, async (params: CompletionParams, token): Promise<CompletionList | null> => {
      await publisher.settle();
      return token.isCancellationRequested || !writing ? null : completions(params, target, writing.completion);
    }),
  );

  connection.onCompletionResolve(
    guard.request("completionItem/resolve", { label: "" }, async (item: CompletionItem): Promise<CompletionItem> => {
      return writing ? resolveCompletion(item, writing.completion) : item;
    }),
  );

  connection.onSignatureHelp(
    guard.request("signatureHelp", null, async (params: SignatureHelpParams, token): Promise<SignatureHelp | null> => {
      await publisher.settle();
      return token.isCancellationRequested || !writing ? null : signatures(params, target, writing.signature);
    }),
  );

  connection.languages.inlayHint.on(
    guard.request("inlayHint", null, async (params: InlayHintParams, token): Promise<InlayHint[] | null> => {
      await publisher.settle();
      return token.isCancellationRequested || !settings.inlayHints ? null : inlayHints(params, target);
    }),
  );

  connection.workspace.textDocumentContent.on(
    guard.request(
      "textDocumentContent",
      { text: "" },
      async ({ uri }: TextDocumentContentParams): Promise<TextDocumentContentResult> => {
        await publisher.settle();
        return { text: effective.read(uri) };
      },
    ),
  );

  connection.onExecuteCommand(
    guard.request(
      "executeCommand",
      null,
      async (params: ExecuteCommandParams): Promise<SymptomExplanation | EffectiveDocument | null> => {
        if (params.command !== explainSymptomCommand && params.command !== showEffectiveCommand) return null;
        await publisher.settle();
        const [first, second] = params.arguments ?? [];
        return params.command === explainSymptomCommand ? explainSymptom(first, target) : effective.show(first, second);
      },
    ),
  );

  function hoverAt(file: FileId, params: HoverParams): Hover | null {
    const document = project.document(file);
    if (document === undefined || !documents.has(file)) return null;
    const hover = project.hover(file, offsetOf(document, params.position), nginxReference);
    if (hover === undefined) return null;
    const kind = client.markdownHover ? MarkupKind.Markdown : MarkupKind.PlainText;
    return { contents: { kind, value: hover.markdown }, range: toRange(document, hover.span) };
  }
}

function folderIdOf(uri: string): FileId {
  return fileIdOf(uri).replace(/\/$/, "");
}
