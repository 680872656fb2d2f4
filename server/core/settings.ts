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
  /** Path prefix as the configuration writes it → folder that holds it here (`/etc/nginx` → `/work/deploy/nginx`). */
  readonly includeRoots: Readonly<Record<string, string>>;
}

/** What holds where nobody set anything. */
export const defaultSettings: Settings = {
  enable: true,
  run: "onType",
  nginxVersion: "",
  rules: {},
  includeRoots: {},
};
