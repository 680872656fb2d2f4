import { type Uri, workspace } from "vscode";

/** A file by its path in the workspace; of files outside only the name. */
export function shortName(uri: Uri): string {
  const relative = workspace.asRelativePath(uri);
  const isInside = workspace.getWorkspaceFolder(uri) !== undefined;
  return isInside ? relative : `…/${uri.path.slice(uri.path.lastIndexOf("/") + 1)}`;
}

/** A path with at least one folder, up to what cannot be part of one in a log. */
const path = /(?:\b[a-z]:)?(?:[\\/][^\s\\/:"'`()<>|,]+)+[\\/]([^\s\\/:"'`()<>|,]*)/gi;

/** A text in which no path says more than where something lies in the workspace, or what it is called. */
export function shortenPaths(text: string): string {
  let shortened = text;
  const keep: string[] = [];
  // The folders of the workspace first: what lies in them may be told, behind a mark that no path has.
  for (const { uri, name } of workspace.workspaceFolders ?? []) {
    for (const folder of new Set([uri.fsPath, uri.path, JSON.stringify(uri.fsPath).slice(1, -1)])) {
      if (folder.length > 1) shortened = shortened.replaceAll(folder, `\0${keep.push(name) - 1}\0`);
    }
  }
  return shortened
    .replace(/\0\d+\0[^\s"'`()<>|,]*/g, (inside) => inside.replaceAll("/", "\u0001").replaceAll("\\", "\u0002"))
    .replace(path, "…/$1")
    .replaceAll("\u0001", "/")
    .replaceAll("\u0002", "\\")
    .replace(/\0(\d+)\0/g, (_, index: string) => `<${keep[Number(index)]}>`);
}
