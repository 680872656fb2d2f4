import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import {
  createProtocolConnection,
  type Diagnostic,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type PublishDiagnosticsParams,
  type Range,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";

/** Milliseconds after which a server that does not answer ends the bench. */
const PATIENCE = 30_000;

/** A language server over stdio that is told about one document and answers each change with diagnostics. */
export class LanguageServer {
  private readonly child: ChildProcess;
  private readonly connection: ProtocolConnection;
  private readonly uri: string;
  private receive: (params: PublishDiagnosticsParams) => void = () => {};
  private version = 1;

  constructor(script: string, uri: string) {
    this.uri = uri;
    this.child = spawn(process.execPath, [script, "--stdio"], { stdio: ["pipe", "pipe", "ignore"] });
    this.connection = createProtocolConnection(
      new StreamMessageReader(this.child.stdout!),
      new StreamMessageWriter(this.child.stdin!),
    );
    this.connection.onNotification(PublishDiagnosticsNotification.type, (params) => this.receive(params));
    this.connection.listen();
  }

  /** Initializes the server as a client without settings does, the same for all servers. */
  async initialize(): Promise<void> {
    const publishDiagnostics = { relatedInformation: true, codeDescriptionSupport: true, versionSupport: true };
    await this.connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: null,
      capabilities: { textDocument: { publishDiagnostics } },
    });
    await this.connection.sendNotification(InitializedNotification.type, {});
  }

  /** Opens the document; gives its first diagnostics. */
  open(languageId: string, text: string): Promise<readonly Diagnostic[]> {
    const textDocument = { uri: this.uri, languageId, version: this.version, text };
    const answer = this.nextDiagnostics();
    void this.connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument });
    return answer;
  }

  /** Replaces a range; gives the diagnostics that answer it. */
  change(range: Range, text: string): Promise<readonly Diagnostic[]> {
    const textDocument = { uri: this.uri, version: ++this.version };
    const answer = this.nextDiagnostics();
    const contentChanges = [{ range, text }];
    void this.connection.sendNotification(DidChangeTextDocumentNotification.type, { textDocument, contentChanges });
    return answer;
  }

  private nextDiagnostics(): Promise<readonly Diagnostic[]> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no diagnostics within ${PATIENCE} ms`)), PATIENCE);
      this.receive = ({ uri, version, diagnostics }) => {
        // Not every server says which version it speaks about.
        if (uri !== this.uri || (version ?? this.version) !== this.version) return;
        clearTimeout(timer);
        this.receive = () => {};
        resolve(diagnostics);
      };
    });
  }

  /** Milliseconds of CPU that all threads of the server have used; undefined where the system does not tell. */
  cpuTime(): number | undefined {
    try {
      const tasks = `/proc/${this.child.pid}/task`;
      const nanoseconds = readdirSync(tasks).map((task) =>
        Number(readFileSync(`${tasks}/${task}/schedstat`, "utf8").split(" ")[0]),
      );
      return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e6;
    } catch {
      return undefined;
    }
  }

  /** Ends the server as the protocol says. */
  async stop(): Promise<void> {
    const exited = once(this.child, "exit");
    await this.connection.sendRequest(ShutdownRequest.type);
    await this.connection.sendNotification(ExitNotification.type);
    await exited;
    this.connection.dispose();
  }

  /** Ends the process of a server that failed. */
  kill(): void {
    this.child.kill("SIGKILL");
  }
}
