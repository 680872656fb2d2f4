// What the model says without a running nginx: defaults of other versions, and what it leaves open.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browserRequest, readTarget } from "../server/core/model/client-request.ts";
import { Config } from "../server/core/model/config.ts";
import type { RequestKind } from "../server/core/model/request.ts";
import { serversOf } from "../server/core/model/server.ts";
import { upstreamRequest } from "../server/core/model/upstream-request.ts";
import { parseVersion } from "../server/core/nginx/version.ts";
import { Document } from "../server/core/syntax/document.ts";
import { describeOutcome } from "./model/compare.ts";

function play(server: string, kind: RequestKind, version?: string): readonly string[] {
  const text = `events {} http { server { listen 80; ${server} } }`;
  const config = new Config(new Document("/etc/nginx/nginx.conf", text), () => undefined);
  const [block] = serversOf(config.update("main", version === undefined ? undefined : parseVersion(version)));
  assert.ok(block);
  return describeOutcome(upstreamRequest(block, browserRequest(kind, "/ws")));
}

const bare = "location / { proxy_pass http://app.test:80; }";

test("the defaults of a version are those of its nginx", () => {
  assert.deepEqual(play(bare, "plain", "1.28.0"), [
    "GET /ws HTTP/1.0",
    "Host: app.test",
    "Connection: close",
    "User-Agent: ?",
  ]);
  assert.deepEqual(play(bare, "plain", "1.29.7"), ["GET /ws HTTP/1.1", "Host: app.test", "User-Agent: ?"]);
  assert.deepEqual(play(bare, "plain"), ["GET /ws HTTP/?", "Host: app.test", "Connection: ?", "User-Agent: ?"]);
});

test("of several Host headers newer versions send the last one", () => {
  const twice = `location / { proxy_set_header Host one; proxy_set_header host two; proxy_pass http://app.test; }`;
  const hosts = (version: string): readonly string[] =>
    play(twice, "plain", version).filter((line) => /^host:/i.test(line));
  assert.deepEqual(hosts("1.28.0"), ["Host: one", "host: two"]);
  assert.deepEqual(hosts("1.31.4"), ["host: two"]);
});

test("a browser's own headers go through, those of its connection do not", () => {
  assert.deepEqual(play(bare, "websocket", "1.28.0").slice(3), [
    "User-Agent: ?",
    "Origin: ?",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: ?",
  ]);
});

test("what differs from browser to browser stays open", () => {
  const lines = play(
    "location / { proxy_set_header Host $host; proxy_set_header X-Asked $request_uri; proxy_pass http://app.test; }",
    "websocket",
    "1.28.0",
  );
  assert.ok(lines.includes("Host: ?"));
  assert.ok(lines.includes("X-Asked: /ws"));
  assert.deepEqual(play("location / { if (-f /x) { return 404; } proxy_pass http://app.test; }", "plain"), [
    "unknown if (-f",
  ]);
});

test("a target is read as nginx reads it", () => {
  const path = (target: string): string | undefined => readTarget(target, "merged")?.path;
  assert.equal(path("/a//b/./c/../d"), "/a/b/d");
  assert.equal(path("/a/.."), "/");
  assert.equal(path("/a/b/."), "/a/b/");
  assert.equal(path("/%61%2Fb%3fc"), "/a/b?c");
  assert.equal(path("/a#b?c"), "/a");
  assert.equal(path("/../a"), undefined);
  assert.equal(path("/%zz"), undefined);
  assert.equal(path("/%00"), undefined);
  assert.equal(readTarget("/a//b", "kept")?.path, "/a//b");
  assert.equal(readTarget("/a?b?c#d", "merged")?.query, "b?c");
});
