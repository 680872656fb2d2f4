import {
  type ConfigurationItem,
  type Connection,
  DidChangeConfigurationNotification,
  type InitializeParams,
  type WorkspaceFoldersChangeEvent,
} from "vscode-languageserver";
import type { FolderSettings } from "./folder-settings.ts";
import { describeError, type Guard } from "./guard.ts";

/** The section of the client's settings that is ours. */
const section = "nginxWebsocket";
/** Milliseconds after which a client that does not answer about its settings gets the defaults. */
const patience = 3000;

/** What the talk about settings needs, and whom it tells. */
export interface ConfigurationHost {
  readonly connection: Connection;
  readonly settings: FolderSettings;
  readonly guard: Guard;
  readonly log: (message: string) => void;
  /** The client answered; with other settings than before, or the same. */
  answered(what: "other settings" | "the same"): void;
  /** Folders came or went; their settings are asked for next. */
  foldersChanged(): void;
  /** The settings of the folders that are there now are known. */
  foldersKnown(): void;
}

/** Gets the settings from the client, for each folder of the workspace, and keeps them up to date. */
export class Configuration {
  /** Done as soon as there are settings to go by. */
  readonly ready: Promise<void>;
  readonly #host: ConfigurationHost;
  #settingsKnown: () => void = () => {};
  #isPulled = false;
  #tellsChanges = false;
  #knowsFolders = false;

  constructor(host: ConfigurationHost) {
    this.#host = host;
    this.ready = new Promise((resolve) => {
      this.#settingsKnown = resolve;
    });
  }

  /** Reads what the client understands, its folders, and what it sends along if it cannot be asked. */
  initialize({ capabilities, rootUri, workspaceFolders, initializationOptions = {} }: InitializeParams): void {
    const { settings } = this.#host;
    const { workspace } = capabilities ?? {};
    this.#isPulled = workspace?.configuration === true;
    this.#tellsChanges = workspace?.didChangeConfiguration?.dynamicRegistration === true;
    this.#knowsFolders = workspace?.workspaceFolders === true;
    const alone = typeof rootUri === "string" ? [{ uri: rootUri }] : [];
    settings.follow(workspaceFolders?.length ? workspaceFolders : alone);
    settings.isTrusted = initializationOptions?.trusted !== false;
    if (!this.#isPulled) this.#takeForAll(initializationOptions?.settings);
  }

  /** Asks for the settings, and listens to what becomes of them. */
  register(): void {
    const { connection, guard } = this.#host;
    connection.onInitialized(
      guard.notification("initialized", async () => {
        if (this.#tellsChanges) await connection.client.register(DidChangeConfigurationNotification.type, { section });
        if (this.#knowsFolders) {
          connection.workspace.onDidChangeWorkspaceFolders((event) => void this.#changeFolders(event));
        }
        await this.#pull();
      }),
    );
    connection.onDidChangeConfiguration(
      guard.notification("didChangeConfiguration", async (params) => {
        if (this.#isPulled) return this.#pull();
        this.#takeForAll(params.settings?.[section] ?? params.settings);
      }),
    );
  }

  /** Takes the client's settings for files outside of all folders, and for each folder. */
  #take(questions: readonly ConfigurationItem[], answers: readonly unknown[]): void {
    this.#host.answered(this.#host.settings.take(questions, answers) ? "other settings" : "the same");
    this.#settingsKnown();
  }

  /** For clients that cannot be asked: one answer for everything. */
  #takeForAll(value: unknown): void {
    const questions = this.#host.settings.questions(section);
    this.#take(
      questions,
      questions.map(() => value),
    );
  }

  async #pull(): Promise<void> {
    if (!this.#isPulled) return;
    const { connection, settings, log } = this.#host;
    const limit = setTimeout(this.#settingsKnown, patience);
    try {
      const questions = settings.questions(section);
      this.#take(questions, await connection.workspace.getConfiguration(questions));
    } catch (error) {
      log(`asking for the settings failed: ${describeError(error)}`);
      this.#settingsKnown();
    } finally {
      clearTimeout(limit);
    }
  }

  async #changeFolders({ added, removed }: WorkspaceFoldersChangeEvent): Promise<void> {
    this.#host.settings.change(added, removed);
    this.#host.foldersChanged();
    await this.#pull();
    this.#host.foldersKnown();
  }
}
