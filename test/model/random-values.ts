// Values, conditions and rewrites as people write them, and some that nobody would.
import type { Random } from "../syntax/mutate.ts";

/** The variables that `set` gives values in random configurations. */
export const setVariables = ["s1", "s2", "s3", "s4", "http_x_set"] as const;

/** The upstreams of random configurations. */
export const upstreams = ["up1", "up2", "Up3"] as const;

const literals = [
  "upgrade",
  "Upgrade",
  "websocket",
  "close",
  "keep-alive",
  "x",
  "1",
  "0",
  "",
  "",
  "a b",
  "/p/q",
  "x;y",
];

const builtIns = [
  ...["http_upgrade", "HTTP_UPGRADE", "http_upgrade", "http_connection", "http_x_client", "http_x_missing"],
  ...["http_x_under", "http_cookie", "http_host", "host", "host", "proxy_host", "proxy_port", "uri", "document_uri"],
  ...["request_uri", "args", "query_string", "is_args", "arg_x", "arg_y", "scheme", "https", "server_name"],
  ...["server_port", "remote_addr", "proxy_add_x_forwarded_for", "request_method", "server_protocol", "request"],
  ...["cookie_a", "content_length", "http_sec_websocket_key", "http_sec_websocket_version", "upstream_http_x"],
  ...["remote_user", "http_x_dot", "http_upgarde"],
];

/**
 * Values that no configuration tells. `$connection` is left out: the model lets 1 stand for the serial number that it is,
 * because all that matters is that it is no `upgrade`.
 */
const untold = ["request_id", "remote_port", "hostname", "pid"];

const headerNames = [
  ...["Host", "Host", "Connection", "Connection", "Connection", "Upgrade", "Upgrade", "Upgrade", "upgrade"],
  ...["X-Real-IP", "X-Forwarded-For", "X-Forwarded-Proto", "X-A", "X-B", "X-A", "X-Client", "x-client", "Origin"],
  ...["Sec-WebSocket-Key", "TE", "Keep-Alive", "Content-Length", "Cookie", "Accept-Encoding", "X_Under", "CONNECTION"],
];

const regexes = ["^web", "^$", ".", "^/a", "^/(ws|a)(/|$)", "^/([^/]+)/(.*)$", "(\\d+)", "x", "^(.)(.*)$", "sock"];

/** What must not stand bare in a configuration. */
const special = /[\s;{}"'#]|^$|^\(|\)$/;

/** Writes a word so that nginx reads exactly this. */
export function quote(random: Random, text: string): string {
  const isFragile = special.test(text.replace(/\$\{\w+\}/g, "x"));
  if (!isFragile && random.below(8) > 0) return text;
  const mark = text.includes('"') ? "'" : random.pick(['"', "'"]);
  return `${mark}${text}${mark}`;
}

/** Makes values for one configuration. */
export class Values {
  readonly random: Random;
  /** The names of the maps that may be used. */
  readonly maps: string[] = [];

  constructor(random: Random) {
    this.random = random;
  }

  /** A reference to a variable. */
  variable(): string {
    const { random } = this;
    const kind = random.below(20);
    let name: string = random.pick(builtIns);
    if (kind < 6) name = random.pick(setVariables);
    else if (kind < 11 && this.maps.length > 0) name = random.pick(this.maps);
    else if (kind === 19 && random.below(3) === 0) name = random.pick(untold);
    else if (kind === 18) name = random.pick(["1", "2"]);
    // nginx knows no `${1}`.
    return random.below(5) === 0 && !/^\d$/.test(name) ? `\${${name}}` : `$${name}`;
  }

  /** Text and variables, not quoted. */
  raw(): string {
    const { random } = this;
    const kind = random.below(10);
    if (kind < 4) return random.pick(literals);
    if (kind < 8) return this.variable();
    return `${random.pick(["a", "", "x-", " "])}${this.variable()}${random.pick(["", "-", "/", ":"])}${random.below(2) ? this.variable() : ""}`;
  }

  value(): string {
    return quote(this.random, this.raw());
  }

  header(): string {
    const { random } = this;
    const name = random.pick(headerNames);
    let value = this.value();
    const habit = random.below(4);
    if (name.toLowerCase() === "upgrade" && habit === 0) value = "$http_upgrade";
    if (name.toLowerCase() === "connection" && habit === 0)
      value = random.pick(['"upgrade"', "$http_connection", '""']);
    if (name === "Host" && habit < 2) value = random.pick(["$host", "$http_host", "$proxy_host", "example.test"]);
    return `proxy_set_header ${name} ${value}`;
  }

  condition(): string {
    const { random } = this;
    // On its left stands one variable, and no captured text.
    const left = this.variable()
      .replace(/[{}]/g, "")
      .replace(/^\$\d$/, "$uri");
    switch (random.below(5)) {
      case 0:
        return `(${left})`;
      case 1:
        return `(${left} = ${this.value()})`;
      case 2:
        return `(${left} != ${random.pick(['""', "websocket", "1"])})`;
      default:
        return `(${left} ${random.pick(["~", "~*", "!~", "!~*"])} ${this.regex()})`;
    }
  }

  regex(): string {
    const regex = this.random.pick(regexes);
    return /[ {};()]/.test(regex) ? `"${regex}"` : regex;
  }

  /** A key of a map. */
  key(): string {
    const { random } = this;
    const kind = random.below(3);
    if (kind === 0) return `"${random.pick(["~", "~*"])}${random.pick(regexes)}"`;
    return random.pick(["websocket", "WebSocket", "''", "1", "0", "x", "upgrade", "/ws", "GET", "\\default", "http"]);
  }

  rewrite(): string {
    const { random } = this;
    const pattern = random.pick([
      "^/a/(.*)$",
      "^",
      "^/([^/]+)(/.*)?$",
      "^/old",
      "^/ws(.*)",
      "/(\\w+)$",
      "^/api(.*)",
      "x",
    ]);
    const kind = random.below(24);
    if (kind === 0) return `rewrite ${pattern} http://other.test/$1`;
    if (kind === 1) return `rewrite ${pattern} /moved ${random.pick(["redirect", "permanent"])}`;
    if (kind === 2) return `rewrite ${pattern} ${this.variable()} break`;
    const replacement = random.pick([
      ...[
        "/b/$1",
        "/ws",
        "/x/$1?y=1",
        "/new/$2",
        "$1",
        "/a/b?",
        "/v/$s1/$1",
        "/c$uri",
        "/q?x=$1&z=2?",
        "/r?$args",
        "/d e",
      ],
    ]);
    const flag = random.pick(["", "", " last", " last", " break", " break", " break"]);
    return `rewrite ${pattern} ${replacement.includes(" ") ? `"${replacement}"` : replacement}${flag}`;
  }
}
