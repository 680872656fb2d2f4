import { type Node, type ParseError, type ParseErrorCode, parseTree, printParseErrorCode } from "jsonc-parser";
import { misspeltOf, parseVersion, ruleLevels, rules, type Severity } from "../core/index.ts";

/** The name of the file in which a project says what holds for everybody who works on it. */
export const projectFileName = ".nginx-websocket.json";

/** What a project file can say. */
export interface ProjectFileContent {
  readonly rules: Readonly<Record<string, Severity | "off">>;
  readonly nginxVersion?: string;
  /** Path prefix in the configuration → folder here, as it is written. */
  readonly includeRoots: Readonly<Record<string, string>>;
  /** Files that nothing is reported about, as in a .gitignore. */
  readonly ignore: readonly string[];
  /** The mildest severity with which the command line fails. */
  readonly failOn?: Severity;
}

/** Something in a project file that does not count, with its place in the text. */
export interface ProjectFileProblem {
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

/** What a project file says, as far as it can be understood, and what cannot. */
export interface ReadProjectFile {
  readonly content: ProjectFileContent;
  /** Where each of the folders is named. */
  readonly places: ReadonlyMap<string, { readonly start: number; readonly end: number }>;
  readonly problems: readonly ProjectFileProblem[];
}

/** A file with more characters says nothing. */
const maxLength = 1_000_000;

/** The keys of a project file. */
export const projectFileKeys = ["$schema", "rules", "nginxVersion", "includeRoots", "ignore", "failOn"] as const;

const nothing: ProjectFileContent = { rules: {}, includeRoots: {}, ignore: [] };

/** Reads the text of a project file: JSON with comments and trailing commas. An empty file says nothing. */
export function readProjectFile(text: string): ReadProjectFile {
  if (text.length > maxLength) return refused("The file is too large for settings; nothing in it counts.");
  // A byte order mark is white space to everybody else who reads JSON.
  const readable = text.replace(/^\uFEFF/, " ");
  if (readable.trim() === "") return { content: nothing, places: new Map(), problems: [] };
  const errors: ParseError[] = [];
  let root: Node | undefined;
  try {
    root = parseTree(readable, errors, { allowTrailingComma: true, allowEmptyContent: true });
  } catch {
    // The parser goes one level deeper on its own stack for each bracket.
    return refused("The brackets go too deep; nothing in this file counts.");
  }
  const problems = errors.slice(0, 1).map(({ error, offset, length }) => {
    return { start: offset, end: offset + length, message: `${describe(error)} What follows may not count.` };
  });
  const reader = new Reader(problems);
  return { content: root === undefined ? nothing : reader.read(root), places: reader.places, problems };
}

function refused(message: string): ReadProjectFile {
  return { content: nothing, places: new Map(), problems: [{ start: 0, end: 1, message }] };
}

/** `CommaExpected` → `This is no JSON: comma expected.` */
function describe(error: ParseErrorCode): string {
  const words = printParseErrorCode(error)
    .replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`)
    .toLowerCase();
  return `This is no JSON: ${words}.`;
}

type Problems = ProjectFileProblem[];

/** Takes what is right, and notes the place of what is not. */
class Reader {
  readonly #problems: Problems;
  readonly places = new Map<string, { readonly start: number; readonly end: number }>();

  constructor(problems: Problems) {
    this.#problems = problems;
  }

  read(root: Node): ProjectFileContent {
    const values = new Map<string, Node>();
    for (const { key, value } of this.#members(root, "The file")) {
      const name = String(key.value);
      if ((projectFileKeys as readonly string[]).includes(name)) values.set(name, value);
      else this.#refuse(key, `There is no setting “${name}” in a project file.${didYouMean(name, projectFileKeys)}`);
    }
    const version = this.#string(values.get("nginxVersion"), "nginxVersion");
    const failOn = values.get("failOn");
    return {
      rules: this.#rules(values.get("rules")),
      ...(version === undefined ? {} : this.#version(values.get("nginxVersion") as Node, version)),
      includeRoots: this.#folders(values.get("includeRoots")),
      ignore: this.#patterns(values.get("ignore")),
      ...(failOn !== undefined && this.#isOneOf(failOn, "failOn", ruleLevels.slice(0, -1))
        ? { failOn: failOn.value as Severity }
        : {}),
    };
  }

  #rules(node: Node | undefined): ProjectFileContent["rules"] {
    const ids = rules.map(({ id }) => id);
    const chosen: Record<string, Severity | "off"> = {};
    for (const { key, value } of this.#members(node, "“rules”")) {
      const id = String(key.value);
      if (!ids.includes(id)) this.#refuse(key, `There is no rule “${id}”.${didYouMean(id, ids)}`);
      else if (this.#isOneOf(value, id, ruleLevels)) chosen[id] = value.value as Severity | "off";
    }
    return chosen;
  }

  #version(node: Node, text: string): { readonly nginxVersion?: string } {
    if (text === "" || parseVersion(text)) return { nginxVersion: text.trim() };
    this.#refuse(node, "“nginxVersion” is a version such as “1.28.0”.");
    return {};
  }

  #folders(node: Node | undefined): Readonly<Record<string, string>> {
    const folders: Record<string, string> = {};
    for (const { key, value } of this.#members(node, "“includeRoots”")) {
      const prefix = String(key.value);
      const folder = this.#string(value, prefix);
      if (folder === "" || prefix === "") this.#refuse(value, "A path is empty.");
      else if (folder !== undefined) {
        folders[prefix] = folder;
        this.places.set(prefix, { start: value.offset, end: value.offset + value.length });
      }
    }
    return folders;
  }

  #patterns(node: Node | undefined): readonly string[] {
    if (node === undefined) return [];
    if (node.type !== "array") {
      this.#refuse(node, '“ignore” is a list of patterns, as in a .gitignore: ["legacy/", "*.bak.conf"].');
      return [];
    }
    return (node.children ?? []).flatMap((child) => this.#string(child, "ignore") ?? []);
  }

  #string(node: Node | undefined, name: string): string | undefined {
    if (node === undefined || typeof node.value === "string") return node?.value as string | undefined;
    this.#refuse(node, `“${name}” takes a text in quotation marks.`);
    return undefined;
  }

  #isOneOf(node: Node, name: string, choices: readonly string[]): boolean {
    if (choices.includes(node.value as string)) return true;
    const meant = typeof node.value === "string" ? didYouMean(node.value, choices) : "";
    this.#refuse(node, `“${name}” takes one of ${choices.map((choice) => `“${choice}”`).join(", ")}.${meant}`);
    return false;
  }

  *#members(node: Node | undefined, name: string): Generator<{ readonly key: Node; readonly value: Node }> {
    if (node === undefined) return;
    if (node.type !== "object") return this.#refuse(node, `${name} takes an object: { … }.`);
    const seen = new Set<unknown>();
    for (const { children: [key, value] = [] } of node.children ?? []) {
      if (key === undefined || value === undefined) continue;
      if (seen.has(key.value)) this.#refuse(key, `“${key.value}” stands here twice; the last one counts.`);
      seen.add(key.value);
      yield { key, value };
    }
  }

  #refuse({ offset, length }: Node, message: string): void {
    this.#problems.push({ start: offset, end: offset + length, message });
  }
}

function didYouMean(text: string, words: readonly string[]): string {
  const meant = misspeltOf(text, words);
  return meant === undefined ? "" : ` Did you mean “${meant}”?`;
}
