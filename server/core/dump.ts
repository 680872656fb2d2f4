import type { Files } from "./files.ts";
import type { FileId } from "./finding.ts";
import { includePath, isPattern } from "./model/include.ts";
import { parseSegment, toBytes } from "./text/glob.ts";
import { joinPath } from "./text/path.ts";

// What `nginx -T` prints (main() in src/core/nginx.c): for each file, in the order in which nginx opened it and once for
// each spelling of its path, a line `# configuration file PATH:`, its bytes as they are, and one line feed. With `2>&1`
// nginx's messages stand before it.

/** One file in a dump. */
export interface DumpPart {
  /** Under which the file is known here; two spellings of one path have the same. */
  readonly file: FileId;
  /** The path as the dump has it. */
  readonly name: string;
  /** Where its text begins and ends in the dump. */
  readonly start: number;
  readonly end: number;
}

/** The files of one `nginx -T`. */
export interface Dump {
  /** In the order of the dump: the main configuration file comes first. */
  readonly parts: readonly DumpPart[];
  /** Whether it begins with a main configuration file, so that everything nginx reads is in it. */
  readonly isWhole: boolean;
  /** What `nginx -VT` says before the files. */
  readonly version?: string;
}

/** The offsets of a line that names a file, and where the text after it begins. */
interface Marker {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

const markerText = "# configuration file ";
const markerLine = /^\uFEFF?# configuration file (.+):\r?\n/gm;
const mainBlock = /^[ \t]*(?:events|http|stream|mail)\s*\{/m;
const messageLine = /^nginx(?: version)?: /m;
const scheme = "nginx-dump://";
/** Longer preambles are somebody's text, not what nginx and the shell say. */
const longestPreamble = 200_000;

/** Whether a text could be a dump at all; cheap. */
export function mayHoldDump(text: string): boolean {
  return text.includes(markerText);
}

/** Whether a file is one inside a dump. */
export function isInDump(file: FileId): boolean {
  return file.startsWith(scheme);
}

/** Reads a dump; nothing when the text is something else. The key tells the files of one dump from those of another. */
export function readDump(text: string, key: string): Dump | undefined {
  const markers = findMarkers(text);
  const [first] = markers;
  if (!first || first.start > longestPreamble) return undefined;
  const preamble = text.slice(0, first.start);
  if (/^[^#\r\n]*[;{}]\s*$/m.test(preamble)) return undefined;

  const root = `${scheme}${encodeURIComponent(key)}`;
  const isWhole = mainBlock.test(text.slice(first.end, markers[1]?.start));
  const parts = divide(text, markers, root, isWhole);
  // A single file with such a comment on top may as well be a file that somebody copied out of a dump.
  if (parts.length === 1 && !messageLine.test(preamble)) {
    if (!isWhole || namesOthers(text.slice(first.end), parts[0] as DumpPart)) return undefined;
  }
  const version = /^nginx version: \w+\/(\d+\.\d+\.\d+)/m.exec(preamble)?.[1];
  return { parts, isWhole, ...(version === undefined ? {} : { version }) };
}

/**
 * Why `nginx -T` printed no configuration, if a text is only what it says then: nginx's reason, for people. With an error
 * in its files it prints none of them.
 */
export function refusalIn(text: string): string | undefined {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const isMessage = (line: string) => /^(?:nginx: |\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[)/.test(line);
  if (!lines.some((line) => / test failed\s*$/.test(line)) || !lines.every(isMessage)) return undefined;
  const reason = lines.find((line) => line.includes("[emerg]")) ?? lines[0];
  return reason?.replace(/^.*?\[emerg\]\s*(?:\d+#\d+: )?/, "").trim();
}

/** The files of a dump as a file system of its own. */
export function dumpFiles(dump: Dump, textOf: (part: DumpPart) => string): Files {
  const parts = new Map<FileId, DumpPart>();
  for (const part of dump.parts) if (!parts.has(part.file)) parts.set(part.file, part);
  const sorted = [...parts.keys()].sort((left, right) => (toBytes(left) < toBytes(right) ? -1 : 1));
  return {
    isComplete: dump.isWhole,
    async read(file) {
      const part = parts.get(file);
      return part ? { text: textOf(part) } : { error: "is not in the dump" };
    },
    async glob(pattern) {
      const matches = matcherOf(pattern);
      return sorted.filter(matches);
    },
  };
}

function findMarkers(text: string): readonly Marker[] {
  const markers: Marker[] = [];
  for (const match of text.matchAll(markerLine)) {
    markers.push({ name: match[1] as string, start: match.index, end: match.index + match[0].length });
  }
  return markers;
}

/** Gives each file its text. */
function divide(text: string, markers: readonly Marker[], root: FileId, isWhole: boolean): readonly DumpPart[] {
  const parts: DumpPart[] = [];
  const names = new Set<string>();
  const included = new Included();
  let current: { readonly marker: Marker; readonly file: FileId } | undefined;
  const finish = (end: number) => {
    if (current) parts.push({ file: current.file, name: current.marker.name, start: current.marker.end, end });
  };
  let read = 0;
  for (const marker of markers) {
    const file = fileOf(marker.name, root);
    if (current) {
      included.add(text.slice(read, marker.start), parts[0]?.file ?? current.file);
      read = marker.end;
      // nginx prints each path once, and after what includes it: other such lines are comments in the files.
      if (names.has(marker.name)) {
        if (marker.name !== markers[0]?.name) continue;
        finish(endOfText(text, current.marker.end, marker.start));
        return parts;
      }
      if (isWhole && !included.has(file)) continue;
      finish(endOfText(text, current.marker.end, marker.start));
    }
    names.add(marker.name);
    current = { marker, file };
    read = marker.end;
  }
  finish(current ? endOfText(text, current.marker.end, text.length) : 0);
  return parts;
}

/** Where a file's own text ends: the line feed after it is nginx's, and so are messages that arrived late. */
function endOfText(text: string, start: number, until: number): number {
  let end = until;
  for (;;) {
    const line = text.lastIndexOf("\n", end - 2) + 1;
    if (line < start || !text.startsWith("nginx: ", line)) break;
    end = line;
  }
  if (end <= start || text[end - 1] !== "\n") return end;
  // A terminal turns line feeds into CR LF.
  return text[end - 2] === "\r" && end - 2 >= start && isTerminal(text) ? end - 2 : end - 1;
}

/** Whether every line of the beginning ends with CR, so that the CR of the last one is not the file's own. */
function isTerminal(text: string): boolean {
  return /^[^\n]*\r\n/.test(text);
}

function fileOf(name: string, root: FileId): FileId {
  // nginx for Windows says C:\nginx/conf/nginx.conf.
  return joinPath(root, /^[A-Za-z]:[\\/]/.test(name) ? name.replaceAll("\\", "/") : name);
}

const includeDirective = /(?:^|[\s;{}])include\s+(?:"([^"\n]*)"|'([^'\n]*)'|([^\s;{}]+))\s*;/g;

/** What the include directives in a piece of text ask for. */
function argumentsIn(text: string): readonly string[] {
  return [...text.matchAll(includeDirective)].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
}

/** Whether a file includes another one by its name. */
function namesOthers(text: string, part: DumpPart): boolean {
  return argumentsIn(text).some(
    (argument) => !isPattern(argument) && includePath(part.file, argument, {}) !== part.file,
  );
}

/** What the files so far include. */
class Included {
  private readonly files = new Set<FileId>();
  private readonly patterns = new Map<FileId, (file: FileId) => boolean>();

  /** Takes the includes of a piece of text; relative paths count from the folder of the main file. */
  add(text: string, main: FileId): void {
    for (const argument of argumentsIn(text)) {
      const path = includePath(main, argument, {});
      if (!isPattern(argument)) this.files.add(path);
      else if (!this.patterns.has(path)) this.patterns.set(path, matcherOf(path));
    }
  }

  /** Whether a file is among them. */
  has(file: FileId): boolean {
    if (this.files.has(file)) return true;
    for (const matches of this.patterns.values()) if (matches(file)) return true;
    return false;
  }
}

function matcherOf(pattern: FileId): (file: FileId) => boolean {
  const segments = pattern.split("/").map(parseSegment);
  return (file) => {
    const names = file.split("/");
    return (
      names.length === segments.length &&
      segments.every((segment, index) => {
        const name = names[index] as string;
        return segment.kind === "literal" ? segment.name === name : segment.matches(name);
      })
    );
  };
}
