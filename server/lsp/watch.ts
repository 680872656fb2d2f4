import {
  type Connection,
  DidChangeWatchedFilesNotification,
  type Disposable,
  type FileSystemWatcher,
} from "vscode-languageserver";
import type { FileId } from "../core/index.ts";
import { projectFileName } from "../project-file/content.ts";
import { uriOf } from "./uris.ts";

/** Folders of loaded files that are watched one by one; beyond that the patterns of the workspace must do. */
const maxFolders = 200;

/** Where new configuration files turn up inside the workspace. */
const workspacePatterns = [
  "**/*.{conf,nginx,nginxconf,vhost}",
  "**/{conf.d,http.d,vhosts.d,sites-available,sites-enabled,snippets}/*",
  `**/${projectFileName}`,
];

/** What the client can watch for us. */
export interface WatchFeatures {
  readonly dynamic: boolean;
  /** Folders outside the workspace too. */
  readonly folders: boolean;
}

/** Asks the client to report changes on disk: of configuration files in the workspace, and beside every loaded file. */
export class Watch {
  readonly #connection: Connection;
  readonly #features: WatchFeatures;
  #watched: string | undefined;
  #registration: Promise<Disposable> | undefined;

  constructor(connection: Connection, features: WatchFeatures) {
    this.#connection = connection;
    this.#features = features;
  }

  /** Watches the folders of these files from now on, and no others. */
  async follow(files: readonly FileId[]): Promise<void> {
    if (!this.#features.dynamic) return;
    const folders = this.#features.folders ? foldersOf(files) : [];
    const key = folders.join("\n");
    if (key === this.#watched) return;
    const watchers: FileSystemWatcher[] = [
      ...workspacePatterns.map((globPattern) => ({ globPattern })),
      ...folders.map((folder) => ({ globPattern: { baseUri: uriOf(folder), pattern: "*" } })),
    ];
    // A client far away may take longer to answer than somebody takes to type the next line.
    const before = this.#registration;
    const registration = this.#connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
    this.#watched = key;
    this.#registration = registration;
    try {
      await registration;
    } catch (error) {
      if (this.#registration === registration) this.#watched = undefined;
      throw error;
    } finally {
      (await before?.catch(() => undefined))?.dispose();
    }
  }
}

function foldersOf(files: readonly FileId[]): readonly FileId[] {
  const folders = new Set<FileId>();
  for (const file of files) {
    if (folders.size === maxFolders) break;
    const folder = file.slice(0, file.lastIndexOf("/"));
    if (folder !== "" && !folder.endsWith("/")) folders.add(folder);
  }
  return [...folders].sort();
}
