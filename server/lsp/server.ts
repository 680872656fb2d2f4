import {
  CodeActionKind,
  type Connection,
  type ExecuteCommandParams,
  FileChangeType,
  type InitializeParams,
  type InitializeResult,
  MarkupKind,
  PositionEncodingKind,
  type TextDocumentContentParams,
  type TextDocumentContentResult,
  TextDocumentSyncKind,
} from "vscode-languageserver";
import { type FileId, type Files, looksLikeNginx, Project, rules, sniffedLength } from "../core/index.ts";
import { codeActions, fixAllKind } from "./actions.ts";
import { Configuration } from "./configuration.ts";
import { type ClientFeatures, source, type Target } from "./convert.ts";
import { describeCommand, describeDocument } from "./describe.ts";
import { Diary } from "./diary.ts";
import { Documents } from "./documents.ts";
import { EffectiveDocuments, effectiveScheme, showEffectiveCommand } from "./effective.ts";
import { explainSymptom, explainSymptomCommand } from "./explain-symptom.ts";
import { Explaining } from "./explaining.ts";
import { FolderSettings } from "./folder-settings.ts";
import { describeError, Guard, toLine } from "./guard.ts";
import { findIncluded, includedFilesCommand } from "./included-files.ts";
import { Navigation } from "./navigation.ts";
import { type Progress, withProgress } from "./progress.ts";
import { ProjectFileDiagnostics } from "./project-file-diagnostics.ts";
import { isProjectFile, ProjectFileDocuments } from "./project-file-documents.ts";
import { Publisher } from "./publish.ts";
import { type FindRoots, Roots } from "./roots.ts";
import { turnRuleOffAction } from "./turn-rule-off.ts";
import { fileIdOf } from "./uris.ts";
import { Watch } from "./watch.ts";
import { Writing } from "./writing.ts";

/** What differs between the places the server runs in. */
export interface ServerOptions {
  /** URI of the folder with the rule pages; without it diagnostics carry no links unless the client names a folder. */
  readonly docs?: string;
  /** Finds the whole configurations in the folders of the workspace; without it only open files are roots. */
  readonly findRoots?: FindRoots;
  /** What it runs in, for bug reports. */
  readonly runtime?: string;
}

/** Serves one client over this connection until it says `exit`. The caller starts listening. */
export function startServer(connection: Connection, files: Files, options: ServerOptions = {}): void {
  const log = (message: string) => connection.console.info(toLine(message));
  const fail = (message: string) => diary.fail(message);
  const projectFileDocuments = new ProjectFileDocuments(files);
  const settings = new FolderSettings(projectFileDocuments);
  const project = new Project(files, settings.source, fail);
  const documents = new Documents(project);
  const guard = new Guard(fail);
  let docs = options.docs;
  let explainCommand: string | undefined;
  let watch: Watch | undefined;
  /** What this client can be told to ask for again. */
  let shows = { content: false, hints: false };
  let progress: Progress = { isShown: false, title: "nginx WebSocket: reading the configuration" };
  let client: ClientFeatures = {
    relatedInformation: false,
    codeDescription: false,
    documentChanges: false,
    createFiles: false,
    markdownHover: false,
  };
  const roots = new Roots(
    options.findRoots,
    (found) => withProgress(connection, progress, () => project.readAhead(documents.files(), found)),
    () => publisher.schedule(...documents.files()),
  );
  const target: Target = {
    project,
    documents,
    get client() {
      return client;
    },
    candidates: () => roots.candidates(),
    createProject: () => new Project(files, settings.source, fail),
    settings: (file) => settings.source.of(file),
    turnRuleOff: (rule, file) => turnRuleOffAction(rule, file, settings, projectFileDocuments, client),
    get explainCommand() {
      return explainCommand;
    },
    linkTo: (rule) => {
      return docs === undefined || !rules.some(({ id }) => id === rule) ? undefined : `${docs}/${rule}.md`;
    },
  };
  const effective = new EffectiveDocuments(target);
  const diary = new Diary(target, {
    info: (message) => connection.console.info(message),
    error: (message) => connection.console.error(message),
  });
  // Somebody may have opened a redis.conf as nginx. What a configuration includes is nginx whatever it looks like.
  const wants = (file: FileId) =>
    !documents.has(file) || looksLikeNginx(project.document(file)?.slice(0, sniffedLength) ?? "");
  const configuration = new Configuration({
    connection,
    settings,
    guard,
    log,
    answered: (what) => {
      diary.expect();
      if (what === "the same") return;
      refresh("settings");
      publisher.schedule();
    },
    foldersChanged: () => roots.follow(settings.folders),
    foldersKnown: () => publisher.schedule(),
  });
  const publisher = new Publisher({
    target,
    ready: configuration.ready,
    wants,
    send: (params) => void connection.sendDiagnostics(params),
    rested: (loaded) => {
      void watch?.follow(loaded).catch((error) => log(`watching files failed: ${describeError(error)}`));
      refresh(loaded.length > 1 ? "other files" : "one file");
      projectFileDiagnostics.publish();
      diary.rested();
    },
    log,
  });

  const projectFileDiagnostics = new ProjectFileDiagnostics(settings, projectFileDocuments, (params) => {
    void connection.sendDiagnostics(params);
  });
  const host = { target, guard, settle: () => publisher.settle() };
  const navigation = new Navigation(host);
  navigation.register(connection);
  const writing = new Writing(host);
  writing.register(connection);
  const explaining = new Explaining(host);
  explaining.register(connection);
  configuration.register();

  /** What `workspace/executeCommand` gives for each command, given its arguments. */
  const answers: Readonly<Record<string, (given: readonly unknown[]) => unknown>> = {
    [explainSymptomCommand]: ([text]) => explainSymptom(text, target),
    [showEffectiveCommand]: ([uri, position]) => effective.show(uri, position),
    [includedFilesCommand]: (uris) => findIncluded(uris, target),
    [describeCommand]: ([uri]) =>
      describeDocument(uri, target, { runtime: options.runtime, errors: diary.errors, wants }),
  };

  /** What the client shows beside diagnostics is asked for anew; hints of a file that it edits itself it asks for itself. */
  function refresh(cause: "settings" | "other files" | "one file"): void {
    const failed = (error: unknown): void => log(`refreshing failed: ${describeError(error)}`);
    if (
      shows.hints &&
      (cause === "settings" ||
        (cause === "other files" && documents.files().some((file) => settings.source.of(file).inlayHints)))
    )
      void connection.languages.inlayHint.refresh().catch(failed);
    if (!shows.content) return;
    for (const uri of effective.outdated()) void connection.workspace.textDocumentContent.refresh(uri).catch(failed);
  }

  function projectFileChanged(file: FileId): void {
    settings.projectFiles.forget(file);
    publisher.schedule();
  }

  connection.onInitialize((params: InitializeParams): InitializeResult => {
    guard.phase = "running";
    if (options.runtime !== undefined) log(`language server on ${options.runtime}`);
    const { textDocument, workspace } = params.capabilities ?? {};
    client = {
      relatedInformation: textDocument?.publishDiagnostics?.relatedInformation === true,
      codeDescription: textDocument?.publishDiagnostics?.codeDescriptionSupport === true,
      documentChanges: workspace?.workspaceEdit?.documentChanges === true,
      createFiles: workspace?.workspaceEdit?.resourceOperations?.includes("create") === true,
      markdownHover: textDocument?.hover?.contentFormat?.includes(MarkupKind.Markdown) === true,
    };
    shows = {
      content: workspace?.textDocumentContent !== undefined,
      hints: workspace?.inlayHint?.refreshSupport === true,
    };
    watch = new Watch(connection, {
      dynamic: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
      folders: workspace?.didChangeWatchedFiles?.relativePatternSupport === true,
    });
    progress = { ...progress, isShown: params.capabilities?.window?.workDoneProgress === true };
    configuration.initialize(params);
    roots.follow(settings.folders);
    const given = params.initializationOptions ?? {};
    if (typeof given.docs === "string") docs = given.docs.replace(/\/+$/, "");
    if (typeof given.explainCommand === "string") explainCommand = given.explainCommand;
    return {
      capabilities: {
        positionEncoding: PositionEncodingKind.UTF16,
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, fixAllKind] },
        ...navigation.capabilities(params.capabilities ?? {}),
        ...writing.capabilities(params),
        ...explaining.capabilities(),
        executeCommandProvider: { commands: Object.keys(answers) },
        workspace: {
          workspaceFolders: { supported: true, changeNotifications: true },
          textDocumentContent: { schemes: [effectiveScheme] },
        },
      },
      serverInfo: { name: source },
    };
  });

  connection.onShutdown(() => {
    guard.phase = "down";
    publisher.stop();
  });

  connection.onDidOpenTextDocument(
    guard.notification("didOpen", ({ textDocument }) => {
      // What we write ourselves is nobody's configuration.
      if (textDocument.uri.startsWith(`${effectiveScheme}:`)) return;
      if (isProjectFile(fileIdOf(textDocument.uri))) return projectFileChanged(projectFileDocuments.open(textDocument));
      diary.expect();
      publisher.schedule(documents.open(textDocument));
    }),
  );

  connection.onDidChangeTextDocument(
    guard.notification("didChange", (params) => {
      const { uri } = params.textDocument;
      if (uri.startsWith(`${effectiveScheme}:`)) return;
      if (isProjectFile(fileIdOf(uri))) return projectFileChanged(projectFileDocuments.change(params));
      const file = documents.change(params);
      if (file === undefined) return log(`didChange for a document that is not open: ${uri}`);
      if (settings.source.of(file).run === "onType") publisher.schedule(file);
      else publisher.markStale();
    }),
  );

  connection.onDidSaveTextDocument(
    guard.notification("didSave", ({ textDocument }) => {
      const file = fileIdOf(textDocument.uri);
      diary.expect();
      if (!documents.has(file)) return;
      if (settings.source.of(file).run === "onSave") publisher.schedule(file);
      else publisher.schedule();
    }),
  );

  connection.onDidCloseTextDocument(
    guard.notification("didClose", ({ textDocument }) => {
      if (isProjectFile(fileIdOf(textDocument.uri)))
        return projectFileChanged(projectFileDocuments.close(textDocument.uri));
      if (documents.close(textDocument.uri) !== undefined) publisher.schedule();
    }),
  );

  connection.onDidChangeWatchedFiles(
    guard.notification("didChangeWatchedFiles", ({ changes }) => {
      const [projectFiles, others] = partition(changes, ({ uri }) => isProjectFile(fileIdOf(uri)));
      for (const { uri } of projectFiles) projectFileChanged(fileIdOf(uri));
      for (const { uri } of others) project.invalidate(fileIdOf(uri));
      if (others.some(({ type }) => type !== FileChangeType.Changed)) roots.forget();
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
    guard.request("executeCommand", null, async (params: ExecuteCommandParams): Promise<unknown> => {
      const answer = Object.hasOwn(answers, params.command) ? answers[params.command] : undefined;
      if (answer === undefined) return null;
      await publisher.settle();
      return answer(params.arguments ?? []);
    }),
  );
}

function partition<Item>(items: readonly Item[], isFirst: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}
