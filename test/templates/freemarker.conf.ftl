<#-- FreeMarker, in both of its spellings: { and ; -->
[#ftl]
server {
    listen 80<#if plain??> default_server</#if>;
[#list names as name]
    server_name ${name};
[/#list]
    <#if websocket>
    location /ws {
        proxy_pass http://127.0.0.1:8080;
        #! warning missing-upgrade-headers
        proxy_http_version 1.1;
        proxy_read_timeout 1h;
        proxy_set_header Host $http_host;
    }
    </#if>
    location /maybe/ws {
        proxy_pass http://127.0.0.1:8080;
        proxy_http_version 1.1;
        proxy_read_timeout 1h;
        proxy_set_header Host $http_host;
        <#include "websocket.ftl">
    }
}
