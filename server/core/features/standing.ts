import type { FileId } from "../finding.ts";
import type { Environment } from "../model/config.ts";
import { scopesWithin } from "../model/scope.ts";
import type { Context } from "../nginx/directives.ts";
import { parseVersion, type Version } from "../nginx/version.ts";
import type { Settings } from "../settings.ts";

/** A configuration that a file is part of. */
export interface StandingRoot {
  readonly file: FileId;
  /** What its outermost level stands in: `main` for a whole configuration. */
  readonly context: Context;
  /** The root and everything it includes. */
  readonly files: number;
  /** Includes that lead to no file, as they are written, each once. */
  readonly unresolved: readonly string[];
}

/** How a file is judged, for people who wonder why something is reported or is not. */
export interface Standing {
  /**
   * `off`: a setting says so; `dump`: the output of `nginx -T`; `whole`: a configuration of its own; `included`: part of
   * others; `fragment`: neither, so that its surroundings are guessed.
   */
  readonly state: "off" | "dump" | "whole" | "included" | "fragment";
  /** The nginx version in force, such as `1.28.0`. */
  readonly version: string | undefined;
  readonly versionSource: "setting" | "project file" | "comment" | "dump" | "unknown";
  readonly roots: readonly StandingRoot[];
}

/** What is known about a file besides its text. */
export interface Surroundings {
  readonly isOff: boolean;
  /** The settings that the version is a matter of. */
  readonly settings: Pick<Settings, "nginxVersion" | "nginxVersionFrom">;
  /** The version that a dump names; undefined for a file that is no dump. */
  readonly dump: { readonly version: string | undefined } | undefined;
  readonly trees: readonly { readonly environment: Environment; readonly files: number }[];
}

/** More includes than this are not named. */
const MAX_NAMED = 20;

/** Says how a file stands in what was loaded. */
export function standingOf(file: FileId, { isOff, settings, dump, trees }: Surroundings): Standing {
  const roots = trees.map(({ environment, files }) => ({
    file: environment.root.file,
    context: environment.context,
    files,
    unresolved: unresolvedIn(environment),
  }));
  return { state: stateOf(), ...versionOf(), roots };

  function stateOf(): Standing["state"] {
    if (isOff) return "off";
    if (dump) return "dump";
    if (roots.some((root) => root.file !== file)) return "included";
    return roots[0]?.context === "main" ? "whole" : "fragment";
  }

  function versionOf(): Pick<Standing, "version" | "versionSource"> {
    const chosen = parseVersion(settings.nginxVersion);
    if (chosen) return { version: written(chosen), versionSource: settings.nginxVersionFrom };
    const printed = parseVersion(dump?.version ?? "");
    if (printed) return { version: written(printed), versionSource: "dump" };
    const commented = trees.find(({ environment }) => environment.version)?.environment.version;
    if (commented) return { version: written(commented), versionSource: "comment" };
    return { version: undefined, versionSource: "unknown" };
  }
}

function unresolvedIn({ scope }: Environment): readonly string[] {
  const found = new Set<string>();
  for (const { unresolved } of scopesWithin(scope)) {
    for (const include of unresolved) if (found.size < MAX_NAMED) found.add(include.arg(0) ?? "");
  }
  return [...found];
}

function written({ major, minor, patch }: Version): string {
  return `${major}.${minor}.${patch}`;
}
