upstream %application% {
    %servers%
    {SERVERS}
}
server {
    listen %ip%:%port%;
    server_name %domain% {ALIASES};
    root {ROOT}/public;
    include %home%/%user%/nginx.conf*;
    location ~ ^.+\.(%extensions%)$ {
        expires 30d;
    }
    location /ws {
        proxy_pass http://%application%;
        #! warning missing-upgrade-headers
        proxy_http_version {VERSION};
        proxy_read_timeout %timeout%;
        proxy_set_header Host $http_host;
    }
    location /maybe/ws {
        proxy_pass http://{BACKEND};
        %directives%
    }
    location /%E4%BD%A0/ {
        return 204;
    }
}
