// Configurations in which it matters how nginx inherits, expands, maps and rewrites.
import type { Random } from "../syntax/mutate.ts";
import { quote, setVariables, upstreams, Values } from "./random-values.ts";

/** A statement: a simple one without its semicolon, or a block. */
type Node = string | { readonly head: string; readonly body: readonly Node[] };

/** A random configuration. */
export interface RandomConfig {
  /** Name as seen from the folder of the root file, `nginx.conf` → text. */
  readonly files: ReadonlyMap<string, string>;
  /** Paths to ask each of its servers for. */
  readonly targets: readonly (readonly string[])[];
}

/** Where its servers listen and its backends are. */
export interface RandomPorts {
  readonly listen: readonly number[];
  readonly backends: readonly number[];
}

const targets = [
  ...["/", "/a", "/a/", "/a/b", "/a/b/c", "/ws", "/ws/", "/ws/chat", "/api", "/api/v1/ws", "/API/x", "/old/page"],
  ...["/x/y.php", "/a//b", "/a/../ws", "/a/./b/", "/a%2fb", "/a%20b/c", "/b", "/b/1/2", "/sock", "/c/d/e"],
];

const queries = ["", "", "", "?x=1", "?x=websocket&y=2", "?", "?y=%20a&x="];

const prefixes = [
  "/",
  "/",
  "/a",
  "/a/",
  "/a/b",
  "/ws",
  "/ws/",
  "/api",
  "/api/",
  "/b",
  "/b/",
  "/old",
  "/new",
  "/x",
  "/c",
];

const patterns = ["\\.php$", "^/a/(.*)$", "^/(ws|sock)(/|$)", "/ws", "^/api/v(\\d+)/(.*)", "^/b", "^/(.)(.*)$"];

/** Makes one. */
export function randomConfig(random: Random, ports: RandomPorts): RandomConfig {
  return new Maker(random, ports).config();
}

class Maker {
  private readonly random: Random;
  private readonly ports: RandomPorts;
  private readonly values: Values;
  private readonly files = new Map<string, string>();
  private includes = 0;

  constructor(random: Random, ports: RandomPorts) {
    this.random = random;
    this.ports = ports;
    this.values = new Values(random);
  }

  config(): RandomConfig {
    const { random, ports } = this;
    for (let left = random.below(3); left > 0; left--) {
      this.files.set(
        `common${left}.conf`,
        this.print(
          this.some(3, () => this.values.header()),
          0,
        ),
      );
    }
    const maps = this.maps();
    const servers = ports.listen.map((port, index) => this.server(port, index));
    const shared = [...this.upstreams(), ...maps, ...this.level("http")];
    const body = [
      "access_log off",
      "root empty",
      "proxy_headers_hash_max_size 2048",
      ...temporary,
      ...this.shuffle([...shared, ...servers]),
    ];
    const root = this.print(
      [
        { head: "events", body: [] },
        { head: "http", body },
      ],
      0,
    );
    this.files.set("nginx.conf", root);
    const chosen = ports.listen.map(() => Array.from({ length: 6 }, () => random.pick(targets) + random.pick(queries)));
    return { files: this.files, targets: chosen };
  }

  private chance(outOf: number): boolean {
    return this.random.below(outOf) === 0;
  }

  private some<T>(most: number, make: () => T): T[] {
    return Array.from({ length: 1 + this.random.below(most) }, make);
  }

  private shuffle<T>(items: readonly T[]): T[] {
    const left = [...items];
    return items.map(() => left.splice(this.random.below(left.length), 1)[0] as T);
  }

  private backend(): string {
    return `127.0.0.1:${this.random.pick(this.ports.backends)}`;
  }

  private upstreams(): Node[] {
    return upstreams.map((name, index) => ({
      head: `upstream ${name}`,
      body: [
        `server ${this.backend()}`,
        ...(index > 0 ? [`server ${this.backend()}${this.chance(2) ? " down" : ""}`] : []),
        ...(this.chance(3) ? ["keepalive 2"] : []),
      ],
    }));
  }

  /** A map may look at those before it. */
  private maps(): Node[] {
    const { random, values } = this;
    const made: Node[] = [];
    for (let count = 1 + random.below(5); count > 0; count--) {
      const isSecond = values.maps.length > 0 && this.chance(8);
      const before = [...values.maps];
      // The second definition of a name must not look at what looks at it.
      if (isSecond) values.maps.splice(0);
      const name = isSecond ? (before[0] as string) : `m${values.maps.length + 1}`;
      const source = quote(random, this.chance(2) ? values.variable() : values.raw() || "$uri");
      const keys = new Map(this.some(4, () => values.key()).map((key) => [key.toLowerCase(), key]));
      const unique = [...keys.values()].map((key) => `${key} ${values.value()}`);
      if (this.chance(2)) unique.push(`default ${values.value()}`);
      if (this.chance(8)) unique.push("volatile");
      if (isSecond) values.maps.push(...before);
      else values.maps.push(name);
      made.push({ head: `map ${source} $${name}`, body: this.shuffle(unique) });
    }
    return made;
  }

  /** What is inherited. */
  private level(kind: "http" | "server" | "location"): Node[] {
    const { random } = this;
    const made: Node[] = [];
    if (this.chance(2)) made.push(...this.some(4, () => this.values.header()));
    if (this.chance(4)) {
      for (const name of this.files.keys())
        if (name.startsWith("common") && this.chance(2)) made.push(`include ${name}`);
    }
    if (this.chance(4)) made.push(`proxy_http_version ${random.pick(["1.0", "1.1"])}`);
    if (this.chance(14)) made.push(`proxy_method ${random.pick(["POST", "HEAD", "PUT", "$request_method", "$s1"])}`);
    if (this.chance(16)) made.push(`proxy_set_body ${this.values.value()}`);
    if (this.chance(12)) made.push(`proxy_pass_request_headers ${random.pick(["off", "off", "on"])}`);
    if (kind === "location") return made;
    if (this.chance(4)) made.push(`underscores_in_headers ${random.pick(["on", "off"])}`);
    if (this.chance(6)) made.push(`ignore_invalid_headers ${random.pick(["on", "off"])}`);
    if (this.chance(8)) made.push("merge_slashes off");
    return made;
  }

  private server(port: number, index: number): Node {
    const body = [...this.level("server"), ...this.locations(undefined, 0)];
    if (this.chance(2)) body.push(`server_name s${index}.test other.test`);
    const rewrites = this.chance(2) ? this.rewrites("server", 3) : [];
    // The order of the rewrite directives counts; the others may stand anywhere.
    const mixed = this.shuffle(body);
    mixed.unshift(...rewrites);
    if (index === 0) {
      const sets = setVariables.map((name) => `set $${name} never`);
      mixed.push({ head: "location = /never", body: sets });
    }
    return { head: "server", body: [`listen 127.0.0.1:${port}`, ...mixed] };
  }

  private locations(outer: string | undefined, depth: number): Node[] {
    const { random } = this;
    const taken = new Set<string>();
    const made: Node[] = [];
    if (depth === 0 && !this.chance(4)) {
      taken.add("/");
      made.push(this.location("", "/", depth));
    }
    for (let left = depth === 0 ? 2 + random.below(5) : 1 + random.below(2); left > 0; left--) {
      const modifier = random.pick(["", "", "", "", "=", "^~", "~", "~*"]);
      const isRegex = modifier.startsWith("~");
      const pattern = isRegex
        ? random.pick(patterns)
        : outer !== undefined && this.chance(2)
          ? `${outer.replace(/\/$/, "")}${random.pick(["/b", "/b/", "/chat", "/"])}`
          : random.pick(prefixes);
      const key = `${modifier === "=" ? "=" : ""}${pattern}`;
      if (!isRegex && (taken.has(key) || !pattern.startsWith(outer ?? "/"))) continue;
      taken.add(key);
      made.push(this.location(modifier, pattern, depth));
    }
    return made;
  }

  private location(modifier: string, pattern: string, depth: number): Node {
    const isRegex = modifier.startsWith("~");
    const rewrites = this.chance(2) ? this.rewrites("location", 4) : [];
    const others: Node[] = this.level("location");
    if (!this.chance(8)) others.push(this.pass(isRegex ? "variables" : "static"));
    else if (this.chance(3)) others.push("empty_gif");
    if (this.chance(16)) others.push("internal");
    if (this.chance(8)) others.push(this.exception());
    if (modifier !== "=" && depth < 2 && this.chance(4)) {
      others.push(...this.locations(pattern, depth + 1));
    }
    const mixed = this.shuffle(others);
    // Their order among each other counts, not where the others stand.
    const body = [...rewrites, ...mixed];
    const written = /[{};()]/.test(pattern) ? `"${pattern}"` : pattern;
    return { head: `location ${modifier} ${written}`.replace(/ {2,}/, " "), body };
  }

  private exception(): Node {
    const { random } = this;
    const inside = random.pick(["deny all", "deny all", this.pass("none")]);
    return { head: `limit_except ${random.pick(["GET", "POST", "PUT DELETE", "GET POST"])}`, body: [inside] };
  }

  /** `static` allows a URI part, `variables` only one that variables make. */
  private pass(uri: "static" | "variables" | "none"): string {
    const { random } = this;
    const host = this.chance(2) ? random.pick(upstreams) : this.backend();
    const kind = random.below(10);
    if (kind < 2) {
      const url = random.pick([
        ...[`http://${host}$request_uri`, `http://${host}$uri`, `http://${host}/$1`, `http://${host}/p$is_args$args`],
        ...[
          "http://$s1",
          "http://$s2$uri",
          `http://${host}$s3`,
          "$s4",
          "http://up1$is_args$args",
          "http://nowhere$uri",
        ],
      ]);
      return `proxy_pass ${url}`;
    }
    const part = uri === "static" && kind < 7 ? random.pick(["/", "/", "/base", "/base/", "/q?z=1", "?z=1"]) : "";
    return `proxy_pass http://${random.pick([host, host, host.replace("up1", "UP1")])}${part}`;
  }

  /** What stands in an `if`: a backend of its own where nginx allows one. */
  private branch(kind: "server" | "location"): Node[] {
    const made = this.rewrites("if", 2);
    return kind === "location" && this.chance(3) ? [...made, this.pass("variables")] : made;
  }

  private rewrites(kind: "server" | "location" | "if", most: number): Node[] {
    const { random, values } = this;
    const made: Node[] = [];
    for (const each of this.some(most, () => random.below(24))) {
      if (each < 10) made.push(this.set());
      else if (each < 15 && kind !== "if") made.push({ head: `if ${values.condition()}`, body: this.branch(kind) });
      else if (each < 18) made.push(values.rewrite());
      else if (each === 18) made.push("break");
      else if (each === 19)
        made.push(`return ${random.pick(["404", "444", "200 text", "301 /x", "https://other.test/"])}`);
      else made.push(this.set());
    }
    return made;
  }

  /** `set`, often of what a `proxy_pass` can use. */
  private set(): string {
    const { random, values } = this;
    const name = random.pick(setVariables);
    const host = random.pick([...upstreams, this.backend()]);
    const habits: Readonly<Record<string, string>> = { s1: host, s2: host, s3: "$uri", s4: `http://${host}` };
    const habit = habits[name];
    return `set $${random.pick([name, name, name.toUpperCase()])} ${habit && this.chance(2) ? habit : values.value()}`;
  }

  /** Prints statements, some of them into files that are included. */
  private print(body: readonly Node[], depth: number): string {
    const { random } = this;
    const start = random.below(body.length + 1);
    const end = start + random.below(body.length + 1 - start);
    const isIncluded = end > start && depth > 0 && this.chance(5);
    const lines = body.map((node, index) =>
      isIncluded && index >= start && index < end ? "" : this.line(node, depth),
    );
    if (isIncluded) lines[start] = this.include(body.slice(start, end), depth);
    return lines.join("");
  }

  private line(node: Node, depth: number): string {
    const indent = "    ".repeat(depth);
    if (typeof node === "string") return `${indent}${node};\n`;
    return `${indent}${node.head} {\n${this.print(node.body, depth + 1)}${indent}}\n`;
  }

  /** Puts statements into one file, or into several that a pattern finds in order. */
  private include(nodes: readonly Node[], depth: number): string {
    const indent = "    ".repeat(depth);
    const name = `inc/${this.includes++}`;
    const folder = this.chance(2) ? "/etc/nginx/" : "";
    if (nodes.length === 1 || this.chance(2)) {
      this.files.set(`${name}.conf`, this.print(nodes, 1));
      return `${indent}include ${folder}${name}.conf;\n`;
    }
    for (const [index, node] of nodes.entries()) {
      this.files.set(`${name}-${index.toString().padStart(2, "0")}.conf`, this.print([node], 1));
    }
    return `${indent}include ${folder}${name}-*.conf;\n`;
  }
}

/** Keeps nginx's files in its folder, so that it runs as anybody. */
const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path tmp-${kind}`);
