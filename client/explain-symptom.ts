import {
  commands,
  type Disposable,
  DocumentLink,
  EventEmitter,
  l10n,
  languages,
  Range,
  Uri,
  ViewColumn,
  window,
  workspace,
} from "vscode";
import { type BaseLanguageClient, ExecuteCommandRequest } from "vscode-languageclient";
import { splitLinks } from "./answer-links.ts";

/** The server's command; it is not the one in the palette, which asks for the text first. */
const serverCommand = "nginxWebsocket.explainSymptom";

const scheme = "nginx-websocket-answer";
const answerUri = Uri.from({ scheme, path: "/What it means.md" });
const maxSelection = 2000;

interface SymptomExplanation {
  readonly recognised: boolean;
  readonly markdown: string;
}

/** Registers the command that asks for a symptom and shows what the server says about it, as a read-only document. */
export function registerExplainSymptom(client: BaseLanguageClient): Disposable[] {
  let answer = splitLinks("");
  const changed = new EventEmitter<Uri>();
  const explain = (text: string): Promise<SymptomExplanation | null> => {
    return client.sendRequest(ExecuteCommandRequest.type, { command: serverCommand, arguments: [text] });
  };

  async function run(given?: unknown): Promise<void> {
    const text = typeof given === "string" ? given : await ask(explain);
    if (text === undefined || text.trim() === "") return;
    const explanation = await explain(text);
    if (explanation === null) return;
    answer = splitLinks(explanation.markdown);
    changed.fire(answerUri);
    // A document and no preview: only there do links to a line of a file work in every version of the editor.
    const document = await workspace.openTextDocument(answerUri);
    await window.showTextDocument(document, { viewColumn: ViewColumn.Beside, preview: true });
  }

  return [
    changed,
    workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: changed.event,
      provideTextDocumentContent: () => answer.text,
    }),
    languages.registerDocumentLinkProvider(
      { scheme },
      {
        provideDocumentLinks: (document) => {
          // The document follows the answer a moment later.
          if (document.getText() !== answer.text) return [];
          return answer.links.map(({ start, end, address }) => {
            const range = new Range(document.positionAt(start), document.positionAt(end));
            return new DocumentLink(range, Uri.parse(address));
          });
        },
      },
    ),
    commands.registerCommand("nginx-websocket.explainSymptom", run),
  ];
}

/** Asks for the symptom. The selection is the first guess if the server recognises it; the clipboard is nobody's business. */
async function ask(explain: (text: string) => Promise<SymptomExplanation | null>): Promise<string | undefined> {
  const editor = window.activeTextEditor;
  const selected = editor === undefined ? "" : editor.document.getText(editor.selection).trim();
  const isGuess = selected !== "" && selected.length <= maxSelection && (await explain(selected))?.recognised === true;
  return window.showInputBox({
    title: l10n.t("Explain a Symptom"),
    prompt: l10n.t("What do you see? A status, a close code, a time, or a line of the console or of a log."),
    placeHolder: l10n.t("400 · 1006 · closes after 60 s · Unexpected response code: 301 · a line of error.log"),
    ...(isGuess ? { value: selected.replace(/\s*\n\s*/g, " ") } : {}),
  });
}
