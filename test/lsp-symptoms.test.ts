// “Explain a Symptom” as any editor can ask for it: workspace/executeCommand, answered with Markdown.

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { ExecuteCommandRequest } from "vscode-languageserver/node";
import { Session, type SessionOptions } from "./lsp-session.ts";

const command = "nginxWebsocket.explainSymptom";

const broken = `server {
    listen 80;
    location /ws {
        proxy_pass http://127.0.0.1:8080;
        proxy_read_timeout 75s;
    }
}
`;

interface Explanation {
  readonly recognised: boolean;
  readonly markdown: string;
}

async function start(t: TestContext, options: SessionOptions = {}): Promise<Session> {
  const session = await Session.start(options);
  t.after(() => session.kill());
  return session;
}

function explain(session: Session, ...given: unknown[]): Promise<Explanation> {
  return session.connection.sendRequest(ExecuteCommandRequest.type, { command, arguments: given });
}

test("the server offers the command and explains with links to pages and to the open configuration", async (t) => {
  const session = await start(t, { initializationOptions: { docs: "https://docs.example.com/rules" } });
  const { commands = [] } = session.initializeResult?.capabilities.executeCommandProvider ?? {};
  assert.ok(commands.includes(command), commands.join(", "));
  const uri = "file:///srv/chat%20(old)/site.conf";
  await session.open(uri, broken);
  const { recognised, markdown } = await explain(session, "Unexpected response code: 426");
  assert.equal(recognised, true);
  assert.match(markdown, /^# The handshake is answered with `426`\n/);
  assert.match(
    markdown,
    /\[site\.conf:4\]\(file:\/\/\/srv\/chat%20%28old%29\/site\.conf#L4\): \[missing-upgrade-headers\]\(https:\/\/docs\.example\.com\/rules\/missing-upgrade-headers\.md\): /,
  );
  const timed = await explain(session, "closes after 75 s");
  assert.match(timed.markdown, /#L5\): `proxy_read_timeout 75s`, that is 75 s$/m);
});

test("an edit changes the answer, and without an open file there is still one", async (t) => {
  const session = await start(t);
  const uri = "file:///srv/site.conf";
  assert.match((await explain(session, "1006")).markdown, /^# Close code `1006`/);
  await session.open(uri, broken);
  await session.sendChange(uri, 2, [{ text: "# nothing\n" }]);
  assert.doesNotMatch((await explain(session, "426")).markdown, /In your configuration/);
});

test("what is not known is said, and malformed arguments end nothing", async (t) => {
  const session = await start(t);
  const { recognised, markdown } = await explain(session, "hello");
  assert.equal(recognised, false);
  assert.match(markdown, /^# Not recognised\n/);
  for (const given of [[], [42], [null], [{}], ["x".repeat(2_000_000)]]) {
    assert.equal((await explain(session, ...given)).recognised, false);
  }
  assert.equal(await session.connection.sendRequest(ExecuteCommandRequest.type, { command: "other" }), null);
  assert.equal(await session.stop(), 0);
});
