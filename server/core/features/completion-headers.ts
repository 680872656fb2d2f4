import { type CompletionItem, escapeSnippet, originOf, type Site, type Spotted } from "./completion-item.ts";

/** The headers that the backend of a WebSocket needs first, with the values that are right for them. */
const toBackend: readonly (readonly [name: string, values: readonly string[]])[] = [
  ["Upgrade", ["$http_upgrade"]],
  ["Connection", []],
  ["Host", ["$http_host", "$host"]],
  ["X-Forwarded-For", ["$proxy_add_x_forwarded_for"]],
  ["X-Forwarded-Proto", ["$scheme"]],
  ["X-Forwarded-Host", ["$http_host"]],
  ["X-Forwarded-Port", ["$server_port"]],
  ["X-Real-IP", ["$remote_addr"]],
  ["Origin", ["$http_origin"]],
  ["X-Request-ID", ["$request_id"]],
  ["Authorization", ["$http_authorization"]],
  ["Cookie", ["$http_cookie"]],
  ["Accept-Encoding", ['""']],
];

const toClient = [
  ...["Cache-Control", "Content-Security-Policy", "Strict-Transport-Security", "X-Content-Type-Options"],
  ...["X-Frame-Options", "Referrer-Policy", "Permissions-Policy", "Access-Control-Allow-Origin"],
  ...["Access-Control-Allow-Credentials", "Access-Control-Allow-Headers", "Access-Control-Allow-Methods", "Vary"],
  ...["Set-Cookie", "X-Request-ID", "Alt-Svc"],
];

const fromBackend = [
  ...["X-Powered-By", "Server", "Set-Cookie", "Cache-Control", "Expires", "Vary", "Access-Control-Allow-Origin"],
  ...["Content-Security-Policy", "Strict-Transport-Security", "X-Frame-Options", "Date", "X-Accel-Buffering"],
];

const names: Readonly<Record<string, readonly string[]>> = {
  proxy_set_header: toBackend.map(([name]) => name),
  grpc_set_header: toBackend.slice(2).map(([name]) => name),
  add_header: toClient,
  add_trailer: toClient,
  proxy_hide_header: fromBackend,
  proxy_pass_header: ["Date", "Server", "X-Pad", "X-Accel-Redirect", "X-Accel-Buffering", "X-Accel-Expires"],
};

/** Header names, and where they go to the backend a second item with the whole line. */
export function headerItems(spotted: Spotted): readonly CompletionItem[] {
  const { site, cursor } = spotted;
  const [name = "", ...args] = cursor.before;
  const known = Object.hasOwn(names, name) ? (names[name] ?? []) : [];
  if (known.length === 0) return [];
  if (args.length === 1 && name === "proxy_set_header") return valuesOf(args[0] ?? "", site);
  if (args.length > 0) return [];
  return known.flatMap((header, index) => {
    const rank = 10 + 4 * index;
    const alone: CompletionItem = { label: header, kind: "header", rank };
    if (name !== "proxy_set_header" || cursor.follows === "words") return [alone];
    const end = cursor.follows === "semicolon" ? "" : ";";
    const lines = valuesOf(header, site).slice(0, header === "Host" ? 2 : 1);
    return [
      alone,
      ...lines.map(({ label, detail }, line): CompletionItem => {
        const text = `${header} ${label}${end}`;
        const more = detail === undefined ? {} : { detail };
        return {
          label: `${header} ${label}`,
          kind: "line",
          text,
          snippet: escapeSnippet(text),
          rank: rank + 1 + line,
          ...more,
        };
      }),
    ];
  });
}

/** The values that are right for a header; for Connection a map of this configuration, if there is one. */
function valuesOf(header: string, site: Site): readonly CompletionItem[] {
  if (header.toLowerCase() === "connection") return connectionValues(site);
  const values = toBackend.find(([name]) => name.toLowerCase() === header.toLowerCase())?.[1] ?? [];
  return values.map((label, index) => ({ label, kind: "value", rank: index }));
}

function connectionValues(site: Site): readonly CompletionItem[] {
  const items = new Map<string, CompletionItem>();
  for (const { maps } of site.environments) {
    for (const { source, target, directive } of maps) {
      if (source !== "$http_upgrade" || target === "") continue;
      const label = `$${target}`;
      items.set(label, { label, kind: "value", detail: `map of ${source}, ${originOf(directive, site)}`, rank: 0 });
    }
  }
  const always: CompletionItem = {
    ...{ label: '"upgrade"', kind: "value", rank: 1 },
    detail: "for a location of WebSockets alone",
  };
  return [...items.values(), always];
}
