/** Files named .conf that belong to other programs, as people have them. None of them is nginx configuration. */
export const otherPrograms: Readonly<Record<string, string>> = {
  "redis.conf": `# Redis configuration file
bind 127.0.0.1 -::1
protected-mode yes
port 6379
tcp-backlog 511
timeout 0
tcp-keepalive 300
daemonize no
logfile ""
databases 16
save 3600 1 300 100
maxmemory 256mb
maxmemory-policy allkeys-lru
`,
  "httpd.conf": `ServerRoot "/etc/httpd"
Listen 80
Include conf.modules.d/*.conf
User apache
<Directory />
    AllowOverride none
    Require all denied
</Directory>
<VirtualHost *:80>
    ServerName www.example.com
    ProxyPass /ws ws://127.0.0.1:8080/ws
    RewriteCond %{HTTP:Upgrade} =websocket [NC]
    RewriteRule /(.*) ws://127.0.0.1:8080/$1 [P,L]
</VirtualHost>
`,
  "apache-proxy.conf": `LoadModule proxy_module modules/mod_proxy.so
ProxyPass "/ws" "http://127.0.0.1:8080/ws" upgrade=websocket
ProxyTimeout 3600
`,
  "chat.service.conf": `[Unit]
Description=Chat; behind nginx
After=network.target

[Service]
ExecStart=/usr/bin/node server.js
Restart=always
`,
  "application.conf": `# Akka, Play
akka {
  http {
    server {
      idle-timeout = 60 s
      websocket.periodic-keep-alive-max-idle = 10 s
    }
  }
}
play.server.http.port = 9000
include "shared.conf"
`,
  "play.conf": `include "base"
http {
  port: 9000
  address: "0.0.0.0"
}
`,
  "supervisord.conf": `; the supervisor's own socket
[unix_http_server]
file=/tmp/supervisor.sock   ; the path to the socket file

[program:chat]
command=/usr/bin/node server.js
autostart=true
`,
  "haproxy.conf": `global
    daemon
    maxconn 4096
defaults
    mode http
    timeout tunnel 1h
frontend web
    bind *:80
    default_backend app
backend app
    server app1 127.0.0.1:8080 check
`,
  "postgresql.conf": `# - Connection Settings -
listen_addresses = '*'          # what IP address(es) to listen on;
port = 5432
max_connections = 100
shared_buffers = 128MB
log_timezone = 'Etc/UTC'
`,
  "pg_hba.conf": `# TYPE  DATABASE  USER  ADDRESS  METHOD
local   all       all            peer
host    all       all   ::1/128  scram-sha-256
`,
  "named.conf": `include "/etc/bind/named.conf.options";
acl internal { 10.0.0.0/8; };
options {
    directory "/var/cache/bind";
    listen-on { any; };
    allow-query { internal; };
    recursion yes;
};
server 192.0.2.1 { bogus yes; };
zone "example.com" {
    type master;
    file "/etc/bind/db.example.com";
};
`,
  "rndc.conf": `key "rndc-key" {
    algorithm hmac-sha256;
    secret "c2VjcmV0";
};
options {
    default-server 127.0.0.1;
    default-port 953;
};
`,
  "dhcpd.conf": `authoritative;
default-lease-time 600;
ddns-update-style none;
allow booting;
option arch code 93 = unsigned integer 16;
subnet 10.0.0.0 netmask 255.255.255.0 {
    range 10.0.0.10 10.0.0.100;
    option routers 10.0.0.1;
    if (option arch = 00:07) {
        filename "bootx64.efi";
    } else {
        filename "pxelinux.0";
    }
}
host printer { hardware ethernet 00:11:22:33:44:55; fixed-address 10.0.0.5; }
`,
  "dhcpd-pxe.conf": `allow booting;
allow bootp;
deny unknown-clients;
if (exists user-class) {
    filename "ipxe.efi";
}
`,
  "www.conf": `; PHP-FPM pool
[www]
user = www-data
listen = /run/php/php-fpm.sock
pm.max_children = 5
`,
  "my.conf": `[mysqld]
user = mysql
bind-address = 127.0.0.1
max_allowed_packet = 16M
!includedir /etc/mysql/conf.d/
`,
  "racoon.conf": `path pre_shared_key "/etc/racoon/psk.txt";
path certificate "/etc/racoon/certs";
log notify;
listen {
    isakmp 192.0.2.1;
}
remote anonymous {
    exchange_mode main,aggressive;
    my_identifier address;
    proposal {
        encryption_algorithm aes;
        hash_algorithm sha256;
        authentication_method pre_shared_key;
        dh_group modp2048;
    }
}
`,
  "unrealircd.conf": `include "modules.default.conf";
me {
    name "irc.example.org";
    sid "001";
}
listen {
    ip *;
    port 6697;
    options { tls; }
}
allow {
    mask *;
    class clients;
    maxperip 3;
}
set {
    network-name "Example";
    default-server "irc.example.org";
}
`,
  "syslog-ng.conf": `@version: 3.38
@include "scl.conf"
options { chain_hostnames(off); flush_lines(0); use_dns(no); };
source s_src { system(); internal(); };
destination d_mail { file("/var/log/mail.log"); };
log { source(s_src); destination(d_mail); };
`,
  "rsyslog.conf": `module(load="imuxsock")
$FileOwner root
$IncludeConfig /etc/rsyslog.d/*.conf
if $programname == 'chat' then {
    action(type="omfile" file="/var/log/chat.log")
    stop
}
*.*;auth,authpriv.none -/var/log/syslog
`,
  "nftables.conf": `#!/usr/sbin/nft -f
flush ruleset
table inet filter {
    set blocked { type ipv4_addr; flags timeout; }
    chain input {
        type filter hook input priority 0; policy drop;
        ct state established,related accept
        tcp dport { 80, 443 } accept
    }
}
`,
  "nftables-include.conf": `table inet filter {
    chain input {
        type filter hook input priority 0; policy accept;
    }
}
`,
  "bird.conf": `log syslog all;
router id 192.0.2.1;
protocol kernel { scan time 60; import none; export all; }
protocol bgp upstream4 {
    local as 65000;
    neighbor 192.0.2.2 as 65001;
    source address 192.0.2.1;
    ipv4 { import filter { if (net ~ [10.0.0.0/8]) then reject; accept; }; };
}
`,
  "router.conf": `system {
    host-name edge1;
    services {
        ssh;
        web-management { https { system-generated-certificate; } }
    }
    ntp { server 192.0.2.123; }
}
interfaces {
    ge-0/0/0 { unit 0 { family inet { address 192.0.2.1/24; } } }
}
`,
  "radvd.conf": `interface eth0 {
    AdvSendAdvert on;
    prefix 2001:db8::/64 { AdvOnLink on; };
};
`,
  "jail.conf": `exec.start = "/bin/sh /etc/rc";
mount.devfs;
www {
    host.hostname = www.example.com;
    allow.raw_sockets;
}
`,
  "amavisd.conf": `use strict;
$max_servers = 2;
$daemon_user = 'amavis';
@local_domains_maps = ( [".$mydomain"] );
if ($mydomain) { return; }
1;
`,
  "kamailio.conf": `#!KAMAILIO
debug=2
listen=udp:192.0.2.1:5060
loadmodule "tm.so"
request_route {
    if (is_method("REGISTER")) { save("location"); exit; }
    if ($rU==$null) { sl_send_reply("484", "Address Incomplete"); return; }
}
`,
  "lighttpd.conf": `server.modules = ( "mod_proxy" )
server.port = 80
include "mime.conf"
$HTTP["host"] == "example.com" {
    proxy.server = ( "" => ( ( "host" => "127.0.0.1", "port" => 8080 ) ) )
}
`,
  "squid.conf": `acl localnet src 10.0.0.0/8
http_access allow localnet
http_port 3128
cache_dir ufs /var/spool/squid 100 16 256
`,
  "logstash.conf": `input { beats { port => 5044 } }
filter { if [type] == "nginx" { grok { match => { "message" => "%{COMBINEDAPACHELOG}" } } } }
output { elasticsearch { hosts => ["localhost:9200"] } }
`,
  "fluent.conf": `<source>
  @type tail
  path /var/log/nginx/access.log
</source>
<match **>
  @type stdout
</match>
`,
  "fonts.conf": `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>/usr/share/fonts</dir></fontconfig>
`,
  "logrotate.conf": `weekly
rotate 4
/var/log/nginx/*.log {
    daily
    postrotate
        nginx -s reopen
    endscript
}
`,
  "keepalived.conf": `global_defs {
    router_id edge1
}
vrrp_instance VI_1 {
    state MASTER
    interface eth0
    virtual_ipaddress { 192.0.2.10 }
}
virtual_server 192.0.2.10 80 {
    lb_algo rr
    real_server 192.0.2.11 80 { weight 1 }
}
`,
  "dovecot.conf": `protocols = imap lmtp
ssl = required
service imap-login {
  inet_listener imap { port = 143 }
}
`,
  "freeradius.conf": `server default {
  listen {
    type = auth
    port = 0
  }
}
`,
  "openbsd-httpd.conf": `server "www.example.com" {
    listen on * port 80
    location "/.well-known/acme-challenge/*" {
        root "/acme"
        request strip 2
    }
}
`,
  "libvirtd.conf": `listen_tls = 0
unix_sock_group = "libvirt"
`,
  "sysctl.conf": `net.core.somaxconn = 4096
net.ipv4.tcp_tw_reuse = 1
`,
  "pf.conf": `set skip on lo
block all
pass in proto tcp to port { 80 443 }
`,
  "sshd.conf": `Host *.example.com
    User deploy
    Port 22
    ServerAliveInterval 60
`,
  "tmux.conf": `set -g mouse on
bind r source-file ~/.tmux.conf; display "reloaded"
`,
  "mongod.conf": `storage:
  dbPath: /var/lib/mongodb
net:
  port: 27017
`,
  "comments.conf": `# Nothing in here yet.
`,
};
