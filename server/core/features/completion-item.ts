import type { Environment } from "../model/config.ts";
import type { Context } from "../nginx/directives.ts";
import type { Directive } from "../syntax/directive.ts";
import type { Document } from "../syntax/document.ts";
import type { Cursor } from "./cursor.ts";
import type { Embedding } from "./cursor-contexts.ts";
import type { Locate } from "./effective-text.ts";

/** What an item is, for its picture. */
export type CompletionKind =
  | "directive"
  | "block"
  | "value"
  | "variable"
  | "name"
  | "header"
  | "line"
  | "file"
  | "folder";

/** Something that can be written at a place. */
export interface CompletionItem {
  readonly label: string;
  readonly kind: CompletionKind;
  /** A few words beside the label. */
  readonly detail?: string;
  /** The text, if it is not the label. */
  readonly text?: string;
  /** The text with tab stops, as LSP writes snippets. */
  readonly snippet?: string;
  /** Lists are in the order of this, then of the labels. */
  readonly rank: number;
  readonly isDeprecated?: true;
  /** What `documentationOf` can say more about. */
  readonly topic?: Topic;
  /** Whether another list is wanted as soon as the item is in the text. */
  readonly goesOn?: true;
}

/** Something that has a documentation. */
export interface Topic {
  readonly kind: "directive" | "variable";
  readonly name: string;
  /** The contexts that it is asked for, as a bit mask. */
  readonly mask: number;
}

/** Items for a stretch of the text, which they replace. */
export interface Completion {
  readonly start: number;
  readonly end: number;
  readonly items: readonly CompletionItem[];
}

/** A place at which something is to be written, and the configurations around it. */
export interface Site extends Embedding {
  readonly document: Document;
  readonly offset: number;
  readonly environments: readonly Environment[];
  readonly locate: Locate;
  /** Files and folders that begin with a path written in an include; folders end in a slash. */
  readonly paths: (typed: string) => Promise<readonly string[]>;
}

/** A place and what is known of it. */
export interface Spotted {
  readonly site: Site;
  readonly cursor: Cursor;
  readonly contexts: readonly Context[];
  readonly mask: number;
}

/** Where a directive is written, for people. */
export function originOf(directive: Directive, { document, locate }: Site): string {
  const { segment } = directive;
  const start = segment.offset + directive.head.start;
  const line = document.positionAt(start).line + 1;
  return segment.document === document ? `line ${line}` : locate({ file: segment.document.file, start, end: start });
}

/** Text in which nothing is a tab stop. */
export function escapeSnippet(text: string): string {
  return text.replace(/[\\$}]/g, "\\$&");
}
