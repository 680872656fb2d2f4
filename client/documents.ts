import { languages, type TextDocument, workspace } from "vscode";

/** Languages that files have whose content nobody knows. */
const vague: ReadonlySet<string> = new Set(["properties", "ini", "plaintext"]);
/** Not files of somebody's configuration: versions in a history, what programs say, texts that are not saved yet. */
const others: ReadonlySet<string> = new Set(["git", "output", "untitled", "vscode", "search-editor", "comment"]);

/** Whether a document is nginx configuration to the editor. Other nginx extensions call the language NGINX. */
export function isNginx({ languageId, uri }: TextDocument): boolean {
  return (languageId === "nginx" || languageId === "NGINX") && uri.scheme !== "git";
}

/** Whether a document may turn out to be nginx configuration. */
export function isVague({ languageId, uri }: TextDocument): boolean {
  return vague.has(languageId) && !others.has(uri.scheme) && !uri.scheme.startsWith("nginx-websocket-");
}

/** Whether the user's own settings say which language this file has; what extensions contribute does not count. */
export function isAssociated(document: TextDocument): boolean {
  const found = workspace
    .getConfiguration("files", document.uri)
    .inspect<Readonly<Record<string, string>>>("associations");
  const values = [found?.globalValue, found?.workspaceValue, found?.workspaceFolderValue];
  return values.some((value) => Object.keys(value ?? {}).some((pattern) => matches(pattern, document)));
}

/** As the editor compares them: regardless of case, with the path if the pattern has a slash, else with the name. */
function matches(pattern: string, { uri, languageId }: TextDocument): boolean {
  const glob = pattern.toLowerCase();
  const lowered = { uri: uri.with({ path: uri.path.toLowerCase() }), languageId };
  // Only these two are looked at.
  return languages.match({ pattern: glob.includes("/") ? glob : `**/${glob}` }, lowered as TextDocument) > 0;
}
