// The ways in which editors start the server.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import { Session, type SessionOptions } from "./lsp-session.ts";

const broken = `location /ws {
    proxy_pass http://127.0.0.1:8080;
    proxy_http_version 1.0;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection "upgrade";
    proxy_set_header Host $http_host;
    proxy_read_timeout 3600s;
}
`;

async function judge(t: TestContext, options: SessionOptions): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "nginx-websocket-start-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "ws.location"), broken);
  const session = await Session.start(options);
  t.after(() => session.kill());
  // The finding is in a file that the server has to read by itself.
  const found = session.next(pathToFileURL(join(folder, "ws.location")).toString());
  await session.open(
    pathToFileURL(join(folder, "nginx.conf")).toString(),
    "events { }\nhttp {\n  server {\n    include *.location;\n  }\n}\n",
  );
  assert.deepEqual(
    (await found).map(({ code }) => code),
    ["http-version-1-0"],
  );
  assert.equal(await session.stop(), 0);
  assert.equal(session.stderr.replace(/^.*ExperimentalWarning.*\n(?:\(Use `node.*\n)?/, ""), "");
}

test("with --stdio", (t) => judge(t, { serverArguments: ["--stdio"] }));

test("without arguments", (t) => judge(t, { serverArguments: [] }));

test("with --node-ipc", (t) => judge(t, { serverArguments: ["--node-ipc"], transport: "ipc" }));

const permissionFlag = ["--permission", "--experimental-permission"].find((flag) => {
  return process.allowedNodeEnvironmentFlags.has(flag);
});

test(
  "allowed only to read: no process, no worker, nothing written",
  { skip: permissionFlag === undefined ? "this Node has no permission model" : false },
  (t) => judge(t, { nodeArguments: [permissionFlag!, "--allow-fs-read=*"] }),
);
