import { splitValue } from "../nginx/variables.ts";
import type { Directive } from "../syntax/directive.ts";
import {
  type ClientHeader,
  type ClientRequest,
  escapeArgument,
  headerVariable,
  type Target,
} from "./client-request.ts";
import { readCondition } from "./condition.ts";
import { effectiveValue } from "./effective.ts";
import { isVolatile, type MapBlock, matchPattern } from "./maps.ts";
import type { ServerBlock } from "./server.ts";

/** As for `Evaluation`: chains of maps longer than this are not followed. */
const MAX_MAP_DEPTH = 16;
const MAX_STEPS = 2000;

/** A text longer than this is no header, and a configuration can make one grow for ever. */
const MAX_LENGTH = 8192;

/** What nginx knows of one request while it works on it (`ngx_http_request_t`), and its variables. */
export class RequestState {
  readonly server: ServerBlock;
  readonly request: ClientRequest;
  /** The headers that nginx has kept. */
  readonly headers: readonly ClientHeader[];
  /** What nginx takes for the name of a header; others it drops, or keeps without knowing them by their name. */
  readonly validName: RegExp;
  /** `$uri` */
  path: string;
  /** `$args` */
  query: string;
  readonly isQuoted: boolean;
  /** Whether the request line still says what is asked for (`valid_unparsed_uri`). */
  isUnparsedValid = true;
  /** Whether the path of the location is still that of the request (`valid_location`). */
  isLocationValid = true;
  isInternal = false;
  /** What the last regular expression captured; undefined when that cannot be said. */
  captures: readonly string[] | undefined = [];
  /** How often a regular expression of a map has matched: each time, `$1` becomes something else. */
  mapMatches = 0;
  /**
   * Whether a map has changed `$1` in the middle of a value that uses it. nginx reads values twice, first for their
   * length, so what comes out is anything, or 500.
   */
  isConfused = false;
  /** Whether the request was put where it is without the rewrite directives on the way, so that nobody knows what `set` did. */
  hasSkippedSets = false;
  /** `$proxy_host` and `$proxy_port`: empty until a request to a backend is made. */
  proxyHost: string | undefined = "";
  proxyPort: string | undefined = "";
  /** The variables whose values could not be said. */
  readonly unknown = new Set<string>();
  private readonly assigned = new Map<string, string | undefined>();
  /** nginx looks a map up once for a request. */
  private readonly mapped = new Map<string, string | undefined>();
  private depth = 0;
  private steps = 0;

  constructor(server: ServerBlock, request: ClientRequest, target: Target) {
    this.server = server;
    this.request = request;
    this.path = target.path;
    this.query = target.query;
    this.isQuoted = target.isQuoted;
    const isOff = (name: string): boolean => effectiveValue(server.scope, name).entry?.directive.arg(0) === "off";
    const isOn = (name: string): boolean => effectiveValue(server.scope, name).entry?.directive.arg(0) === "on";
    this.validName = isOn("underscores_in_headers") ? /^[A-Za-z0-9_-]+$/ : /^[A-Za-z0-9-]+$/;
    const keepsAll = isOff("ignore_invalid_headers");
    this.headers = request.headers.filter(([name]) => keepsAll || this.validName.test(name));
  }

  /** Gives a variable a value, as `set` does. */
  assign(name: string, value: string | undefined): void {
    if (name === "args") {
      this.query = value ?? "";
      this.isUnparsedValid = false;
      if (value === undefined) this.assigned.set(name, undefined);
    } else this.assigned.set(name, value);
  }

  /** Leaves open what `set` has given to variables: code that runs after it may write into them. */
  leaveToCode(): void {
    for (const name of this.assigned.keys()) this.assigned.set(name, undefined);
  }

  /** What a value with variables is; captures are escaped where they go into a query. */
  evaluate(value: string, captures: "plain" | "escaped" = "plain"): string | undefined {
    const before = this.mapMatches;
    let result: string | undefined = "";
    let hasCapture = false;
    for (const part of splitValue(value)) {
      let piece = part.kind === "text" ? part.text : this.variable(part.name);
      const isCapture = part.kind === "variable" && /^\d$/.test(part.name);
      if (isCapture) hasCapture = true;
      if (isCapture && captures === "escaped" && this.isQuoted) piece = piece && escapeArgument(piece);
      // Also what follows is looked up: nginx does, and maps remember it.
      result = result === undefined || piece === undefined ? undefined : result + piece;
    }
    if (hasCapture && this.mapMatches > before) this.isConfused = true;
    return result !== undefined && result.length > MAX_LENGTH ? undefined : result;
  }

  /** What a variable (lower-case name) is. */
  variable(name: string): string | undefined {
    const value = this.lookUp(name);
    if (value === undefined) this.unknown.add(name);
    return value;
  }

  private lookUp(name: string): string | undefined {
    if (/^\d$/.test(name)) return this.captures && (this.captures[Number(name)] ?? "");
    if (this.assigned.has(name)) return this.assigned.get(name);
    const definition = this.server.environment.definitions.get(name);
    if (!definition || name === "args" || name.startsWith("http_")) return this.builtIn(name);
    if (definition.maps.length > 0) return this.lookUpMap(name, definition.maps);
    // Known by name only: `set` elsewhere, or a group of a regular expression that has not matched.
    return definition.isFromModule || this.hasSkippedSets ? undefined : "";
  }

  private lookUpMap(name: string, maps: readonly MapBlock[]): string | undefined {
    if (this.mapped.has(name)) return this.mapped.get(name);
    const map = maps.at(-1) as MapBlock;
    if (map.doubtful || this.depth >= MAX_MAP_DEPTH || this.steps++ >= MAX_STEPS) return undefined;
    this.depth++;
    const source = this.evaluate(map.source);
    const value = source === undefined ? this.selectUnknown(map) : this.select(map, source);
    this.depth--;
    // The lines of the last definition count, but what one of them has made volatile stays so.
    if (!maps.some(isVolatile)) this.mapped.set(name, value);
    return value;
  }

  /** ngx_http_map_find: text without case, then (not for an empty text) the regular expressions in order, then `default`. */
  private select(map: MapBlock, source: string): string | undefined {
    const lower = source.toLowerCase();
    const exact = map.entries.find(({ key }) => !key.startsWith("~") && key.toLowerCase() === lower);
    if (exact) return this.evaluate(exact.value.value);
    for (const { key, value } of map.entries) {
      if (source === "" || !key.startsWith("~")) continue;
      const isCaseless = key.startsWith("~*");
      const matched = this.match(key.slice(isCaseless ? 2 : 1), isCaseless, source);
      if (matched === undefined) return undefined;
      if (!matched) continue;
      this.mapMatches++;
      return this.evaluate(value.value);
    }
    return map.defaultEntry ? this.evaluate(map.defaultEntry.value.value) : "";
  }

  /** Nobody knows which line it is, nor what its regular expression captures. */
  private selectUnknown(map: MapBlock): undefined {
    if (!map.entries.some(({ key }) => key.startsWith("~"))) return;
    this.mapMatches++;
    this.captures = undefined;
  }

  /** Tries a regular expression and keeps what it captures (ngx_http_regex_exec). */
  match(pattern: string, isCaseless: boolean, text: string): boolean | undefined {
    const match = matchPattern(pattern, isCaseless, text);
    if (match === undefined) this.captures = undefined;
    if (!match) return match === null ? false : undefined;
    this.captures = match.map((group) => group ?? "");
    for (const [name, value] of Object.entries(match.groups ?? {})) this.assigned.set(name.toLowerCase(), value ?? "");
    return true;
  }

  /** Whether an `if` holds; undefined when that cannot be said. */
  condition(directive: Directive): boolean | undefined {
    const condition = readCondition(directive);
    if (!condition) return undefined;
    const value = this.evaluate(condition.left);
    const { operator, right } = condition;
    if (operator === undefined) return value === undefined ? undefined : value !== "" && value !== "0";
    if (operator === "=" || operator === "!=") {
      const other = this.evaluate(right, "escaped");
      return value === undefined || other === undefined ? undefined : (value === other) === (operator === "=");
    }
    const matched = value === undefined ? undefined : this.match(right, operator.endsWith("*"), value);
    if (matched === false) this.captures = [];
    return matched === undefined ? undefined : matched !== operator.startsWith("!");
  }

  private builtIn(name: string): string | undefined {
    const { server, request, headers } = this;
    switch (name) {
      case "uri":
      case "document_uri":
        return this.path;
      case "args":
      case "query_string":
        return this.query;
      case "is_args":
        return this.query === "" ? "" : "?";
      case "request_uri":
        return request.target;
      case "request":
        return `${request.method} ${request.target} HTTP/1.1`;
      case "request_method":
        return request.method;
      case "server_protocol":
        return "HTTP/1.1";
      case "host":
        return this.host();
      case "scheme":
        return this.tls === undefined ? undefined : this.tls ? "https" : "http";
      case "https":
        return this.tls === undefined ? undefined : this.tls ? "on" : "";
      case "server_name":
        return server.directive && /^[\w.-]*$/.test(server.names[0] ?? "") ? server.names[0] : undefined;
      case "server_port":
        return request.port?.toString();
      case "remote_addr":
        return request.address;
      case "proxy_host":
        return this.proxyHost;
      case "proxy_port":
        return this.proxyPort;
      case "proxy_add_x_forwarded_for":
        return this.forwardedFor();
      case "content_length":
      case "content_type":
        return headerVariable(headers, name, server.environment.version);
      case "remote_user":
        return headerVariable(headers, "authorization", server.environment.version) === "" ? "" : undefined;
      default:
        return this.named(name);
    }
  }

  /** Whether the request came over TLS; a file that goes inside a server does not say where that listens. */
  private get tls(): boolean | undefined {
    const { directive, isTls, isPlain } = this.server;
    return !directive || isTls === isPlain ? undefined : isTls;
  }

  private host(): string | undefined {
    const written = headerVariable(this.headers, "host", this.server.environment.version);
    return written?.toLowerCase().replace(/:\d*$/, "").replace(/\.$/, "");
  }

  private forwardedFor(): string | undefined {
    const { address } = this.request;
    const before = headerVariable(this.headers, "x_forwarded_for", this.server.environment.version);
    if (address === undefined || before === undefined) return undefined;
    return before === "" ? address : `${before}, ${address}`;
  }

  /** `$http_…`, `$arg_…`, `$cookie_…`, and what comes only with the answer of the backend. */
  private named(name: string): string | undefined {
    const { version } = this.server.environment;
    if (name.startsWith("http_")) return headerVariable(this.headers, name.slice(5), version);
    if (name.startsWith("arg_")) {
      const wanted = `${name.slice(4)}=`;
      const found = this.query.split("&").find((pair) => pair.toLowerCase().startsWith(wanted));
      return found === undefined ? "" : found.slice(wanted.length);
    }
    if (name.startsWith("cookie_")) {
      const cookies = headerVariable(this.headers, "cookie", version);
      const wanted = `${name.slice(7)}=`;
      const found = cookies?.split(/;\s*/).find((pair) => pair.toLowerCase().startsWith(wanted));
      return cookies === undefined ? undefined : (found?.slice(wanted.length) ?? "");
    }
    return /^(?:upstream|sent)_http_/.test(name) ? "" : undefined;
  }
}
