import { defaultSettings, type FileId, parseVersion, type Settings, type Standing } from "../core/index.ts";
import type { Target } from "./convert.ts";
import { fileIdOf } from "./uris.ts";

/** The command that says how a document is judged; its only argument is the document's URI. */
export const describeCommand = "nginxWebsocket.describe";

/** What an editor needs to show how a document stands. */
export interface Description {
  /** `closed`: the server does not have the document; `foreign`: it does not read as nginx configuration. */
  readonly state: Standing["state"] | "closed" | "foreign";
  readonly version: string | null;
  readonly versionSource: Standing["versionSource"];
  /** Text of a version setting that is no version. */
  readonly badVersion: string | null;
  readonly roots: readonly DescribedRoot[];
  /** Settings with another value than by default. */
  readonly settings: Partial<Settings>;
  /** How many files count now. */
  readonly files: number;
  /** Rule → findings in this document. */
  readonly findings: Readonly<Record<string, number>>;
  /** What the server runs in. */
  readonly runtime: string | null;
  /** The last errors, newest last. */
  readonly errors: readonly string[];
}

/** A configuration that the document is part of. */
export interface DescribedRoot extends Omit<Standing["roots"][number], "file"> {
  readonly uri: string;
}

/** What the server knows beside its documents. */
export interface ServerState {
  readonly runtime: string | undefined;
  readonly errors: readonly string[];
  wants(file: FileId): boolean;
}

/** Describes a document; also one that is not open, because then the rest is still worth knowing. */
export function describeDocument(argument: unknown, target: Target, server: ServerState): Description {
  const { project, documents } = target;
  const file = typeof argument === "string" ? fileIdOf(argument) : undefined;
  const standing = file !== undefined && documents.has(file) ? project.standing(file) : undefined;
  const settings = target.settings(file ?? "");
  const { nginxVersion } = settings;
  const common = {
    badVersion: nginxVersion !== "" && parseVersion(nginxVersion) === undefined ? nginxVersion : null,
    settings: differing(settings),
    files: project.files().length,
    runtime: server.runtime ?? null,
    errors: server.errors,
  };
  if (file === undefined || standing === undefined) {
    return { state: "closed", version: null, versionSource: "unknown", roots: [], findings: {}, ...common };
  }
  const isForeign = standing.state !== "off" && standing.state !== "dump" && !server.wants(file);
  return {
    state: isForeign ? "foreign" : standing.state,
    version: standing.version ?? null,
    versionSource: standing.versionSource,
    roots: isForeign ? [] : standing.roots.map(({ file: root, ...rest }) => ({ uri: documents.uri(root), ...rest })),
    findings: isForeign ? {} : countByRule(file, target),
    ...common,
  };
}

function countByRule(file: FileId, { project }: Target): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { rule } of project.findings(file, "prompt")) counts[rule] = (counts[rule] ?? 0) + 1;
  return counts;
}

function differing(settings: Settings): Partial<Settings> {
  const defaults: Readonly<Record<string, unknown>> = { ...defaultSettings };
  const isOther = ([name, value]: [string, unknown]): boolean =>
    JSON.stringify(value) !== JSON.stringify(defaults[name]);
  return Object.fromEntries(Object.entries(settings).filter(isOther));
}
