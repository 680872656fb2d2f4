import type { DocumentFilter, TextDocument } from "vscode";

/** The documents that are ours; other nginx extensions call the language NGINX. */
export const nginxSelector: readonly DocumentFilter[] = [{ language: "nginx" }, { language: "NGINX" }];

/** Whether a document is nginx configuration by its language. */
export function isNginx(document: TextDocument | undefined): document is TextDocument {
  return document !== undefined && nginxSelector.some(({ language }) => language === document.languageId);
}
