// Servers with locations of every kind, close enough to each other that it matters how nginx chooses.
import type { Random } from "../syntax/mutate.ts";

/** A location of a random server, with what is nested in it. */
interface RandomLocation {
  readonly modifier: "" | "=" | "^~" | "~" | "~*";
  readonly pattern: string;
  readonly name: string;
  readonly pass: string;
  readonly inner: readonly RandomLocation[];
}

/** A server, and paths to ask it for. */
export interface RandomServer {
  readonly host: string;
  /** Its `server` block; each location answers 200 with its own name. */
  readonly text: string;
  readonly paths: readonly string[];
}

const PIECES = ["a", "b", "ab", "ws", "WS", "ws2", "app.js", "x-ws", "1"];

const REGEXES = [
  "^/a",
  "^/a/",
  "^/ab?$",
  "/ws",
  "/ws$",
  "/ws/",
  "/a/",
  "ws",
  "^/$",
  "^/(a|b)/",
  "^/(?:ws|ab)(/.*)?$",
  "^/ws(?!/)",
  "^/[^/]+/ws",
  "^/[^/]+$",
  "\\.js$",
  "\\.(?:js|css)$",
  "\\d",
  "/$",
  // What the model cannot judge, and says so.
  "(?i)ws",
  "^/\\p{Lu}",
];

/** A location that ends in a slash redirects `/ws` to `/ws/` because of these, and not because of the others. */
const PASSES = [
  "",
  "proxy_pass http://127.0.0.1:9;",
  "proxy_pass http://$http_host;",
  "fastcgi_pass 127.0.0.1:9;",
  "uwsgi_pass 127.0.0.1:9;",
  "scgi_pass 127.0.0.1:9;",
  "memcached_pass 127.0.0.1:9;",
  "if ($arg_x) { proxy_pass http://127.0.0.1:9; }",
  "limit_except GET { proxy_pass http://127.0.0.1:9; }",
  "empty_gif;",
];

/** Makes one server; the number makes its name. */
export function randomServer(random: Random, number: number): RandomServer {
  const maker = new Maker(random);
  const locations = maker.level(undefined, 0);
  const host = `s${number}.test`;
  const head = `server { listen LISTEN; server_name ${host}; set $memcached_key x;`;
  return { host, text: `${head}\n${locations.map((each) => maker.print(each, 1)).join("")}}\n`, paths: maker.paths() };
}

class Maker {
  private readonly random: Random;
  private readonly patterns: string[] = [];
  private count = 0;

  constructor(random: Random) {
    this.random = random;
  }

  /** Locations that nginx accepts side by side, and inside the outer one. */
  level(outer: RandomLocation | undefined, depth: number): RandomLocation[] {
    const { random } = this;
    const found: RandomLocation[] = [];
    const taken = new Set<string>();
    for (let left = random.below(depth === 0 ? 9 : 4); left > 0; left--) {
      const modifier = random.pick(["", "", "", "=", "^~", "~", "~*"] as const);
      const isRegex = modifier.startsWith("~");
      const pattern = isRegex ? random.pick(REGEXES) : this.prefix(outer);
      // nginx refuses a second prefix or exact location of the same path, and a prefix outside of the one around it.
      const key = `${modifier === "=" ? "=" : ""}${pattern}`;
      if (!isRegex && (taken.has(key) || !pattern.startsWith(outer?.pattern ?? ""))) continue;
      taken.add(key);
      const pass = random.below(2) === 0 ? (PASSES[1] as string) : random.pick(PASSES);
      const location = { modifier, pattern, name: `l${this.count++}`, pass, inner: [] as RandomLocation[] };
      this.patterns.push(pattern);
      if (modifier !== "=" && depth < 3 && random.below(3) === 0) location.inner = this.level(location, depth + 1);
      found.push(location);
    }
    return found;
  }

  /** A path, often one that continues a known one. */
  private prefix(outer: RandomLocation | undefined): string {
    const { random } = this;
    const start = outer && random.below(8) > 0 ? outer.pattern : random.below(3) > 0 ? "" : this.knownPath();
    const slash = start.endsWith("/") || random.below(12) === 0 ? "" : "/";
    const end = random.pick(["", "/", "/"]);
    return random.below(6) === 0 ? `${start}${end}` : `${start}${slash}${random.pick(PIECES)}${end}`;
  }

  private knownPath(): string {
    const paths = this.patterns.filter((pattern) => /^\/[\w/.-]*$/.test(pattern));
    return paths.length > 0 ? this.random.pick(paths) : "/";
  }

  /** Paths around the patterns: the same, with and without a slash, and longer. */
  paths(): string[] {
    const { random } = this;
    const found = new Set(["/"]);
    for (let tries = 0; tries < 60 && found.size < 24; tries++) {
      const known = this.knownPath();
      const path = random
        .pick([
          known,
          known,
          known.replace(/\/$/, ""),
          known.replace(/\/$/, ""),
          `${known}/`,
          `${known}${random.pick(PIECES)}`,
          `${known}/${random.pick(PIECES)}`,
          `/${random.pick(PIECES)}`,
          known.slice(0, -1),
        ])
        .replace(/\/{2,}/g, "/");
      if (path.startsWith("/")) found.add(path);
    }
    return [...found];
  }

  print(location: RandomLocation, depth: number): string {
    const { random } = this;
    const { modifier, pattern, name, pass, inner } = location;
    const indent = "    ".repeat(depth);
    // Between a modifier and its pattern there may be no space, and either may be quoted.
    const needsQuotes = pattern === "" || pattern.includes("{");
    const isGlued = modifier !== "" && !needsQuotes && random.below(4) === 0;
    const quoted = needsQuotes || random.below(6) === 0 ? `"${pattern}"` : pattern;
    const head = isGlued ? `${modifier}${pattern}` : `${modifier} ${quoted}`.trim();
    const body = inner.map((each) => this.print(each, depth + 1)).join("");
    return `${indent}location ${head} { ${pass} return 200 ${name};${body && `\n${body}${indent}`} }\n`;
  }
}
