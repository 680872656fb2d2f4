/** nginx configuration in files whose names do not say so: the part of a configuration that people open alone. */
export const nginxFiles: Readonly<Record<string, string>> = {
  "chat.conf": `server {
    listen 80;
    server_name chat.example.com;
    location /ws {
        proxy_pass http://127.0.0.1:8080;
    }
}
`,
  "whole.conf": `user www-data;
worker_processes auto;
events { worker_connections 1024; }
http { include mime.types; }
`,
  "upgrade.conf": `map $http_upgrade $connection_upgrade {
    default upgrade;
    '' close;
}
`,
  "ssl.conf": `# from the certificate tool
ssl_session_timeout 1440m;
ssl_protocols TLSv1.2 TLSv1.3;
`,
  "gzip.conf": `gzip on;
gzip_types text/plain;
`,
  "headers.conf": `add_header X-Frame-Options SAMEORIGIN always;
`,
  "backends.conf": `upstream app {
    least_conn;
    server 10.0.0.1:8080;
}
`,
  "limits.conf": `limit_req_zone $binary_remote_addr zone=one:10m rate=1r/s;
`,
  "acme.conf": `location ^~ /.well-known/acme-challenge/ {
    root /var/www/acme;
}
`,
  "redirect.conf": `server {
    listen 80;
    return 301 https://$host$request_uri;
}
`,
  "real-ip.conf": `set_real_ip_from 10.0.0.0/8;
real_ip_header X-Forwarded-For;
`,
  "template.conf": `server {
    listen \${PORT};
    location / { proxy_pass \${BACKEND}; }
}
`,
};
