import { l10n } from "vscode";
import type { Description } from "./describe.ts";

/** What the status says: a few words, and a line for those who look closer. */
export interface StatusText {
  readonly text: string;
  readonly detail: string;
  readonly severity: "information" | "warning";
}

/** Puts what the server says about a document into words. */
export function statusText(description: Description): StatusText {
  const detail = [versionDetail(description), includesDetail(description)].filter((part) => part !== "").join(" · ");
  const text = [versionText(description), placeText(description)].join(" · ");
  switch (description.state) {
    case "closed":
      return {
        text: l10n.t("not checked"),
        detail: l10n.t("This document is not sent to the server."),
        severity: "information",
      };
    case "off":
      return {
        text: l10n.t("switched off"),
        detail: l10n.t("by the setting {0}", "nginxWebsocket.enable"),
        severity: "information",
      };
    case "foreign":
      return {
        text: l10n.t("not nginx"),
        detail: l10n.t("This does not read as nginx configuration: nothing is reported."),
        severity: "warning",
      };
    default:
      return { text, detail, severity: description.badVersion === null ? "information" : "warning" };
  }
}

/** The last part of a file's path. */
export function fileNameOf(uri: string): string {
  const name = uri.slice(uri.lastIndexOf("/") + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function versionText({ version }: Description): string {
  return version === null ? l10n.t("nginx version unknown") : `nginx ${version}`;
}

function placeText({ state, roots }: Description): string {
  const [first, ...others] = roots;
  if (state === "dump") return l10n.t("dump of nginx -T");
  if (state === "fragment") return l10n.t("fragment: nobody includes it");
  if (state === "whole" || first === undefined) return l10n.t("main file");
  const name = fileNameOf(first.uri);
  return others.length === 0 ? l10n.t("in {0}", name) : l10n.t("in {0} and {1} more", name, others.length);
}

function versionDetail({ versionSource, badVersion }: Description): string {
  if (badVersion !== null) return l10n.t("“{0}” in the settings is no nginx version", badVersion);
  switch (versionSource) {
    case "setting":
      return l10n.t("version from the settings");
    case "project file":
      return l10n.t("version from {0}", ".nginx-websocket.json");
    case "comment":
      return l10n.t("version from a comment");
    case "dump":
      return l10n.t("version from the dump");
    case "unknown":
      return "";
    default:
      return l10n.t("version from {0}", versionSource);
  }
}

function includesDetail({ roots }: Description): string {
  const missing = new Set(roots.flatMap(({ unresolved }) => unresolved)).size;
  if (missing === 0) return "";
  return missing === 1 ? l10n.t("1 include not found") : l10n.t("{0} includes not found", missing);
}
