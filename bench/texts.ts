/** A configuration as a hosting company has it: comments, an upstream and a server for each site, all in one `http`. */
export function makeSites(units: number): string {
  const parts = ["user www-data;\nworker_processes auto;\n\nevents {\n    worker_connections 1024;\n}\n\nhttp {\n"];
  parts.push(
    "    map $http_upgrade $connection_upgrade {\n        default upgrade;\n        ''      close;\n    }\n\n",
  );
  for (let length = 300, number = 0; length < units; number++) {
    const site = makeSite(number);
    parts.push(site);
    length += site.length;
  }
  parts.push("}\n");
  return parts.join("");
}

function makeSite(number: number): string {
  return `    # Site ${number}: the shop of customer ${number % 97}, moved here from the old machine.
    upstream app_${number} {
        server 10.0.${number % 200}.7:8080 max_fails=3 fail_timeout=10s;
        server 10.0.${number % 200}.8:8080 backup;
        keepalive 16;
    }

    server {
        listen 443 ssl;
        server_name site${number}.example.com www.site${number}.example.com;
        ssl_certificate /etc/ssl/site${number}/fullchain.pem;
        ssl_certificate_key /etc/ssl/site${number}/key.pem;
        access_log /var/log/nginx/site${number}.log combined;
        add_header Strict-Transport-Security "max-age=63072000; includeSubDomains" always;

        location / {
            root /srv/www/site${number};
            try_files $uri $uri/ /index.html;
        }

        # The chat of the shop.
        location /ws/ {
            proxy_pass http://app_${number};
            proxy_http_version 1.1;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $connection_upgrade;
            proxy_set_header Host $host;
            proxy_read_timeout 3600s;
        }

        location ~* \\.(?:css|js|png|jpe?g)$ {
            expires 30d;
            if ($arg_v = "") { return 404; }
        }
    }

`;
}

/** One `http` with one `server` whose locations go on and on, written densely: the worst shape for cutting. */
export function makeOneServer(units: number): string {
  const parts = ["http { server { listen 80;\n"];
  for (let length = 30, number = 0; length < units; number++) {
    const location = `location /a${number} { proxy_pass http://10.0.0.${number % 250}; proxy_set_header X $host; }\n`;
    parts.push(location);
    length += location.length;
  }
  parts.push("} }\n");
  return parts.join("");
}
