// Configurations that each show one thing that nginx does and that is easily got wrong.
import type { RequestKind } from "../../server/core/model/request.ts";

/** A server, a request, and what the model says of it; the real nginx then has to agree with all the model says. */
export interface ModelCase {
  readonly why: string;
  readonly http?: string;
  /** What stands in the server; BACKEND is the address of a backend. */
  readonly server: string;
  readonly kind?: RequestKind;
  readonly target: string;
  /** Lines of `describeOutcome`, and `no X` where no line may begin with X. */
  readonly says: readonly string[];
}

/** Every disagreement that random configurations have shown, and what the documentation leaves out. */
export const modelCases: readonly ModelCase[] = [
  {
    why: "a map tries no regular expression on an empty text",
    http: "map $http_upgrade $c1 { ~^$ close; default upgrade; }",
    server: "location / { proxy_set_header Connection $c1; proxy_pass http://BACKEND; }",
    kind: "plain",
    target: "/",
    says: ["GET / HTTP/1.0", "Connection: upgrade", "Host: BACKEND", "no Upgrade"],
  },
  {
    why: "where limit_except takes a request, the location's set is not run",
    server: `location / {
      set $c2 upgrade; proxy_set_header Connection $c2; proxy_pass http://BACKEND;
      limit_except POST { proxy_pass http://BACKEND; }
    }`,
    target: "/ws",
    says: ["GET /ws HTTP/1.0", "no Connection"],
  },
  {
    why: "limit_except that denies answers 403",
    server: "location / { proxy_pass http://BACKEND; limit_except POST { deny all; } }",
    target: "/ws",
    says: ["answered 403"],
  },
  {
    why: "an internal location has no slash redirect",
    server: "location /ws/ { internal; proxy_pass http://BACKEND; }",
    target: "/ws",
    says: ["answered 404"],
  },
  {
    why: "the slash redirect",
    server: "location /ws/ { proxy_pass http://BACKEND; }",
    target: "/ws",
    says: ["answered 301"],
  },
  {
    why: "a port that is none, from variables",
    server: "set $c3 1; location / { proxy_pass http://BACKEND$c3$c3$c3; }",
    target: "/",
    says: ["answered 500"],
  },
  {
    why: "a host from variables that is no upstream needs a resolver",
    server: "set $c4 nowhere; location / { proxy_pass http://$c4; }",
    target: "/",
    says: ["answered 502"],
  },
  {
    why: "a header whose invalid name is kept is not replaced for sure",
    server: `ignore_invalid_headers off; location / { proxy_set_header X_Under set; proxy_pass http://BACKEND; }`,
    target: "/",
    says: ["X_Under: set", "X_Under: ?", "X.Dot: dot"],
  },
  {
    why: "names with underscores are dropped",
    server: "location / { proxy_pass http://BACKEND; }",
    target: "/",
    says: ["no X_Under", "no X.Dot", "X-Client: one"],
  },
  {
    why: "names with underscores are kept",
    server:
      "underscores_in_headers on; location / { proxy_set_header X-Seen $http_x_under; proxy_pass http://BACKEND; }",
    target: "/",
    says: ["X_Under: score", "X-Seen: score", "no X.Dot"],
  },
  {
    why: "of two ifs that hold the last one counts, and takes the backend of its location",
    server: `location / {
      if ($http_upgrade) { proxy_pass http://127.0.0.1:9; } if ($http_host) { set $c5 x; } proxy_pass http://BACKEND;
    }`,
    target: "/ws",
    says: ["GET /ws HTTP/1.0"],
  },
  {
    why: "of two ifs that hold the last one counts, also where its location has no backend",
    server: "location / { if ($http_upgrade) { proxy_pass http://BACKEND; } if ($http_host) { set $c6 x; } }",
    target: "/ws",
    says: ["answered 500"],
  },
  {
    why: "the URI part of proxy_pass replaces the location's path, which is written anew",
    server: "location /a/ { proxy_pass http://BACKEND/base/; }",
    target: "/a/b%20c/../d%3Fe/?x=1",
    says: ["GET /base/d%3Fe/?x=1 HTTP/1.0"],
  },
  {
    why: "without a URI part the request line is passed on as it is",
    server: "location /a/ { proxy_pass http://BACKEND; }",
    target: "/a/b%20c/../d%3Fe//?",
    says: ["GET /a/b%20c/../d%3Fe//? HTTP/1.0"],
  },
  {
    why: "after rewrite … break the URI part of proxy_pass does not count",
    server: "location /a/ { rewrite ^/a/(.*) /new/$1 break; proxy_pass http://BACKEND/base/; }",
    target: "/a/b?x=1",
    says: ["GET /new/b?x=1 HTTP/1.0"],
  },
  {
    why: "also after rewrite … break in the server",
    server: "rewrite ^/old/(.*) /a/$1 break; location /a/ { proxy_pass http://BACKEND/base/; }",
    target: "/old/b",
    says: ["GET /a/b HTTP/1.0"],
  },
  {
    why: "after rewrite … last it counts",
    server: "rewrite ^/old/(.*) /a/$1 last; location /a/ { proxy_pass http://BACKEND/base/; }",
    target: "/old/b",
    says: ["GET /base/b HTTP/1.0"],
  },
  {
    why: "a URI part behind variables replaces everything",
    server: "set $c7 BACKEND; location /a/ { proxy_pass http://$c7/fixed; }",
    target: "/a/b?x=1",
    says: ["GET /fixed HTTP/1.0", "Host: BACKEND"],
  },
  {
    why: "an empty path is refused",
    server: "location /a { rewrite ^/a(.*) $1 break; proxy_pass http://BACKEND; }",
    target: "/a",
    says: ["answered 500"],
  },
  {
    why: "a path that changes for ever is refused",
    server: "location / { rewrite ^ /x/$uri; proxy_pass http://BACKEND; }",
    target: "/a",
    says: ["answered 500"],
  },
  {
    why: "a map is looked up once",
    http: "map $c8 $c9 { default default; one upgrade; two close; }",
    server: `location / {
      set $c8 one; if ($c9) { set $c8 two; } set $c8 two; proxy_set_header Connection $c9; proxy_pass http://BACKEND;
    }`,
    target: "/",
    says: ["Connection: upgrade"],
  },
  {
    why: "unless it is volatile",
    http: "map $c10 $c11 { volatile; default default; one upgrade; two close; }",
    server: `location / {
      set $c10 one; set $c12 $c11; set $c10 two; proxy_set_header Connection $c11; proxy_pass http://BACKEND;
    }`,
    target: "/",
    says: ["Connection: close"],
  },
  {
    why: "several headers of a name are all sent, empty ones are not, and case does not count",
    server: `location / {
      proxy_set_header connection upgrade; proxy_set_header Connection ""; proxy_set_header CONNECTION close;
      proxy_set_header x-client ""; proxy_set_header Host $host; proxy_pass http://BACKEND;
    }`,
    target: "/",
    says: [
      "connection: upgrade",
      "CONNECTION: close",
      "no Connection",
      "no X-Client",
      "no x-client",
      "Host: client.test",
    ],
  },
  {
    why: "method, version and body are settings like others, and the list of headers is one",
    server: `proxy_method POST; proxy_http_version 1.1; proxy_set_body abc; proxy_set_header X-Outer 1;
      location / { proxy_set_header X-Inner 1; proxy_pass http://BACKEND; }`,
    target: "/",
    says: ["POST / HTTP/1.1", "Content-Length: 3", "X-Inner: 1", "no X-Outer", "Connection: close"],
  },
  {
    why: "without the client's headers only those that are set are left",
    server:
      "proxy_pass_request_headers off; location / { proxy_set_header X-A $http_x_client; proxy_pass http://BACKEND; }",
    target: "/",
    says: ["X-A: one", "no X-Client", "no Sec-WebSocket-Key"],
  },
  {
    why: "a set of $http_… is seen only once it has run",
    server: `location / {
      set $c13 $http_x_c14; set $http_x_c14 set; proxy_set_header X-Before "$c13-"; proxy_set_header X-After $http_x_c14;
      proxy_pass http://BACKEND;
    }`,
    target: "/",
    says: ["X-Before: -", "X-After: set"],
  },
  {
    why: "set $args changes the request line",
    server: "location / { set $args y=2; proxy_pass http://BACKEND; }",
    target: "/a%20b?x=1",
    says: ["GET /a%20b?y=2 HTTP/1.0"],
  },
  {
    why: "what a map's regular expression captures takes the place of $1",
    http: "map $http_host $c15 { ~^(.) x; }",
    server: "location ~ ^/(.*) { proxy_set_header X-A $1; proxy_set_header X-B $c15; proxy_pass http://BACKEND; }",
    target: "/ab",
    says: ["unknown $1 that a map changes"],
  },
  {
    why: "the request is made, and that noticed, before nginx looks for the host",
    http: "map $http_host $c90 { ~^(.) x; }",
    server: `location ~ ^/(.*) { set $c91 nowhere; proxy_set_header X-A $1$c90; proxy_pass http://$c91; }`,
    target: "/",
    says: ["unknown $1 that a map changes"],
  },
  {
    why: "a map stays volatile when another definition without the word replaces it",
    http: `map $http_host $c16 { volatile; default first; } map $c17 $c16 { default upgrade; one close; }`,
    server: `location / {
      set $c17 one; set $c18 $c16; set $c17 two; proxy_set_header Connection $c16; proxy_pass http://BACKEND;
    }`,
    target: "/",
    says: ["Connection: upgrade"],
  },
  {
    why: "a map that the server has looked up does not see what the location sets",
    http: "map $c19 $c20 { default close; one upgrade; }",
    server: `set $c21 $c20;
      location / { set $c19 one; proxy_set_header Connection $c20; proxy_pass http://BACKEND; }`,
    target: "/",
    says: ["Connection: close"],
  },
  {
    why: "a request brings along what another location has set",
    server: `set $c22 close;
      location /a { set $c22 upgrade; rewrite ^ /b last; }
      location /b { proxy_set_header Connection $c22; proxy_pass http://BACKEND; }`,
    target: "/a",
    says: ["GET /b HTTP/1.0", "Connection: upgrade"],
  },
  {
    why: "a rewrite without a flag chooses a location anew",
    server: `location /a { rewrite ^/a(.*) /b$1; proxy_pass http://127.0.0.1:9; }
      location /b { proxy_pass http://BACKEND; }`,
    target: "/a/ws",
    says: ["GET /b/ws HTTP/1.0"],
  },
  {
    why: "unless break follows",
    server: "location /a { rewrite ^/a(.*) /b$1; break; proxy_pass http://BACKEND/base; } location /b { return 404; }",
    target: "/a/ws",
    says: ["GET /b/ws HTTP/1.0"],
  },
  {
    why: "a rewrite that matches an escaped path writes it anew",
    server: "location / { rewrite ^/a/(.*) /b/$1?x=$1 break; proxy_pass http://BACKEND; }",
    target: "/a/c%20d?y=1",
    says: ["GET /b/c%20d?x=c%20d&y=1 HTTP/1.0"],
  },
];
