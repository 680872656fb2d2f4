import { type Directive, type Replacement, readDirectives, replaceAll } from "./tokens.ts";
import type { FixtureContext } from "./truths.ts";

/** A port that a fixture listens on, as it writes it. IPv6 addresses count apart: nginx listens there with a second socket. */
export interface ListenAddress {
  readonly port: number;
  readonly family: 4 | 6;
  readonly tls: boolean;
}

/** What stands in a fixture's copy instead of what the fixture says. */
export interface Substitutes {
  /** The folder the copy lies in. */
  readonly prefix: string;
  /** Port of 127.0.0.1 for a listen address. */
  listenPort(port: number, family: 4 | 6): number;
  /** Port as written → port of the backend. */
  readonly backends: ReadonlyMap<number, number>;
  /** Directives that every http block gets. */
  readonly http: string;
}

/** The folder that absolute includes of fixtures are written against. */
export const configurationFolder = "/etc/nginx/";

/** The path of a fixture's file where such a file usually lies, which is where the analyser sees it. */
export function fileIdOf(name: string): string {
  return configurationFolder + name;
}

/** The name that a fixture has for a file that the analyser speaks of. */
export function nameOf(file: string): string {
  return file.slice(configurationFolder.length);
}

/** The listen addresses of a fixture's files, in order, the root file first. Blocks without `listen` count as port 80. */
export function findListenAddresses(context: FixtureContext, texts: readonly string[]): ListenAddress[] {
  const found = new Map<string, ListenAddress>();
  const add = (port: number, family: 4 | 6, tls: boolean): void => {
    const key = `${family}:${port}`;
    const before = found.get(key);
    found.set(key, { port, family, tls: tls || (before?.tls ?? false) });
  };
  if (context === "server" || context === "location") add(80, 4, false);
  for (const text of texts) {
    for (const directive of readDirectives(text).directives) {
      if (isListen(directive)) {
        const { port, family } = readAddress(directive.args[0]!.text);
        add(
          port,
          family,
          directive.args.some((word) => word.text === "ssl"),
        );
      } else if (lacksListen(directive, texts)) {
        add(80, 4, false);
      }
    }
  }
  return [...found.values()];
}

function isListen(directive: Directive): boolean {
  const parent = directive.parents.at(-1);
  const [address] = directive.args;
  return (
    directive.name === "listen" &&
    (parent === undefined || parent === "server") &&
    address !== undefined &&
    !address.text.startsWith("unix:")
  );
}

/** A virtual server that says nowhere, not even in an included file, where it listens. */
function lacksListen(directive: Directive, texts: readonly string[]): boolean {
  if (directive.name !== "server" || directive.children === undefined || directive.args.length > 0) return false;
  if (directive.parents.includes("stream")) return false;
  const names = directive.children.map((child) => child.name);
  if (names.includes("listen")) return false;
  const elsewhere = texts.some((text) => readDirectives(text).directives.some((each) => isFragmentListen(each)));
  return !(names.includes("include") && elsewhere);
}

function isFragmentListen(directive: Directive): boolean {
  return directive.name === "listen" && directive.parents.length === 0;
}

function readAddress(word: string): { port: number; family: 4 | 6 } {
  const family = word.startsWith("[") ? 6 : 4;
  const port = /^(?:\[.*\]|[^:]*):(\d+)$/.exec(word)?.[1] ?? /^(\d+)$/.exec(word)?.[1];
  return { port: port === undefined ? 80 : Number(port), family };
}

/** Makes the copy of one file that nginx gets. Every line keeps its number. */
export function prepareText(text: string, texts: readonly string[], substitutes: Substitutes): string {
  const replacements: Replacement[] = [];
  for (const directive of readDirectives(text).directives) {
    if (isDropped(directive)) {
      const { start, end } = directive;
      replacements.push({ start, end, newText: text.slice(start, end).replace(/[^\n]/g, " ") });
      continue;
    }
    if (isListen(directive)) {
      replacements.push(...prepareListen(directive, substitutes));
      continue;
    }
    if (lacksListen(directive, texts)) {
      const { end } = directive;
      replacements.push({ start: end, end, newText: ` listen 127.0.0.1:${substitutes.listenPort(80, 4)};` });
    }
    if (directive.name === "http" && directive.parents.length === 0 && directive.children) {
      replacements.push({ start: directive.end, end: directive.end, newText: ` ${substitutes.http}` });
    }
    for (const word of directive.args) {
      const newText = prepareWord(directive.name, word.text, substitutes);
      if (newText !== word.text) replacements.push({ start: word.start, end: word.end, newText });
    }
  }
  return replaceAll(text, replacements);
}

/** What the harness decides itself: as whom nginx runs, and where it writes. */
function isDropped(directive: Directive): boolean {
  const inMain = directive.parents.length === 0;
  if (inMain && ["user", "pid", "daemon", "master_process"].includes(directive.name)) return true;
  if (directive.name !== "error_log" && directive.name !== "access_log") return false;
  return directive.args[0]?.text.startsWith("/") ?? false;
}

function prepareListen(directive: Directive, substitutes: Substitutes): Replacement[] {
  const [address, ...parameters] = directive.args;
  const { port, family } = readAddress(address!.text);
  const newText = `127.0.0.1:${substitutes.listenPort(port, family)}`;
  const dropped = parameters.filter((word) => word.text.startsWith("ipv6only="));
  return [
    { start: address!.start, end: address!.end, newText },
    ...dropped.map(({ start, end }) => ({ start, end, newText: "" })),
  ];
}

function prepareWord(directive: string, word: string, { prefix, backends }: Substitutes): string {
  if (directive === "ssl_certificate" && word.startsWith("/")) return "cert.pem";
  if (directive === "ssl_certificate_key" && word.startsWith("/")) return "key.pem";
  // nginx makes the last folder of the path only.
  if (directive.endsWith("_cache_path") && word.startsWith("/"))
    return `${prefix}/${word.slice(1).replaceAll("/", "-")}`;
  return word
    .replace(/\b(?:127\.0\.0\.1|localhost):(\d+)\b/g, (whole, port: string) => {
      const backend = backends.get(Number(port));
      return backend === undefined ? whole : `127.0.0.1:${backend}`;
    })
    .replace(configurationFolder, `${prefix}/`);
}

/** Puts a fixture's root file into what its context lacks, on the same lines. */
export function wrapText(text: string, context: FixtureContext, withMap: boolean, substitutes: Substitutes): string {
  if (context === "main") return text;
  const map = withMap ? "map $http_upgrade $connection_upgrade { default upgrade; '' ''; } " : "";
  let head = `events {} http { ${substitutes.http} ${map}`;
  let tail = "\n}\n";
  if (context !== "http") {
    head += `server { listen 127.0.0.1:${substitutes.listenPort(80, 4)}; `;
    tail = `\n}${tail}`;
  }
  if (context === "location") {
    head += "location / { ";
    tail = `\n}${tail}`;
  }
  return head + text + tail;
}
