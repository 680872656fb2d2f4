import {
  commands,
  type Disposable,
  LanguageStatusSeverity,
  l10n,
  languages,
  type QuickPickItem,
  type TextDocument,
  window,
  workspace,
} from "vscode";
import { type BaseLanguageClient, State } from "vscode-languageclient";
import { type Description, describe } from "./describe.ts";
import { isNginx, nginxSelector } from "./language.ts";
import { fileNameOf, statusText } from "./status-text.ts";

/** Milliseconds without an event before the server is asked: bursts of diagnostics and of typing cost one question. */
const rest = 250;

/** Shows beside the language of a file how it is judged, and whether the server is there; with a command for details. */
export function registerStatus(client: BaseLanguageClient): Disposable[] {
  const item = languages.createLanguageStatusItem("nginx-websocket.status", nginxSelector);
  item.name = "nginx WebSocket";
  let timer: ReturnType<typeof setTimeout> | undefined;
  let question = 0;

  function showState(state: State): void {
    item.busy = state === State.Starting;
    if (state === State.Stopped) {
      item.severity = LanguageStatusSeverity.Error;
      item.text = l10n.t("The language server stopped");
      item.detail = l10n.t("Nothing is checked.");
      item.command = { command: "nginx-websocket.restartServer", title: l10n.t("Restart") };
      return;
    }
    item.severity = LanguageStatusSeverity.Information;
    item.command = { command: "nginx-websocket.showStatus", title: l10n.t("Actions…") };
    if (state === State.Starting) {
      item.text = l10n.t("starting…");
      item.detail = "";
    }
  }

  function ask(): void {
    clearTimeout(timer);
    timer = setTimeout(() => void update(), rest);
  }

  async function update(): Promise<void> {
    const document = window.activeTextEditor?.document;
    if (!isNginx(document)) return;
    const asked = ++question;
    const description = await describe(client, document.uri);
    if (description === undefined || asked !== question) return;
    const { text, detail, severity } = statusText(description);
    item.text = text;
    item.detail = detail;
    item.severity = severity === "warning" ? LanguageStatusSeverity.Warning : LanguageStatusSeverity.Information;
  }

  const isActive = (document: TextDocument): boolean => document === window.activeTextEditor?.document;
  showState(State.Starting);
  return [
    item,
    { dispose: () => clearTimeout(timer) },
    client.onDidChangeState(({ newState }) => {
      question += 1;
      showState(newState);
      ask();
    }),
    window.onDidChangeActiveTextEditor(ask),
    workspace.onDidChangeTextDocument(({ document }) => {
      if (isActive(document)) ask();
    }),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("nginxWebsocket")) ask();
    }),
    languages.onDidChangeDiagnostics(({ uris }) => {
      const shown = window.activeTextEditor?.document.uri.toString();
      if (uris.some((uri) => uri.toString() === shown)) ask();
    }),
    commands.registerCommand("nginx-websocket.showStatus", () => showStatus(client)),
  ];
}

interface Choice extends QuickPickItem {
  run(): Thenable<unknown>;
}

/** What can be done about the state of the active file, as a list. */
async function showStatus(client: BaseLanguageClient): Promise<void> {
  const document = window.activeTextEditor?.document;
  const description = await describe(client, isNginx(document) ? document.uri : undefined);
  const command = (id: string, label: string, ...given: unknown[]): Choice => {
    return { label, run: () => commands.executeCommand(id, ...given) };
  };
  const choices = [
    ...(description === undefined ? [] : rootChoices(client, description, document)),
    command("workbench.action.openSettings", l10n.t("$(gear) Set the nginx version"), "nginxWebsocket.nginxVersion"),
    command("nginx-websocket.explainSymptom", l10n.t("$(question) Explain a symptom…")),
    command("nginx-websocket.openRuleDocs", l10n.t("$(book) Open rule documentation…")),
    command("nginx-websocket.showOutput", l10n.t("$(output) Show output")),
    command("nginx-websocket.copyDebugInformation", l10n.t("$(copy) Copy debug information")),
    command("nginx-websocket.restartServer", l10n.t("$(refresh) Restart language server")),
  ];
  const status = description && statusText(description);
  const chosen = await window.showQuickPick(choices, {
    title: "nginx WebSocket",
    placeHolder: status === undefined ? l10n.t("The language server stopped") : `${status.text} · ${status.detail}`,
  });
  await chosen?.run();
}

function rootChoices(
  client: BaseLanguageClient,
  { roots }: Description,
  document: TextDocument | undefined,
): readonly Choice[] {
  return roots.flatMap(({ uri, files, unresolved }) => {
    const root = client.protocol2CodeConverter.asUri(uri);
    const item = {
      label: l10n.t("$(go-to-file) Open {0}", fileNameOf(uri)),
      description: workspace.asRelativePath(root),
      detail: [
        files === 1 ? l10n.t("1 file") : l10n.t("{0} files", files),
        ...unresolved.map((include) => l10n.t("include {0} leads to no file here", include)),
      ].join(" · "),
      run: () => commands.executeCommand("vscode.open", root),
    };
    return root.toString() === document?.uri.toString() && unresolved.length === 0 ? [] : [item];
  });
}
