import {
  ConfigurationTarget,
  type Disposable,
  l10n,
  languages,
  Range,
  type TextDocument,
  window,
  workspace,
} from "vscode";
import { looksLikeNginx } from "../server/core/syntax/sniff.ts";
import { isAssociated, isNginx, isVague } from "./documents.ts";
import type { Client } from "./run-client.ts";

const confName = /\.conf(?:\.[\w-]+)?$/i;
/** Lines that are looked at. */
const sniffedLines = 400;

/**
 * Gives documents the language nginx that the editor knows by another one, because many programs have files named .conf:
 * those that look like nginx configuration, and those that one includes. Whoever takes a document back keeps it.
 */
export class Association implements Disposable {
  /** What has been nginx in this session; the editor keeps the object while it changes the language. */
  readonly #wasNginx = new WeakSet<TextDocument>();
  /** URIs that somebody said no about, or was asked about. */
  readonly #decided = new Set<string>();
  #client: Client | undefined;
  #subscription: Disposable | undefined;
  #isAsking = false;
  #asksAgain = false;

  dispose(): void {
    this.#subscription?.dispose();
  }

  /** Sees that a document has the language it has. */
  note(document: TextDocument): void {
    if (isNginx(document)) this.#wasNginx.add(document);
    else if (this.#wasNginx.has(document)) this.#decided.add(document.uri.toString());
  }

  /** Makes a visible document nginx if it is. */
  consider(document: TextDocument): void {
    if (!this.#mayChange(document)) return;
    if (confName.test(document.uri.path) && isConfiguration(document)) void this.#adopt(document);
    else void this.#askServer();
  }

  /** Asks this client from now on which files are included. */
  follow(client: Client): void {
    this.#client = client;
    this.#subscription = client.onDidJudge(() => void this.#askServer());
  }

  #mayChange(document: TextDocument): boolean {
    if (!isVague(document) || document.isClosed || this.#decided.has(document.uri.toString())) return false;
    return detectionFor(document) !== "off" && !isAssociated(document);
  }

  /** One question at a time: whole include graphs are judged file by file. */
  async #askServer(): Promise<void> {
    if (this.#isAsking) {
      this.#asksAgain = true;
      return;
    }
    this.#isAsking = true;
    try {
      do {
        this.#asksAgain = false;
        const documents = window.visibleTextEditors.map(({ document }) => document);
        const waiting = documents.filter((document) => this.#mayChange(document));
        if (this.#client === undefined || waiting.length === 0) return;
        const included = await this.#client.findIncluded(waiting.map(({ uri }) => uri.toString()));
        for (const document of waiting) if (included.includes(document.uri.toString())) void this.#adopt(document);
      } while (this.#asksAgain);
    } catch {
      // The server ended; it judges again when it is back.
    } finally {
      this.#isAsking = false;
    }
  }

  async #adopt(document: TextDocument): Promise<void> {
    if (detectionFor(document) === "ask") {
      this.#decided.add(document.uri.toString());
      if (!(await askUser(document)) || document.isClosed) return;
    }
    await languages.setTextDocumentLanguage(document, "nginx");
  }
}

function detectionFor(document: TextDocument): string | undefined {
  return workspace.getConfiguration("nginxWebsocket", document.uri).get<string>("confDetection");
}

/** A file of comments alone could be anybody's. */
function isConfiguration(document: TextDocument): boolean {
  const text = document.getText(new Range(0, 0, sniffedLines, 0));
  return /^\s*[^\s#]/m.test(text) && looksLikeNginx(text);
}

async function askUser({ uri }: TextDocument): Promise<boolean> {
  const name = uri.path.slice(uri.path.lastIndexOf("/") + 1);
  const question = l10n.t("{0} is nginx configuration, it seems. Read it as such?", name);
  const [yes, always, never] = [l10n.t("Yes"), l10n.t("Always"), l10n.t("Never")];
  const answer = await window.showInformationMessage(question, yes, always, never);
  if (answer === always || answer === never) {
    const value = answer === always ? "auto" : "off";
    await workspace.getConfiguration("nginxWebsocket").update("confDetection", value, ConfigurationTarget.Global);
  }
  return answer === yes || answer === always;
}
