import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { readDirectives } from "../support/tokens.ts";
import type { Surrounding } from "./nginx-verdict.ts";

/** A configuration that nginx accepts, or nearly. */
export interface Seed {
  readonly text: string;
  readonly where: Surrounding;
}

const own: readonly Seed[] = [
  {
    where: "main",
    text: `worker_processes  1;
events {
    worker_connections 64; # enough
}
http {
    map $http_upgrade $connection_upgrade {
        default upgrade;
        ''      close;
    }
    types {
        text/html  html htm;
        "text/css" css;
    }
    log_format wide '$remote_addr "$request" '
                    "\${status} \\"quoted\\" \\\\ end";
    upstream chat {
        server 127.0.0.1:9001;
        server 127.0.0.1:9002 backup;
        keepalive 8;
    }
    server {
        listen 8080;
        server_name one.test "two.test" ~^www\\.(?<name>.+)\\.test$;
        location / {
            root /srv/www;
        }
        location ~ "^/ws/\\d{2,4}/$" {
            proxy_pass http://chat;
            proxy_http_version 1.1;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $connection_upgrade;
            if ($http_upgrade ~* "websocket") {
                set $what "yes {it} is;";
            }
            location ~ /ws/\\d+/inner {
                return 204;
            }
        }
    }
    server { listen 8081; location = /a { return 200 "a;b}"; } location = /b { return 301 /\${uri}x; } }
    server {
        listen 8082
               default_server;
        location /x { deny all; }
    }
}
`,
  },
  {
    where: "http",
    text: `geo $near {
    default 0;
    10.0.0.0/8 1; # at home
}
split_clients "\${remote_addr}x" $half {
    50% "one";
    *   'two';
}
server {
\tlisten 127.0.0.1:8090;\r
\tadd_header X-One 'it''s';
}
server {
  listen 8091;
  location / { try_files $uri @back; }

  location @back {
    # comment with { and ; and "quote
    proxy_pass http://127.0.0.1:81;
    proxy_set_header Host \\$host;
  }
}
`,
  },
  {
    where: "location",
    text: `proxy_pass http://127.0.0.1:81;
proxy_set_header Upgrade $http_upgrade;
proxy_set_header Connection "upgrade";
proxy_read_timeout 3600s;
`,
  },
];

/** Our own seeds, and the configurations among the fixtures and the examples, and in another folder if there is one. */
export function loadSeeds(root: string, more?: string): readonly Seed[] {
  const files = ["test/rules", "examples"].flatMap((folder) =>
    readTexts(join(root, folder), (name) => name.endsWith(".conf") && !name.includes(".fixed")),
  );
  const others = more === undefined ? [] : readTexts(more, () => true);
  return [...own, ...[...files, ...others].map((text) => ({ text: useAddresses(text), where: placeOf(text) }))];
}

function readTexts(folder: string, isWanted: (name: string) => boolean): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => isWanted(name) && statSync(join(folder, name)).isFile())
    .sort()
    .map((name) => readFileSync(join(folder, name), "utf8"));
}

/** Addresses for names: nothing shall be looked up. */
function useAddresses(text: string): string {
  return text
    .replace(/(https?:\/\/)[a-z][\w.-]*(?=[:/;])/g, "$1127.0.0.1")
    .replace(/(\bserver\s+)[a-z][\w.-]*(:\d+)?(?=[\s;])/g, "$1127.0.0.1$2");
}

function placeOf(text: string): Surrounding {
  const names = readDirectives(text)
    .directives.filter(({ parents }) => parents.length === 0)
    .map(({ name }) => name);
  if (names.includes("http") || names.includes("events")) return "main";
  if (names.includes("location")) return "server";
  if (names.some((name) => ["server", "upstream", "map"].includes(name))) return "http";
  return names.some((name) => name.startsWith("proxy_") || name === "return") ? "location" : "http";
}
