// “Explain RULE” among the quick fixes, for clients that have a command that shows a page.

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { CodeAction, Diagnostic } from "vscode-languageserver/node";
import { Session } from "./lsp-session.ts";

const uri = "file:///srv/site.conf";
const rule = "missing-upgrade-headers";
const site = `server {
    listen 80;
    location /ws {
        proxy_pass http://127.0.0.1:8080;
        proxy_read_timeout 1h;
    }
}
`;

/** The quick fixes at the mistake, for a client that was started with these options. */
async function actionsWith(t: TestContext, initializationOptions: unknown): Promise<readonly CodeAction[]> {
  const session = await Session.start({ initializationOptions });
  t.after(() => session.kill());
  const finding = (await session.open(uri, site)).find(({ code }) => code === rule) as Diagnostic;
  return session.actions(uri, finding.range, { diagnostics: [finding], only: ["quickfix"] });
}

test("it stands between the repairs and the comments that allow the mistake, with the client's command", async (t) => {
  const actions = await actionsWith(t, { docs: "https://docs.example.com/rules", explainCommand: "show.page" });
  const kinds = actions.map(({ title }) => /^(?:Explain|Allow)\b/.exec(title)?.[0] ?? "repair");
  assert.deepEqual([...new Set(kinds)], ["repair", "Explain", "Allow"]);
  const explanation = actions.find(({ title }) => title === `Explain ${rule}`);
  assert.deepEqual(explanation?.command, { title: `Explain ${rule}`, command: "show.page", arguments: [rule] });
  assert.equal(explanation?.edit, undefined);
  assert.equal(explanation?.isPreferred, undefined);
  assert.deepEqual(
    explanation?.diagnostics?.map(({ code }) => code),
    [rule],
  );
});

test("other clients do not get a command that they do not know", async (t) => {
  const actions = await actionsWith(t, { docs: "https://docs.example.com/rules", explainCommand: 42 });
  assert.ok(actions.length > 0);
  assert.deepEqual(
    actions.filter(({ command, title }) => command !== undefined || /^Explain/.test(title)),
    [],
  );
});
