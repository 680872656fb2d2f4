// The menu of the light bulb, title by title: what repairs, what explains, what makes a mistake stay.

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { CodeAction } from "vscode-languageserver/node";
import { Session } from "./lsp-session.ts";

const folder = "file:///srv/menu";
const rule = "missing-upgrade-headers";
const taste = "read-timeout-default";
const site = `server {
    listen 80;
    location /ws {
        proxy_pass http://127.0.0.1:8080;
    }
    location /ws/rooms {
        proxy_pass http://127.0.0.1:8080;
    }
}
`;

/** The menu on the lines from one word to another, for a client that can do everything. */
async function menuOf(t: TestContext, text: string, from: string, to: string): Promise<readonly CodeAction[]> {
  const session = await Session.start({
    workspaceFolder: folder,
    initializationOptions: { docs: "https://docs.example.com/rules", explainCommand: "show.page" },
    capabilities: {
      workspace: { configuration: true, workspaceEdit: { documentChanges: true, resourceOperations: ["create"] } },
    },
  });
  t.after(() => session.kill());
  const uri = `${folder}/site.conf`;
  const found = await session.open(uri, text);
  const lineOf = (word: string): number => text.slice(0, text.indexOf(word)).split("\n").length - 1;
  const range = { start: { line: lineOf(from), character: 0 }, end: { line: lineOf(to) + 1, character: 0 } };
  const diagnostics = found.filter(({ range: { start } }) => {
    return start.line >= range.start.line && start.line < range.end.line;
  });
  return session.actions(uri, range, { diagnostics, only: ["quickfix"] });
}

test("two mistakes in one place, one of them elsewhere too", async (t) => {
  const actions = await menuOf(t, site, "proxy_pass", "proxy_pass");
  assert.deepEqual(
    actions.map(({ title }) => title),
    [
      "Forward the Upgrade and Connection headers with a map for $connection_upgrade",
      "Let a quiet tunnel live for an hour",
      `Fix all ${rule} problems in this file`,
      `Explain ${rule}`,
      `Explain ${taste}`,
      `Allow ${rule} on this line`,
      `Allow ${rule} in this file`,
      `Allow ${taste} on this line`,
      `Allow ${taste} in this file`,
      `Turn ${rule} off for this project`,
      `Turn ${taste} off for this project`,
    ],
  );
  assert.deepEqual(
    actions.map(({ isPreferred }) => isPreferred === true),
    actions.map((_, index) => index === 0),
  );
  assert.ok(actions.every(({ diagnostics }) => diagnostics!.length > 0));
});

test("the repair that is preferred comes before a matter of taste above it", async (t) => {
  const text = `map $http_upgrade $connection_upgrade {
    default upgrade;
    '' '';
}
server {
    listen 80;
    location /ws {
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $connection_upgrade;
        proxy_http_version 1.1;
        proxy_pass http://127.0.0.1:8080;
    }
    location /socket.io/ {
        proxy_pass http://127.0.0.1:8081;
        proxy_read_timeout 1h;
    }
}
`;
  const [first, second] = await menuOf(t, text, "8080", "8081");
  assert.equal(first?.isPreferred, true);
  assert.equal(first.diagnostics?.[0]?.code, rule);
  assert.equal(second?.title, "Let a quiet tunnel live for an hour");
});
