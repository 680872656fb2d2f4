// A client for the tests: starts the shipped language server as a process and speaks the real protocol with it.
import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import {
  type CodeAction,
  type CodeActionContext,
  CodeActionRequest,
  ConfigurationRequest,
  createProtocolConnection,
  type Diagnostic,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  type InitializeResult,
  IPCMessageReader,
  IPCMessageWriter,
  LogMessageNotification,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type PublishDiagnosticsParams,
  type Range,
  RegistrationRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  type TextDocumentContentChangeEvent,
  UnregistrationRequest,
} from "vscode-languageserver/node";

/** How a test starts the server. */
export interface SessionOptions {
  /** An installed program, instead of the bundle in dist/. */
  readonly program?: string;
  readonly nodeArguments?: readonly string[];
  readonly serverArguments?: readonly string[];
  readonly transport?: "stdio" | "ipc";
  /** The answer to workspace/configuration; a function is asked with the URI of the folder. */
  readonly settings?: unknown;
  /** Merged over the client capabilities. */
  readonly capabilities?: object;
  readonly initializationOptions?: unknown;
  readonly workspaceFolder?: string;
  /** Several of them. */
  readonly workspaceFolders?: readonly string[];
}

/** Milliseconds after which diagnostics that do not come fail the test. */
const patience = 20_000;

type Wait = {
  readonly uri: string;
  readonly accepts: (params: PublishDiagnosticsParams) => boolean;
  readonly done: (params: PublishDiagnosticsParams) => void;
  readonly timer: NodeJS.Timeout;
};

/**
 * A reader that does not wait for the rest of a message: its timer starts itself anew for ever, which would keep the test
 * process alive when the server ends in the middle of one.
 */
function readerOf(output: NodeJS.ReadableStream): StreamMessageReader {
  const reader = new StreamMessageReader(output);
  reader.partialMessageTimeout = 0;
  return reader;
}

function foldersOf({ workspaceFolder, workspaceFolders }: SessionOptions): { uri: string; name: string }[] | null {
  const uris = workspaceFolders ?? (workspaceFolder === undefined ? undefined : [workspaceFolder]);
  return uris?.map((uri) => ({ uri, name: "workspace" })) ?? null;
}

/** One running server and what it has told us. */
export class Session {
  readonly child: ChildProcess;
  readonly connection: ProtocolConnection;
  readonly exited: Promise<number | null>;
  readonly published: PublishDiagnosticsParams[] = [];
  readonly log: string[] = [];
  readonly registered: string[] = [];
  stderr = "";
  settings: unknown;
  initializeResult: InitializeResult | undefined;
  readonly #waits: Wait[] = [];
  readonly #logWaits = new Set<() => void>();

  constructor(options: SessionOptions = {}) {
    const server = resolve("dist/server.cjs");
    if (!existsSync(server)) throw new Error("dist/server.cjs is missing: run `node build.mjs` first");
    this.settings = options.settings ?? null;
    const args = [...(options.serverArguments ?? ["--stdio"])];
    const execArgv = [...(options.nodeArguments ?? [])];
    this.child =
      options.transport === "ipc"
        ? fork(server, args, { execArgv, silent: true })
        : options.program === undefined
          ? spawn(process.execPath, [...execArgv, server, ...args], { stdio: "pipe" })
          : spawn(options.program, args, { stdio: "pipe", shell: process.platform === "win32" });
    this.child.stderr!.on("data", (data) => {
      this.stderr += data;
    });
    this.child.stdin!.on("error", () => {});
    this.exited = once(this.child, "exit").then(([code]) => code as number | null);
    this.connection =
      options.transport === "ipc"
        ? createProtocolConnection(new IPCMessageReader(this.child), new IPCMessageWriter(this.child))
        : createProtocolConnection(readerOf(this.child.stdout!), new StreamMessageWriter(this.child.stdin!));
    this.connection.onNotification(PublishDiagnosticsNotification.type, (params) => this.#receive(params));
    this.connection.onNotification(LogMessageNotification.type, ({ message }) => this.#note(message));
    this.connection.onRequest(ConfigurationRequest.type, ({ items }) =>
      items.map(({ scopeUri }) => (typeof this.settings === "function" ? this.settings(scopeUri) : this.settings)),
    );
    this.connection.onRequest(RegistrationRequest.type, ({ registrations }) => {
      this.registered.push(...registrations.map(({ method }) => method));
    });
    this.connection.onRequest(UnregistrationRequest.type, () => {});
    this.connection.listen();
  }

  /** Starts a server and goes through the initialization. */
  static async start(options: SessionOptions = {}): Promise<Session> {
    const session = new Session(options);
    try {
      await session.#initialize(options);
    } catch (error) {
      await session.kill();
      throw error;
    }
    return session;
  }

  async #initialize(options: SessionOptions): Promise<void> {
    this.initializeResult = await this.connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: foldersOf(options),
      capabilities: {
        textDocument: {
          publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true, versionSupport: true },
          hover: { contentFormat: ["markdown", "plaintext"] },
          codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix", "source.fixAll"] } } },
        },
        workspace: {
          configuration: true,
          workspaceEdit: { documentChanges: true },
          didChangeConfiguration: { dynamicRegistration: true },
          didChangeWatchedFiles: { dynamicRegistration: true, relativePatternSupport: true },
        },
        ...options.capabilities,
      },
      ...(options.initializationOptions === undefined ? {} : { initializationOptions: options.initializationOptions }),
    });
    await this.connection.sendNotification(InitializedNotification.type, {});
  }

  #receive(params: PublishDiagnosticsParams): void {
    this.published.push(params);
    for (const wait of this.#waits.filter(({ uri, accepts }) => uri === params.uri && accepts(params))) {
      this.#waits.splice(this.#waits.indexOf(wait), 1);
      wait.done(params);
    }
  }

  /** The next diagnostics of this document that are acceptable. */
  next(uri: string, accepts: (params: PublishDiagnosticsParams) => boolean = () => true): Promise<Diagnostic[]> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`no such diagnostics of ${uri} within ${patience} ms; log: ${this.log.join("\n")}`));
      }, patience);
      const done = (params: PublishDiagnosticsParams) => {
        clearTimeout(timer);
        resolve(params.diagnostics);
      };
      this.#waits.push({ uri, accepts, done, timer });
    });
  }

  #note(message: string): void {
    this.log.push(message);
    for (const wait of [...this.#logWaits]) wait();
  }

  /** Waits until the log has a line like this. */
  logged(pattern: RegExp): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (!this.log.some((line) => pattern.test(line))) return;
        clearTimeout(timer);
        this.#logWaits.delete(look);
        resolve();
      };
      const timer = setTimeout(() => reject(new Error(`no ${pattern} in the log:\n${this.log.join("\n")}`)), patience);
      this.#logWaits.add(look);
      look();
    });
  }

  /** Opens a document and waits for its diagnostics. */
  async open(uri: string, text: string, version = 1): Promise<Diagnostic[]> {
    const diagnostics = this.next(uri, (params) => params.version === version);
    await this.sendOpen(uri, text, version);
    return diagnostics;
  }

  /** Opens a document without waiting. */
  sendOpen(uri: string, text: string, version = 1): Promise<void> {
    const textDocument = { uri, languageId: "nginx", version, text };
    return this.connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument });
  }

  /** Changes a document and waits for the diagnostics of that version. */
  async change(uri: string, version: number, contentChanges: TextDocumentContentChangeEvent[]): Promise<Diagnostic[]> {
    const diagnostics = this.next(uri, (params) => params.version === version);
    await this.sendChange(uri, version, contentChanges);
    return diagnostics;
  }

  /** Changes a document without waiting. */
  sendChange(uri: string, version: number, contentChanges: TextDocumentContentChangeEvent[]): Promise<void> {
    const params = { textDocument: { uri, version }, contentChanges };
    return this.connection.sendNotification(DidChangeTextDocumentNotification.type, params);
  }

  /** Closes a document. */
  close(uri: string): Promise<void> {
    return this.connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri } });
  }

  /** Asks for code actions. */
  async actions(uri: string, range: Range, context: CodeActionContext): Promise<CodeAction[]> {
    const params = { textDocument: { uri }, range, context };
    const actions = (await this.connection.sendRequest(CodeActionRequest.type, params)) ?? [];
    return actions.filter((action): action is CodeAction => "edit" in action || "kind" in action);
  }

  /** Ends the session as the protocol says; gives the exit code. */
  async stop(): Promise<number | null> {
    await this.connection.sendRequest(ShutdownRequest.type);
    await this.connection.sendNotification(ExitNotification.type);
    return this.exited;
  }

  /** Ends the process if a failed test left it running. */
  async kill(): Promise<void> {
    for (const { timer } of this.#waits) clearTimeout(timer);
    this.connection.dispose();
    this.child.kill();
    await this.exited;
  }
}
