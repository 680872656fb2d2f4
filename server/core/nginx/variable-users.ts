/**
 * From which argument on the directives of http compile variables, so that nginx stops at one that nobody defines. Each was
 * tried on nginx 1.22.1. What may be a regular expression is left out: there a dollar sign is the end of the text.
 */
const first: Readonly<Record<string, number>> = {
  access_log: 0,
  add_header: 1,
  add_trailer: 1,
  alias: 0,
  auth_basic: 0,
  auth_request_set: 1,
  error_page: 1,
  expires: 0,
  fastcgi_cache_key: 0,
  fastcgi_param: 1,
  fastcgi_pass: 0,
  grpc_pass: 0,
  grpc_set_header: 1,
  hash: 0,
  index: 0,
  limit_conn_zone: 0,
  limit_req_zone: 0,
  log_format: 1,
  map: 0,
  proxy_bind: 0,
  proxy_cache_bypass: 0,
  proxy_cache_key: 0,
  proxy_cookie_domain: 1,
  proxy_cookie_path: 1,
  proxy_no_cache: 0,
  proxy_pass: 0,
  proxy_redirect: 1,
  proxy_set_body: 0,
  proxy_set_header: 1,
  proxy_ssl_name: 0,
  return: 0,
  rewrite: 1,
  root: 0,
  scgi_param: 1,
  set: 1,
  split_clients: 0,
  sub_filter: 1,
  try_files: 0,
  uwsgi_param: 1,
  uwsgi_pass: 0,
};

/** Those of which the last argument is no value but a name that the directive defines. */
const definers: ReadonlySet<string> = new Set(["map", "split_clients"]);

/** Which arguments of a directive hold variables that have to exist; undefined where none does. */
export function usesVariables(name: string, count: number): readonly [from: number, to: number] | undefined {
  const from = Object.hasOwn(first, name) ? first[name] : undefined;
  return from === undefined ? undefined : [from, definers.has(name) ? 1 : count];
}

/** The names of those directives. */
export function variableUsers(): readonly string[] {
  return Object.keys(first);
}
