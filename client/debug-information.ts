import {
  commands,
  type Disposable,
  type ExtensionContext,
  env,
  l10n,
  UIKind,
  type Uri,
  version,
  window,
  workspace,
} from "vscode";
import { type BaseLanguageClient, State } from "vscode-languageclient";
import { describe } from "./describe.ts";
import { shortenPaths, shortName } from "./short-paths.ts";
import { statusText } from "./status-text.ts";

/** Writes into the log what everybody asks for first. */
export function logVersions({ outputChannel }: BaseLanguageClient, context: ExtensionContext): void {
  const line = `extension ${context.extension.packageJSON.version} in ${hostLine()}`;
  if ("info" in outputChannel && typeof outputChannel.info === "function") outputChannel.info(line);
  else outputChannel.appendLine(line);
}

/** Registers the command that copies what a bug report needs, and nothing of what the configuration says. */
export function registerDebugInformation(client: BaseLanguageClient, context: ExtensionContext): Disposable {
  return commands.registerCommand("nginx-websocket.copyDebugInformation", async () => {
    await env.clipboard.writeText(await debugInformation(client, context));
    void window.showInformationMessage(
      l10n.t("Debug information is in the clipboard: no contents, no folders outside of the workspace."),
    );
  });
}

/** The Markdown for a bug report. It is for maintainers, so it is not translated. */
async function debugInformation(client: BaseLanguageClient, context: ExtensionContext): Promise<string> {
  const document = window.activeTextEditor?.document;
  const description = await describe(client, document?.uri);
  const status = description && statusText(description);
  const roots = description?.roots ?? [];
  const findings = Object.entries(description?.findings ?? {}).map(([rule, count]) => `${rule} × ${count}`);
  const unresolved = roots.flatMap((root) =>
    root.unresolved.map((include) => `- include ${shortenPaths(include)} (${nameOf(client, root.uri)})`),
  );
  return [
    "### nginx WebSocket",
    "",
    `- extension ${context.extension.packageJSON.version}, language server ${stateNames[client.state] ?? "in an unknown state"}, on ${description?.runtime ?? "a runtime that is not known"}`,
    `- ${hostLine()}`,
    `- workspace ${workspace.isTrusted ? "trusted" : "not trusted"}, ${workspace.workspaceFolders?.length ?? 0} folder(s), ${description?.files ?? 0} configuration file(s) in use`,
    "",
    "#### Active file",
    "",
    ...(document === undefined
      ? ["None."]
      : [
          `- ${shortName(document.uri)}: language ${document.languageId}, scheme ${document.uri.scheme}, ${document.getText().length} characters, ${document.lineCount} lines${document.isDirty ? ", not saved" : ""}`,
          ...(status === undefined ? [] : [`- ${status.text} (${status.detail || "no details"})`]),
          ...roots.map(({ uri, context: level, files }) => `- root ${nameOf(client, uri)}: ${level}, ${files} file(s)`),
          `- findings: ${findings.join(", ") || "none"}`,
        ]),
    ...(unresolved.length === 0 ? [] : ["", "#### Includes that lead nowhere", "", ...unresolved]),
    "",
    "#### Settings that differ from the defaults",
    "",
    "```json",
    shortenPaths(JSON.stringify(changedSettings(context, document?.uri), undefined, 2)),
    "```",
    "",
    "#### Last errors",
    "",
    ...(description?.errors.length ? ["```text", ...description.errors.map(shortenPaths), "```"] : ["None."]),
    "",
  ].join("\n");
}

const stateNames: Readonly<Record<number, string>> = {
  [State.Stopped]: "stopped",
  [State.Starting]: "starting",
  [State.Running]: "running",
};

/** The editor, and where it runs this extension. */
function hostLine(): string {
  const place = env.remoteName === undefined ? "local" : `remote: ${env.remoteName}`;
  const window = env.uiKind === UIKind.Web ? "in a browser" : "desktop";
  return `${env.appName} ${version}, ${window}, extension host ${hostName()}, ${place}, language ${env.language}`;
}

/** A browser has workers, Node has a process; one of the two is there. */
function hostName(): string {
  const { process } = globalThis as { process?: { readonly versions?: { readonly node?: string } } };
  return process?.versions?.node === undefined ? "web worker" : `Node.js ${process.versions.node}`;
}

function nameOf(client: BaseLanguageClient, uri: string): string {
  return shortName(client.protocol2CodeConverter.asUri(uri));
}

/** The values that somebody set, as they count for this document. */
function changedSettings(context: ExtensionContext, scope: Uri | undefined): Readonly<Record<string, unknown>> {
  const properties: object = context.extension.packageJSON.contributes?.configuration?.properties ?? {};
  const settings = workspace.getConfiguration(undefined, scope ?? null);
  return Object.fromEntries(
    Object.keys(properties).flatMap((name) => {
      const value = settings.get(name);
      const isDefault = JSON.stringify(value) === JSON.stringify(settings.inspect(name)?.defaultValue);
      return isDefault ? [] : [[name, value]];
    }),
  );
}
