/** A word that an argument can be, and what it means. */
export interface Value {
  readonly word: string;
  readonly note: string;
}

function list(text: string): readonly Value[] {
  return text
    .trim()
    .split("\n")
    .map((line) => {
      const [word = "", ...note] = line.trim().split(" ");
      return { word, note: note.join(" ") };
    });
}

const redirects = list(`301 moved for good
  302 moved for now
  303 see another page, with GET
  307 moved for now, same method
  308 moved for good, same method`);

const answers = list(`200 all is well
  204 no content
  400 bad request
  401 not logged in
  403 not allowed
  404 not there
  405 method not allowed
  410 gone
  426 upgrade required: what a plain request for a WebSocket gets
  429 too many requests
  444 nginx closes the connection without an answer
  500 internal error
  502 bad answer of the backend
  503 not available
  504 the backend was too slow`);

const errors = list(`400 bad request
  401 not logged in
  403 not allowed
  404 not there
  405 method not allowed
  413 the body is too large
  426 upgrade required
  429 too many requests
  497 a plain request on a TLS port
  500 internal error
  502 bad answer of the backend
  503 not available
  504 the backend was too slow`);

const times = list(`60s one minute
  5m five minutes
  1h one hour`);

/** Time-outs that decide how long a tunnel may be silent. */
const silence = list(`60s nginx's default
  5m five minutes
  1h one hour: enough for a backend that pings
  1d one day`);

// 16k would not go with the usual number of proxy_buffers.
const sizes = list(`4k a page of memory
  8k two pages`);

/** What a browser speaks today, before what is broken. */
const protocols = list("TLSv1.2\nTLSv1.3");

const byName: Readonly<Record<string, (args: readonly string[]) => readonly Value[]>> = {
  return: (args) => (args.length === 0 ? [...redirects, ...answers] : []),
  error_page: (args) =>
    args.some((arg) => arg.startsWith("=") || !/^\d+$/.test(arg))
      ? []
      : [...errors, ...(args.length > 0 ? list("= takes the status of the target") : [])],
  proxy_cache_valid: (args) =>
    args.length > 0
      ? list("1m one minute\n10m ten minutes\n1h one hour")
      : list("200 found\n301 moved for good\n302 moved for now\n404 not there\nany everything"),
  ssl_session_cache: () => list("shared:SSL:10m one cache for all workers"),
  ssl_ecdh_curve: () =>
    list("auto what OpenSSL prefers\nX25519 fast and safe\nprime256v1 known by all\nsecp384r1 stronger, slower"),
  limit_except: () => list("GET and HEAD with it; a handshake is a GET\nPOST\nPUT\nDELETE\nOPTIONS\nPATCH"),
  server_name: () => list('_ a name that nobody asks for\n"" requests without a Host header\nlocalhost this machine'),
  listen: (args) =>
    args.length === 0
      ? list("80 http\n443 https and wss, with ssl\n[::]:80 http over IPv6\n[::]:443 https over IPv6")
      : [],
  resolver: (args) =>
    args.length === 0
      ? list("127.0.0.11 Docker's DNS\n127.0.0.53 systemd-resolved\n1.1.1.1 Cloudflare\n8.8.8.8 Google")
      : [],
  expires: () => list("1h one hour\n30d thirty days\n-1 already over"),
  real_ip_header: () =>
    list("X-Forwarded-For the list of proxies\nX-Real-IP one address\nproxy_protocol from the balancer"),
  auth_basic: () => list('off no password here\n"Restricted" what the browser shows'),
  user: (args) => (args.length === 0 ? list("nginx packages of nginx.org\nwww-data Debian and Ubuntu\nnobody") : []),
  use: () => list("epoll Linux\nkqueue BSD and macOS\npoll\nselect\neventport Solaris\n/dev/poll Solaris"),
  client_max_body_size: () => list("1m nginx's default\n10m\n100m\n0 no limit"),
  try_files: (args) =>
    list(`$uri the path as a file\n$uri/ the path as a folder${args.length > 0 ? "\n=404 not there" : ""}`),
  hash: (args) =>
    args.length === 0 ? list("$remote_addr the client's address\n$request_uri the path and its arguments") : [],
  proxy_ssl_name: () => list("$host the host that was asked for\n$proxy_host the host in proxy_pass"),
  log_format: (args) =>
    args.length === 1 ? list("escape=json for JSON\nescape=default as nginx does\nescape=none as it is") : [],
  access_log: (args) => (args.length === 1 ? list("combined nginx's own format") : []),
  default_type: () =>
    list("application/octet-stream a download\ntext/plain text\ntext/html a page\napplication/json JSON"),
  gzip_types: () =>
    list("text/css\ntext/plain\napplication/json\napplication/javascript\ntext/javascript\nimage/svg+xml"),
};

/** Values that nginx has no closed list of but people choose from, given the arguments before. */
export function moreValues(name: string, args: readonly string[]): readonly Value[] {
  if (Object.hasOwn(byName, name)) return (byName[name]?.(args) ?? []).filter(({ word }) => !args.includes(word));
  if (/(?:^|_)ssl_protocols$/.test(name)) return protocols.filter(({ word }) => !args.includes(word));
  if (args.length > 0) return [];
  if (/_(?:read|send)_timeout$/.test(name)) return silence;
  if (/_timeout$/.test(name)) return times;
  return /_buffer_size$/.test(name) ? sizes : [];
}

const notes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  proxy_http_version: {
    "1.0": "the default before 1.29.7; no WebSocket passes",
    "1.1": "what a WebSocket needs",
    "2": "since 1.29.4; no WebSocket passes",
  },
  proxy_buffering: { off: "answers are passed on as they come: for event streams", on: "the default" },
  satisfy: { all: "address and password", any: "address or password" },
  rewrite: {
    last: "looks for a location again",
    break: "stays in this location",
    redirect: "302",
    permanent: "301",
  },
  ssl_protocols: { SSLv2: "broken", SSLv3: "broken", TLSv1: "out of date", "TLSv1.1": "out of date" },
  server: {
    "weight=": "its share of the requests",
    "max_conns=": "connections at a time; a tunnel counts while it is open",
    "max_fails=": "failures before it is left out",
    "fail_timeout=": "for how long it is left out",
    backup: "used when all others are down",
    down: "not used",
    resolve: "follows changes in the DNS",
  },
  listen: {
    default_server: "answers for names that no server has",
    ssl: "TLS: https:// and wss://",
    http2: "HTTP/2; since 1.25.1 better the directive http2",
    quic: "HTTP/3",
    proxy_protocol: "the balancer sends the client's address first",
    reuseport: "a socket for each worker",
  },
  resolver: { "valid=": "how long answers are kept", "ipv6=off": "no IPv6 addresses" },
  proxy_next_upstream: {
    non_idempotent: "also POST, LOCK and PATCH",
    off: "never",
    error: "no connection, or it broke",
    timeout: "no answer in time",
  },
  add_header: { always: "also with errors" },
  error_log: { debug: "needs a build with debugging" },
  ssl_verify_client: { optional_no_ca: "asks, and does not check" },
};

/** What a value means, where that helps. */
export function valueNotes(name: string, word: string): string | undefined {
  const known = Object.hasOwn(notes, name) ? notes[name] : undefined;
  return known && Object.hasOwn(known, word) ? known[word] : undefined;
}
