import type { Severity } from "./finding.ts";

/** What a user can set; package.json's `contributes.configuration` is rendered from `settingsSchema`. */
export interface Settings {
  /** Whether anything is reported at all. */
  readonly enable: boolean;
  /** When the editor checks: on each keystroke or when the file is saved. */
  readonly run: "onType" | "onSave";
  /** The nginx version in force, such as `1.28.0`; empty when unknown. */
  readonly nginxVersion: string;
  /** Rule id → severity, or `off`. Rules not named keep their own severity. */
  readonly rules: Readonly<Record<string, Severity | "off">>;
  /** Path prefix as the configuration writes it → folder that holds it here (`/etc/nginx` → `/home/me/deploy/nginx`). */
  readonly includeRoots: Readonly<Record<string, string>>;
  /** Whether editors show inherited headers and the idle limit behind `proxy_pass`. */
  readonly inlayHints: boolean;
}

/** What holds where nobody set anything. */
export const defaultSettings: Settings = {
  enable: true,
  run: "onType",
  nginxVersion: "",
  rules: {},
  includeRoots: {},
  inlayHints: false,
};

/** A setting as the editor shows it: JSON schema with a description in Markdown. */
export interface SettingSchema {
  readonly type: "boolean" | "string" | "object";
  readonly default: unknown;
  readonly scope: "resource" | "window";
  readonly markdownDescription: string;
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
  readonly additionalProperties?: unknown;
  readonly properties?: unknown;
  readonly examples?: readonly unknown[];
}

/** The prefix of every setting in the editor. */
export const settingsSection = "nginxWebsocket";

const severities = ["error", "warning", "information", "hint", "off"];

/** The settings as the editor shows them, in the order people look for them. */
export function settingsSchema(
  rules: readonly { readonly id: string; readonly what: string; readonly isOffByDefault?: true }[],
): Readonly<Record<string, SettingSchema>> {
  return {
    enable: {
      type: "boolean",
      default: defaultSettings.enable,
      scope: "resource",
      markdownDescription: "Report mistakes in nginx configuration that break WebSockets.",
    },
    run: {
      type: "string",
      default: defaultSettings.run,
      scope: "resource",
      enum: ["onType", "onSave"],
      enumDescriptions: ["Check on every keystroke.", "Check when the file is opened and saved."],
      markdownDescription: "When to check.",
    },
    nginxVersion: {
      type: "string",
      default: defaultSettings.nginxVersion,
      scope: "resource",
      markdownDescription:
        "The nginx version that will read the configuration, such as `1.28.0`. Defaults differ between versions; while it is unknown, what depends on it is worded with care. A comment `# nginx-ws: version 1.28.0` in the main file says the same.",
      examples: ["1.22.1", "1.28.0", "1.30.4"],
    },
    rules: {
      type: "object",
      default: defaultSettings.rules,
      scope: "resource",
      markdownDescription:
        "The severity of single rules; `off` switches a rule off. Some rules, about lines that do nothing, are off until a severity is set.",
      properties: Object.fromEntries(
        rules.map(({ id, what, isOffByDefault }) => [
          id,
          {
            type: "string",
            enum: severities,
            markdownDescription: isOffByDefault ? `${what} Off unless a severity is set here.` : what,
          },
        ]),
      ),
      additionalProperties: false,
    },
    includeRoots: {
      type: "object",
      default: defaultSettings.includeRoots,
      scope: "resource",
      markdownDescription:
        "Where paths that the configuration includes lie in this workspace: the path as nginx sees it on the left, the folder here on the right, relative to the workspace or absolute. Example: `/etc/nginx` → `deploy/nginx`",
      additionalProperties: { type: "string" },
    },
    confDetection: {
      type: "string",
      default: "auto",
      scope: "resource",
      enum: ["auto", "ask", "off"],
      enumDescriptions: [
        "Read such a file as nginx configuration.",
        "Ask once for each file.",
        "Leave such files alone. Files that are named as nginx names them are still read.",
      ],
      markdownDescription:
        "What to do with an open `.conf` file that the editor knows by another language: is it nginx configuration by its content, or does one include it? Files that `files.associations` names, and those whose language you choose by hand, stay as they are.",
    },
    inlayHints: {
      type: "boolean",
      default: defaultSettings.inlayHints,
      scope: "resource",
      markdownDescription:
        "Show behind the `proxy_pass` of a WebSocket location which headers of the handshake it has from elsewhere, and how long a quiet tunnel lives.",
    },
  };
}
