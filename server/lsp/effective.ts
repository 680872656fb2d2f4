import type { Position } from "vscode-languageserver";
import { URI } from "vscode-uri";
import {
  type BlockPath,
  blockPathAt,
  effectiveText,
  listServers,
  offsetOfBlock,
  overviewText,
  serversOfFiles,
} from "../core/index.ts";
import type { Target } from "./convert.ts";
import { offsetOf } from "./documents.ts";
import { fileIdOf } from "./uris.ts";

/** The command that shows what is in force at a place; its arguments are a document's URI and a position. */
export const showEffectiveCommand = "nginxWebsocket.showEffective";

/** The scheme of the read-only documents that show what is in force. */
export const effectiveScheme = "nginx-websocket-effective";

/** More documents are not kept up to date. */
const maxShown = 16;

/** What the command gives: a document that editors ask for again by its URI, and its text for those that do not. */
export interface EffectiveDocument {
  readonly uri: string;
  readonly text: string;
}

/** The read-only documents that were asked for, and what they said. */
export class EffectiveDocuments {
  readonly #target: Target;
  /** URI → the text that the client has, the one asked for last at the end. */
  readonly #shown = new Map<string, string>();

  constructor(target: Target) {
    this.#target = target;
  }

  /** What is in force at a place of a document that is open; null for anything else. */
  show(source: unknown, position: unknown): EffectiveDocument | null {
    const { project, documents } = this.#target;
    if (typeof source !== "string") return null;
    const file = fileIdOf(source);
    const document = project.document(file);
    if (document === undefined || !documents.has(file)) return null;
    const path = blockPathAt(document, offsetOf(document, asPosition(position)));
    const uri = uriFor(source, path);
    return { uri, text: this.read(uri) };
  }

  /** The text of one of our documents as it is now. */
  read(uri: string): string {
    const text = this.#write(uri);
    this.#shown.delete(uri);
    this.#shown.set(uri, text);
    for (const oldest of this.#shown.keys()) {
      if (this.#shown.size <= maxShown) break;
      this.#shown.delete(oldest);
    }
    return text;
  }

  /** The documents that would say something else now; the client has to ask for them again. */
  outdated(): readonly string[] {
    return [...this.#shown].flatMap(([uri, text]) => {
      const now = this.#write(uri);
      if (now === text) return [];
      this.#shown.set(uri, now);
      return [uri];
    });
  }

  #write(uri: string): string {
    const named = readUri(uri);
    if (named === undefined) return "# This document is not one of ours.\n";
    const { project } = this.#target;
    const file = fileIdOf(named.source);
    const document = project.document(file);
    const offset = document && offsetOfBlock(document, named.path);
    if (document === undefined) return `# Open ${nameOf(file)}: then this shows what is in force there.\n`;
    if (offset === undefined) {
      const block = oneLine(named.path.at(-1) ?? "What was shown");
      return `# ${block} is no longer in ${nameOf(file)}. Ask again from the place that is meant now.\n`;
    }
    const locate = (span: Parameters<typeof project.locate>[0]): string => project.locate(span);
    const view = project.effective(file, offset);
    if (view !== undefined) return effectiveText(view, locate);
    const all = project.configurations(file);
    const own = serversOfFiles(all, project.reach(file));
    const list = overviewText(listServers(own.length > 0 ? own : serversOfFiles(all)), locate);
    const lines = list.split("\n").map((line) => (line === "" || line.startsWith("#") ? line : `# ${line}`));
    return `# This is no place inside a location. The servers and locations that are here:\n\n${lines.join("\n")}`;
  }
}

/** The name of a document ends in what the editor shows on its tab. */
function uriFor(source: string, path: BlockPath): string {
  const label = (path.at(-1) ?? "servers").replace(/[/\\:*?"<>|#%\s]+/g, " ").trim();
  return URI.from({
    scheme: effectiveScheme,
    path: `/${label}.nginx`,
    query: JSON.stringify([source, ...path]),
  }).toString();
}

function readUri(uri: string): { readonly source: string; readonly path: BlockPath } | undefined {
  const { scheme, query } = URI.parse(uri);
  if (scheme !== effectiveScheme) return undefined;
  try {
    const [source, ...path] = JSON.parse(query) as unknown[];
    const isPath = path.every((name): name is string => typeof name === "string");
    return typeof source === "string" && isPath ? { source, path } : undefined;
  } catch {
    return undefined;
  }
}

function nameOf(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1);
}

function asPosition(value: unknown): Position | undefined {
  return typeof value === "object" && value !== null && "line" in value ? (value as Position) : undefined;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}
