import assert from "node:assert/strict";
import * as vscode from "vscode";
import { nginxFiles } from "../../association/nginx-files.ts";
import { otherPrograms } from "../../association/other-programs.ts";
import { cleanUp, fileOf, findingsOf, openNew, show, waitForFindings, waitForRule } from "./editor.ts";
import { runSuites } from "./mocha.ts";

/** What VS Code calls to run the tests; throws when one fails. */
export async function run(): Promise<void> {
  await runSuites(async () => {
    describe("a workspace that nobody trusts", () => {
      afterEach(cleanUp);

      it("is judged, and its own settings of folders are ignored", async () => {
        assert.equal(vscode.workspace.isTrusted, false);
        const { uri } = (await show(fileOf("nginx.conf"))).document;
        const finding = await waitForRule(uri, "host-not-forwarded");
        // This setting of the workspace counts, so its settings were read.
        assert.equal(finding.severity, vscode.DiagnosticSeverity.Error);
        // Files are judged in the order of their includes, so this one comes after the other.
        await waitForRule(fileOf("beside.conf"), "host-not-forwarded");
        assert.deepEqual(findingsOf(fileOf("elsewhere/chat.conf")), []);
      });

      it("is judged as the user wants it, wherever the folders lie", async () => {
        const settings = vscode.workspace.getConfiguration("nginxWebsocket");
        const folder = fileOf("elsewhere").fsPath;
        await settings.update("includeRoots", { "/opt/chat": folder }, vscode.ConfigurationTarget.Global);
        await show(fileOf("nginx.conf"));
        await waitForRule(fileOf("elsewhere/chat.conf"), "missing-upgrade-headers");
        await settings.update("includeRoots", undefined, vscode.ConfigurationTarget.Global);
        await waitForFindings(fileOf("elsewhere/chat.conf"), "nothing", (findings) => findings.length === 0);
      });
    });

    describe("beside an extension that calls every .conf NGINX", () => {
      afterEach(cleanUp);

      it("nginx configuration is judged under that name, and under ours where the name says so", async () => {
        const { document } = await openNew("own/site.conf", nginxFiles["chat.conf"]!);
        assert.equal(document.languageId, "NGINX");
        await waitForRule(document.uri, "missing-upgrade-headers");
        const named = (await openNew("conf.d/site.conf", nginxFiles["chat.conf"]!)).document;
        assert.equal(named.languageId, "nginx");
        await waitForRule(named.uri, "missing-upgrade-headers");
      });

      it("files of other programs are left alone", async () => {
        const uris: vscode.Uri[] = [];
        for (const name of ["redis.conf", "httpd.conf", "named.conf", "dhcpd.conf"]) {
          const { document } = await openNew(`other/${name}`, otherPrograms[name]!);
          assert.equal(document.languageId, "NGINX");
          uris.push(document.uri);
        }
        const last = (await openNew("own/last.conf", nginxFiles["chat.conf"]!)).document;
        await waitForRule(last.uri, "missing-upgrade-headers");
        for (const uri of uris) assert.deepEqual(findingsOf(uri), [], uri.path);
      });
    });
  });
}
