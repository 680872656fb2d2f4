import { directiveShapes, maskOf } from "./directives.ts";
import { directiveReference } from "./reference.ts";

/** A way to write a directive's arguments. */
export interface Signature {
  /** In the notation of `parseForm`. */
  readonly form: string;
  /** What the arguments mean, by placeholder or first word. */
  readonly notes: Readonly<Record<string, string>>;
}

const inHttp = maskOf(["http", "server", "location", "server if", "location if", "limit_except"]);
const inStream = maskOf(["stream", "stream server"]);
const inUpstream = maskOf(["upstream", "stream upstream"]);

const url = "`http://` or `https://`, a host or upstream, perhaps a port, perhaps a path that replaces the location's.";
const value = 'Text and variables; an empty one (`""`) leaves the header out.';
const time = "`60s`, `5m`, `1h`; a number alone counts seconds.";
const size = "`8k`, `1m`.";
const zone = "The name of the shared memory.";
const zoneSize = "How much memory it gets: `10m`.";
const listenParameters =
  "[default_server] [ssl] [http2 | quic] [proxy_protocol] [reuseport] [backlog=<number>] [ipv6only=on|off] [so_keepalive=on|off] [deferred] [bind] [rcvbuf=<size>] [sndbuf=<size>] [fastopen=<number>] [multipath]";
const listen = {
  address: "An address of this machine, `*`, or `[::]`.",
  port: "Without one: 80.",
  default_server: "Answers requests for names that no server has.",
  ssl: "TLS: for `https://` and `wss://`, also on port 443.",
  "http2 | quic": "HTTP/2 or HTTP/3 on this port.",
  proxy_protocol: "The balancer in front sends the client's address first.",
};
const map = {
  string: "What is looked up: `$http_upgrade`.",
  source: "What is looked up: `$http_upgrade`.",
  $variable: "The variable that is defined.",
};

/** Forms in our own words, where the documentation's are long or say too little: by context bit mask, −1 for any. */
const own: Readonly<Record<string, readonly (Signature & { readonly mask?: number })[]>> = {
  proxy_pass: [
    { form: "<URL>", notes: { URL: url }, mask: inHttp },
    { form: "<address>", notes: { address: "`host:port`, an upstream, or `unix:` and a path." }, mask: inStream },
  ],
  ssl_session_cache: [
    {
      form: "off | none | builtin | shared:<name>:<size>",
      notes: { off: "`shared:SSL:10m` is what most servers want." },
    },
  ],
  perl: [{ form: "<module::function>", notes: {} }],
  perl_set: [{ form: "<$variable> <module::function>", notes: map }],
  // The version that a WebSocket needs comes first: it is what a tab stop chooses.
  proxy_http_version: [{ form: "1.1 | 1.0 | 2", notes: {} }],
  proxy_set_header: [{ form: "<field> <value>", notes: { field: "The header of the request to the backend.", value } }],
  grpc_set_header: [{ form: "<field> <value>", notes: { field: "The header of the request to the backend.", value } }],
  add_header: [
    {
      form: "<name> <value> [always]",
      notes: {
        name: "The header of the answer to the client.",
        value: "Text and variables.",
        always: "Also with errors; without it only with 200, 201, 204, 206, 301, 302, 303, 304, 307 and 308.",
      },
    },
  ],
  location: [
    {
      form: "[= | ~ | ~* | ^~] <uri>",
      notes: {
        "= | ~ | ~* | ^~":
          "`=` this very path, `^~` a prefix before regular expressions, `~` a regular expression, `~*` one without case.",
        uri: "A prefix of the path, or the regular expression.",
      },
    },
    { form: "@<name>", notes: { name: "A location for `error_page` and `try_files` only." } },
  ],
  listen: [
    { form: `<port> ${listenParameters}`, notes: listen, mask: inHttp },
    { form: `<address>[:<port>] ${listenParameters}`, notes: listen, mask: inHttp },
    { form: `unix:<path> ${listenParameters}`, notes: listen, mask: inHttp },
    {
      form: "<address>:<port> [ssl] [udp] [proxy_protocol] [reuseport] [backlog=<number>] [ipv6only=on|off] [so_keepalive=on|off]",
      notes: listen,
      mask: inStream,
    },
  ],
  map: [{ form: "<source> <$variable>", notes: map }],
  geo: [
    { form: "<$address> <$variable>", notes: { $address: "The address that is looked up.", $variable: map.$variable } },
    { form: "<$variable>", notes: { $variable: "The variable that is defined from `$remote_addr`." } },
  ],
  split_clients: [{ form: "<source> <$variable>", notes: { ...map, source: "What is hashed: `$remote_addr`." } }],
  set: [{ form: "<$variable> <value>", notes: { $variable: map.$variable, value: "Text and variables." } }],
  return: [
    {
      form: "<code> [<text>]",
      notes: { code: "The status; 444 closes the connection.", text: "The body, in quotes if it has spaces." },
      mask: inHttp,
    },
    {
      form: "<code> <URL>",
      notes: { code: "301, 302, 303, 307 or 308.", URL: "Where the client is sent." },
      mask: inHttp,
    },
    { form: "<URL>", notes: { URL: "Where the client is sent, with 302." }, mask: inHttp },
    { form: "<value>", notes: { value: "What the client gets before the connection is closed." }, mask: inStream },
  ],
  rewrite: [
    {
      form: "<regex> <replacement> [last | break | redirect | permanent]",
      notes: {
        regex: "Compared with the path.",
        replacement: "The new path; with a scheme in front a redirect. A `?` at its end drops the arguments.",
        "last | break | redirect | permanent":
          "`last` looks for a location again, `break` stays here, `redirect` is 302, `permanent` is 301.",
      },
    },
  ],
  if: [
    { form: "(<condition>)", notes: { condition: "`$http_upgrade`, `$uri ~ ^/ws`, `$scheme = http`, `!-f $file`." } },
  ],
  error_page: [
    {
      form: "<code> ... [=[<response>]] <uri>",
      notes: {
        code: "The statuses that are replaced.",
        "=": "`=` alone takes the status of the target, `=200` that one.",
        uri: "A path, a URL or a named location.",
      },
    },
  ],
  try_files: [
    {
      form: "<file> ... <uri>",
      notes: { file: "Looked for in the order given.", uri: "A path or a named location if none is there." },
    },
    {
      form: "<file> ... =<code>",
      notes: { file: "Looked for in the order given.", code: "The status if none is there." },
    },
  ],
  upstream: [{ form: "<name>", notes: { name: "The name that `proxy_pass http://name` uses." } }],
  server: [
    {
      form: "<address> [weight=<number>] [max_conns=<number>] [max_fails=<number>] [fail_timeout=<time>] [backup] [down] [resolve] [route=<string>] [service=<name>] [slow_start=<time>] [drain]",
      notes: {
        address: "`host:port` or `unix:` and a path, without `http://`.",
        "weight=": "Its share of the requests.",
        "max_conns=": "No more connections at a time; a tunnel counts as long as it is open.",
        "max_fails=": "After so many failures it gets none for a while; 0 never.",
        "fail_timeout=": "How long that while is, and within which failures count.",
        backup: "Used when all others are down.",
        down: "Not used.",
        resolve: "Follows changes of the DNS name; needs `zone` and `resolver`.",
      },
      mask: inUpstream,
    },
    { form: "", notes: {}, mask: ~inUpstream },
  ],
  limit_req_zone: [
    {
      form: "<key> zone=<name>:<size> rate=<rate>",
      notes: {
        key: "What is counted: `$binary_remote_addr`.",
        "zone=": `${zone} ${zoneSize}`,
        "rate=": "`10r/s` or `30r/m`.",
      },
    },
  ],
  limit_conn_zone: [
    {
      form: "<key> zone=<name>:<size>",
      notes: { key: "What is counted: `$binary_remote_addr`.", "zone=": `${zone} ${zoneSize}` },
    },
  ],
  limit_conn: [
    {
      form: "<zone> <number>",
      notes: { zone, number: "So many connections at a time; a tunnel counts as long as it is open." },
    },
  ],
  limit_req: [
    {
      form: "zone=<name> [burst=<number>] [nodelay | delay=<number>]",
      notes: {
        "zone=": zone,
        "burst=": "So many requests wait instead of being refused.",
        "nodelay | delay=<number>": "They do not wait: all of them, or the first ones.",
      },
    },
  ],
  resolver: [
    {
      form: "<address> ... [valid=<time>] [ipv4=on|off] [ipv6=on|off] [status_zone=<zone>]",
      notes: {
        address: "A DNS server: `127.0.0.11` in Docker.",
        "valid=": "How long answers are kept instead of what they say.",
      },
    },
  ],
  include: [
    { form: "<file>", notes: { file: "A path or a pattern; relative ones count from the folder of nginx.conf." } },
  ],
  proxy_redirect: [
    {
      form: "<redirect> <replacement>",
      notes: { redirect: "How Location begins.", replacement: "What stands there instead." },
    },
    { form: "default | off", notes: {} },
  ],
  proxy_cache_valid: [
    { form: "[<code> ...] <time>", notes: { code: "Statuses; without any 200, 301 and 302.", time } },
  ],
  proxy_buffers: [{ form: "<number> <size>", notes: { number: "How many for a connection.", size } }],
  large_client_header_buffers: [{ form: "<number> <size>", notes: { number: "How many for a connection.", size } }],
  error_log: [
    {
      form: "<file> [debug | info | notice | warn | error | crit | alert | emerg]",
      notes: {
        file: "A path, `stderr` or `syslog:…`.",
        "debug | info | notice | warn | error | crit | alert | emerg": "What is less severe is not written.",
      },
    },
  ],
};

/** The ways to write a directive in contexts: our own words, else the documentation's, else from its argument counts. */
export function signaturesOf(name: string, mask = -1): readonly Signature[] {
  const ours = Object.hasOwn(own, name) ? (own[name] ?? []).filter((each) => ((each.mask ?? -1) & mask) !== 0) : [];
  if (ours.length > 0) return ours;
  const documented = directiveReference(name, mask);
  const forms = documented?.forms ?? countedForms(name, mask);
  return forms.map((form) => ({ form, notes: notesOf(form) }));
}

/** What a placeholder of the documentation stands for, where its name says it. */
function notesOf(form: string): Readonly<Record<string, string>> {
  const known: Readonly<Record<string, string>> = { time, timeout: time, size, zone };
  return Object.fromEntries(Object.entries(known).filter(([name]) => form.includes(`<${name}>`)));
}

function countedForms(name: string, mask: number): readonly string[] {
  return directiveShapes(name)
    .filter(({ contextMask }) => (contextMask & mask) !== 0)
    .flatMap(({ argumentMask }) => {
      if (argumentMask === 0 || argumentMask & (1 << 10)) return ["[<value> ...]"];
      if (argumentMask & (1 << 8)) return ["<value> ..."];
      if (argumentMask & (1 << 9)) return ["<value> <value> ..."];
      const counts = [0, 1, 2, 3, 4, 5, 6, 7].filter((count) => argumentMask & (1 << count));
      return counts.map((count) => new Array(count).fill("<value>").join(" "));
    });
}
