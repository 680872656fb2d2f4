import type { FileId, Severity } from "./finding.ts";

/** What a user can set; package.json's `contributes.configuration` is rendered from `settingsSchema`. */
export interface Settings {
  /** Whether anything is reported at all. */
  readonly enable: boolean;
  /** When the editor checks: on each keystroke or when the file is saved. */
  readonly run: "onType" | "onSave";
  /** The nginx version in force, such as `1.28.0`; empty when unknown. */
  readonly nginxVersion: string;
  /** Where that version is from; options of the command line count as settings. */
  readonly nginxVersionFrom: "setting" | "project file";
  /** Rule id → severity, or `off`. Rules not named keep their own severity. */
  readonly rules: Readonly<Record<string, Severity | "off">>;
  /** Path prefix as the configuration writes it → folder that holds it here (`/etc/nginx` → `/home/me/deploy/nginx`). */
  readonly includeRoots: Readonly<Record<string, string>>;
  /** Whether editors show inherited headers and the idle limit behind `proxy_pass`. */
  readonly inlayHints: boolean;
  /** Whether editors explain directives under the pointer. */
  readonly hover: boolean;
  /** Whether editors offer directives and values while somebody types. */
  readonly completion: boolean;
  /** Whether the menu of fixes ends with actions that allow a mistake. */
  readonly suppressionActions: boolean;
}

/** What holds where nobody set anything. */
export const defaultSettings: Settings = {
  enable: true,
  run: "onType",
  nginxVersion: "",
  nginxVersionFrom: "setting",
  rules: {},
  includeRoots: {},
  inlayHints: false,
  hover: true,
  completion: true,
  suppressionActions: true,
};

/** Which settings are in force where. The same object stays in force until something in it changes. */
export interface SettingsSource {
  /** The settings of a file. */
  of(file: FileId): Settings;
  /** All that are in force anywhere. */
  all(): Iterable<Settings>;
  /** Another number whenever something in it has changed. */
  readonly version: number;
  /** Looks for what is set beside files that may be new. */
  learn(files: Iterable<FileId>): Promise<void>;
}

/** The same settings for every file. */
export function everywhere(settings: Settings): SettingsSource {
  return { of: () => settings, all: () => [settings], version: 0, learn: async () => {} };
}

/** A setting as the editor shows it: JSON schema with a description in Markdown. */
export interface SettingSchema {
  readonly type: "boolean" | "string" | "object";
  readonly default: unknown;
  readonly scope: "resource" | "window";
  readonly order: number;
  readonly markdownDescription: string;
  readonly enum?: readonly string[];
  readonly markdownEnumDescriptions?: readonly string[];
  readonly additionalProperties?: unknown;
  readonly properties?: unknown;
  readonly examples?: readonly unknown[];
}

/** The prefix of every setting in the editor. */
export const settingsSection = "nginxWebsocket";

/** What a rule can be set to. */
export const ruleLevels = ["error", "warning", "information", "hint", "off"] as const;

const ruleLevelDescriptions = [
  "Report it as an error.",
  "Report it as a warning.",
  "Report it as information.",
  "Report it as a hint: a few dots under the word.",
  "Do not report it.",
];

/** What the schemas have to know about a rule. */
export interface DescribedRule {
  readonly id: string;
  readonly what: string;
  readonly isOffByDefault?: true;
}

/** The rules with the levels that each can be set to, as the properties of a JSON schema. */
export function ruleProperties(rules: readonly DescribedRule[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    rules.map(({ id, what, isOffByDefault }) => [
      id,
      {
        type: "string",
        enum: ruleLevels,
        markdownEnumDescriptions: ruleLevelDescriptions,
        markdownDescription: isOffByDefault ? `${what} Off unless a severity is set here.` : what,
      },
    ]),
  );
}

/** What the schemas say about settings that the editor and the project file share. */
export const sharedDescriptions = {
  nginxVersion:
    "The nginx version that will read the configuration, such as `1.28.0`. Defaults differ between versions; while it is unknown, what depends on it is worded with care. A comment `# nginx-ws: version 1.28.0` in the main file says the same.",
  rules:
    "The severity of single rules; `off` switches a rule off. Some rules, about lines that do nothing, are off until a severity is set.",
} as const;

/** The settings as the editor shows them, in the order people look for them. */
export function settingsSchema(rules: readonly DescribedRule[]): Readonly<Record<string, SettingSchema>> {
  const schemas: Readonly<Record<string, Omit<SettingSchema, "order">>> = {
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
      markdownEnumDescriptions: ["Check on every keystroke.", "Check when the file is opened and saved."],
      markdownDescription: "When to check.",
    },
    rules: {
      type: "object",
      default: defaultSettings.rules,
      scope: "resource",
      markdownDescription: `${sharedDescriptions.rules} What \`.nginx-websocket.json\` says about a rule counts more.`,
      properties: ruleProperties(rules),
      additionalProperties: false,
    },
    nginxVersion: {
      type: "string",
      default: defaultSettings.nginxVersion,
      scope: "resource",
      markdownDescription: sharedDescriptions.nginxVersion,
      examples: ["1.22.1", "1.28.0", "1.30.4"],
    },
    includeRoots: {
      type: "object",
      default: defaultSettings.includeRoots,
      scope: "resource",
      markdownDescription:
        "Where paths that the configuration includes lie in this workspace: the path as nginx sees it on the left, the folder here on the right, relative to the workspace folder or absolute. Example: `/etc/nginx` → `deploy/nginx`",
      additionalProperties: { type: "string" },
    },
    confDetection: {
      type: "string",
      default: "auto",
      scope: "resource",
      enum: ["auto", "ask", "off"],
      markdownEnumDescriptions: [
        "Read such a file as nginx configuration.",
        "Ask once for each file.",
        "Leave such files alone. Files that are named as nginx names them are still read.",
      ],
      markdownDescription:
        "What to do with an open `.conf` file that the editor knows by another language: is it nginx configuration by its content, or does one include it? Files that `#files.associations#` names, and those whose language you choose by hand, stay as they are.",
    },
    suppressionActions: {
      type: "boolean",
      default: defaultSettings.suppressionActions,
      scope: "resource",
      markdownDescription:
        "Offer at the end of the light bulb's menu to allow a mistake on its line or in its file, or to switch its rule off for the project.",
    },
    hover: {
      type: "boolean",
      default: defaultSettings.hover,
      scope: "resource",
      markdownDescription:
        "Explain under the pointer what a directive does to WebSockets. Switch it off if another nginx extension explains directives.",
    },
    completion: {
      type: "boolean",
      default: defaultSettings.completion,
      scope: "resource",
      markdownDescription:
        "Offer directives, variables and values while you type. Switch it off if another nginx extension offers them.",
    },
    inlayHints: {
      type: "boolean",
      default: defaultSettings.inlayHints,
      scope: "resource",
      markdownDescription:
        "Show behind the `proxy_pass` of a WebSocket location which headers of the handshake it has from elsewhere, and how long a quiet tunnel lives.",
    },
    "trace.server": {
      type: "string",
      default: "off",
      scope: "window",
      enum: ["off", "messages", "verbose"],
      markdownEnumDescriptions: ["Nothing.", "The names of the messages.", "The messages with what is in them."],
      markdownDescription:
        "What the output *nginx WebSocket* shows of the talk between the editor and the language server, for bug reports.",
    },
  };
  return Object.fromEntries(Object.entries(schemas).map(([name, schema], order) => [name, { ...schema, order }]));
}
