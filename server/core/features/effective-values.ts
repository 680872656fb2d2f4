import type { Entry } from "../model/scope.ts";
import { allowedIn } from "../nginx/directives.ts";
import type { Directive } from "../syntax/directive.ts";
import { spanOf } from "../syntax/document.ts";
import type { EffectivePlace, ViewedTopic, ViewedValue } from "./effective.ts";
import { defaultsOf } from "./effective-defaults.ts";
import { isPassedBy, levelName } from "./effective-level.ts";

/** Topics in the order people look for them; the first that fits takes a directive. */
const topics: readonly (readonly [title: string, names: RegExp])[] = [
  [
    "The backend",
    /^(?:\w+_pass|proxy_(?:http_version|method|pass_request_\w+|set_body|bind|redirect|next_upstream\w*|socket_keepalive)|resolver)$/,
  ],
  ["Headers for the backend", /^\w+_set_header$/],
  ["Time limits", /timeout|^keepalive|^tcp_nodelay$/],
  ["TLS to the backend", /^\w+_ssl_/],
  ["Who may come in", /^(?:allow|deny|satisfy|auth_\w+|limit_\w+|valid_referers|internal)$/],
  [
    "Rewriting",
    /^(?:set|if|rewrite|return|break|try_files|error_page|mirror\w*|recursive_error_pages|\w+_intercept_errors)$/,
  ],
  [
    "The answer",
    /^(?:add_\w+|expires|\w+_hide_header|\w+_pass_header|\w+_ignore_headers|\w+_cookie_\w+|charset\w*|default_type|types|sub_filter\w*)$/,
  ],
  ["Buffers and caches", /buffer|cache|temp_|_body_size$/],
];
const rest = "Everything else";

/** Directives that no block inherits: they answer or reroute a request where they stand. */
const notInherited =
  /^(?:(?:proxy|fastcgi|uwsgi|scgi|grpc|memcached|tunnel)_pass|return|rewrite|set|if|break|location|limit_except|try_files|stub_status|empty_gif|flv|mp4|perl|js_content|(?:content|rewrite|access)_by_(?:lua|njs)\w*)$/;

/** Directives that nginx keeps in one list or one value: whoever sets one of them inherits none of the others. */
const together: Readonly<Record<string, string>> = { deny: "allow", alias: "root" };

/** Everything in force at a place, by topic. */
export function topicsOf(place: EffectivePlace): readonly ViewedTopic[] {
  const values = [...valuesAt(place), ...defaultsOf(place)];
  const named = [...topics.map(([title]) => title), rest].map((title) => ({
    title,
    values: values.filter(({ name }) => titleOf(name) === title),
  }));
  return named.filter(({ values: found }) => found.length > 0);
}

function titleOf(name: string): string {
  return topics.find(([, names]) => names.test(name))?.[0] ?? rest;
}

function valuesAt({ scope, server, location }: EffectivePlace): readonly ViewedValue[] {
  const found: ViewedValue[] = [];
  const settled = new Set<string>();
  const isProxied = isPassedBy("proxy_pass", { scope, location });
  for (const level of scope.outwards()) {
    const from = levelName(level, scope);
    const isNear =
      level === scope || (scope.kind !== "location" && level.kind === "location" && location?.scope === level);
    const here = new Set<string>();
    for (const entry of level.entries) {
      const { name } = entry.directive;
      const isRewrite = from === "server" && level === server.scope && /^(?:set|if|rewrite|return)$/.test(name);
      if (name === "location" || name === "listen" || name === "server_name" || name === "") continue;
      if (!isNear && notInherited.test(name) && !isRewrite) continue;
      if (!isNear && allowedIn(name, "location") !== true) continue;
      // What belongs to proxy_pass does nothing where another handler answers.
      if (!isNear && !isProxied && name.startsWith("proxy_")) continue;
      const key = Object.hasOwn(together, name) ? (together[name] as string) : name;
      if (settled.has(key) && !notInherited.test(name)) continue;
      here.add(key);
      found.push(viewValue(entry, from, isRewrite ? "runs before the location is chosen" : undefined));
    }
    for (const key of here) settled.add(key);
  }
  return found;
}

/** An entry as a value in force. */
export function viewValue({ directive }: Entry, from: ViewedValue["from"], note?: string): ViewedValue {
  return { name: directive.name, line: lineOf(directive), from, span: spanOf(directive.head), note };
}

/** Blocks within blocks of a location are few; files of strangers may have more. */
const MAX_DEPTH = 4;

/** A longer block is only named: the types of mime.types are nobody's concern here. */
const MAX_BLOCK = 200;

/** A directive in one line, as nginx would read it; a comment for a block that is no configuration (Lua). */
export function lineOf(directive: Directive, depth = 0): string {
  const head = directive.words.map(({ raw }) => raw).join(" ");
  if (!directive.isBlock) return `${head};`;
  if (depth >= MAX_DEPTH || /_by_(?:lua|njs)/.test(directive.name)) return `# ${head} { … }`;
  const inner = directive.children().map((child) => lineOf(child, depth + 1));
  const line = [`${head} {`, ...inner, "}"].join(" ");
  return line.length > MAX_BLOCK || inner.some((each) => each.startsWith("#")) ? `# ${head} { … }` : line;
}
