import { defaultSettings, type Settings, type Severity } from "../core/index.ts";

const severities: ReadonlySet<unknown> = new Set<Severity | "off">(["error", "warning", "information", "hint", "off"]);

/**
 * Makes settings of whatever the client sent: what is missing or malformed keeps its default. Folders in `includeRoots`
 * may start with `${workspaceFolder}` or be relative to it.
 */
export function readSettings(value: unknown, workspaceFolder: string | undefined): Settings {
  const given = asRecord(value);
  return {
    ...defaultSettings,
    ...(given.run === "onType" || given.run === "onSave" ? { run: given.run } : {}),
    ...(typeof given.nginxVersion === "string" ? { nginxVersion: given.nginxVersion.trim() } : {}),
    ...switches(given),
    rules: Object.fromEntries(
      Object.entries(asRecord(given.rules)).filter((entry): entry is [string, Severity | "off"] => {
        return severities.has(entry[1]);
      }),
    ),
    includeRoots: Object.fromEntries(
      Object.entries(asRecord(given.includeRoots)).flatMap(([prefix, folder]) => {
        return typeof folder === "string" && folder !== "" ? [[prefix, locateFolder(folder, workspaceFolder)]] : [];
      }),
    ),
  };
}

const switchNames = ["enable", "inlayHints", "hover", "completion", "suppressionActions"] as const;

function switches(given: Readonly<Record<string, unknown>>): Partial<Settings> {
  return Object.fromEntries(switchNames.map((name) => [name, given[name]]).filter(([, on]) => typeof on === "boolean"));
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function locateFolder(folder: string, workspaceFolder: string | undefined): string {
  const path = folder.replaceAll("\\", "/");
  if (workspaceFolder === undefined) return path;
  const inside = path.replace(/^\$\{workspaceFolder\}\/?|^\.\//, "");
  if (inside === path && /^\/|^[a-z][a-z0-9+.-]*:/i.test(path)) return path;
  return inside === "" || inside === "." ? workspaceFolder : `${workspaceFolder}/${inside}`;
}
