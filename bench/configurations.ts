import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

// Configurations that nginx itself accepts wherever they lie, so that it can be measured beside us: it is started in
// their folder, listens on a socket there and writes nothing outside.

const HEAD = `pid nginx.pid;
error_log error.log;

events {
    worker_connections 1024;
}

http {
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    server_names_hash_max_size 262144;

    map $http_upgrade $connection_upgrade {
        default upgrade;
        ''      close;
    }

`;

const HANDSHAKE = `            proxy_http_version 1.1;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $connection_upgrade;
            proxy_set_header Host $host;
            proxy_read_timeout 3600s;
`;

/** How the chat of one site in ten is broken, in turn. */
const MISTAKES: readonly ((handshake: string) => string)[] = [
  (handshake) => handshake.replace(/.*Upgrade \$http_upgrade;\n/, ""),
  (handshake) => handshake.replace(/.*(?:Upgrade|Connection) \$.*\n/g, ""),
  (handshake) => handshake.replace("$connection_upgrade", "keep-alive"),
  (handshake) => handshake.replace(/.*proxy_read_timeout.*\n/, ""),
];

/** One site of a hosting company: an upstream, and a server with a shop and its chat. */
function makeSite(number: number): string {
  const spoil = number % 10 === 9 ? MISTAKES[Math.floor(number / 10) % MISTAKES.length] : undefined;
  return `    # Site ${number}: the shop of customer ${number % 97}, moved here from the old machine.
    upstream app_${number} {
        server 127.0.${number % 200}.7:8080 max_fails=3 fail_timeout=10s;
        server 127.0.${number % 200}.8:8080 backup;
        keepalive 16;
    }

    server {
        listen unix:http.sock;
        server_name site${number}.example.com www.site${number}.example.com;
        add_header Strict-Transport-Security "max-age=63072000; includeSubDomains" always;

        location / {
            root /srv/www/site${number};
            try_files $uri $uri/ /index.html;
        }

        # The chat of the shop.
        location /ws/ {
            proxy_pass http://app_${number};
${spoil?.(HANDSHAKE) ?? HANDSHAKE}        }

        location ~* \\.(?:css|js|png|jpe?g)$ {
            expires 30d;
            if ($arg_v = "") { return 404; }
        }
    }

`;
}

/** A whole configuration in one text, of at least this many characters. */
export function makeConfiguration(length: number): string {
  const parts = [HEAD];
  for (let sum = HEAD.length, number = 0; sum < length; number++) {
    const site = makeSite(number);
    parts.push(site);
    sum += site.length;
  }
  parts.push("}\n");
  return parts.join("");
}

/** Writes a configuration as one file, nginx.conf. */
export function writeSingle(folder: string, length: number): void {
  mkdirSync(folder);
  writeFileSync(join(folder, "nginx.conf"), makeConfiguration(length));
}

/** Writes a nginx.conf that includes this many files of one site each. */
export function writeTree(folder: string, files: number): void {
  mkdirSync(join(folder, "sites"), { recursive: true });
  for (let number = 0; number < files; number++) {
    writeFileSync(join(folder, "sites", `site-${number}.conf`), makeSite(number));
  }
  writeFileSync(join(folder, "nginx.conf"), `${HEAD}    include sites/*.conf;\n}\n`);
}
