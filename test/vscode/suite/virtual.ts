import assert from "node:assert/strict";
import * as vscode from "vscode";
import {
  actionsAt,
  apply,
  cleanUp,
  fileOf,
  isClean,
  openNew,
  waitForFindings,
  waitForLanguage,
  waitForRule,
  writeNew,
} from "./editor.ts";

const location = "location /ws {\n    proxy_pass http://127.0.0.1:8080;\n    include parts/upgrade;\n}\n";

describe("a workspace without a disk", () => {
  afterEach(cleanUp);

  it("has its includes read through the editor, one by one and by pattern", async () => {
    const part = await writeNew("virtual/parts/chat.inc", location.replace("    include parts/upgrade;\n", ""));
    const { document } = await openNew(
      "virtual/nginx.conf",
      "events {}\nhttp {\n    server {\n        listen 80;\n        include parts/*.inc;\n    }\n}\n",
    );
    assert.notEqual(document.uri.scheme, "file");
    await waitForRule(part, "missing-upgrade-headers");
    await vscode.window.activeTextEditor!.edit((edit) =>
      edit.insert(new vscode.Position(0, 0), "include gone.conf;\n"),
    );
    await waitForRule(document.uri, "include-not-found");
  });

  it("has the main configuration found that includes an open file", async () => {
    await writeNew(
      "rooted/nginx.conf",
      `events {}
http {
    proxy_http_version 1.1;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection upgrade;
    include conf.d/*.conf;
}
`,
    );
    // Without the main file nobody could say that these headers were there.
    const { document } = await openNew(
      "rooted/conf.d/site.conf",
      `server {
    location /ws { proxy_pass http://127.0.0.1:8080; }
    location /socket.io/ {
        proxy_set_header X-Other yes;
        proxy_pass http://127.0.0.1:8080;
    }
}
`,
    );
    const finding = await waitForRule(document.uri, "headers-lost-by-inheritance");
    assert.equal(finding.range.start.line, 3);
  });

  it("has its files repaired by a quick fix", async () => {
    const { document } = await openNew(
      "fixed.conf",
      "server {\n    listen 80;\n    location /ws {\n        proxy_pass http://127.0.0.1:8080;\n    }\n}\n",
    );
    await waitForLanguage(document, "nginx");
    const finding = await waitForRule(document.uri, "missing-upgrade-headers");
    const [fix] = await actionsAt(document.uri, finding.range);
    assert.equal(fix!.isPreferred, true);
    await apply(fix!);
    await waitForFindings(document.uri, "no error and no warning", isClean);
    assert.match(document.getText(), /proxy_set_header\s+Upgrade\s+\$http_upgrade;/);
  });

  it("has its files repaired by the command", async () => {
    const { document } = await openNew(
      "fixed-all.conf",
      "server {\n    listen 80;\n    location /ws {\n        proxy_pass http://127.0.0.1:8080;\n    }\n}\n",
    );
    await waitForRule(document.uri, "missing-upgrade-headers");
    await vscode.commands.executeCommand("nginx-websocket.fixAll");
    await waitForFindings(fileOf("fixed-all.conf"), "no error and no warning", isClean);
  });

  it("has the pages of the rules", async () => {
    const uri = vscode.Uri.from({ scheme: "nginx-websocket-docs", path: "/missing-upgrade-headers.md" });
    const page = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    assert.match(page, /^# missing-upgrade-headers\n/);
  });

  it("can show the output", async () => {
    await vscode.commands.executeCommand("nginx-websocket.showOutput");
  });
});
