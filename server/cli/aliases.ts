import { realpath } from "node:fs/promises";
import type { FileId } from "../core/index.ts";

/** A file → all names under which it is loaded (sites-enabled links to sites-available); every name leads to the same list. */
export type Aliases = ReadonlyMap<FileId, readonly FileId[]>;

/** Finds the names that mean the same file on disk. */
export async function findAliases(files: readonly FileId[]): Promise<Aliases> {
  const byTarget = new Map<string, FileId[]>();
  const aliases = new Map<FileId, readonly FileId[]>();
  for (const file of files) {
    const target = await realpath(file).catch(() => file);
    const names = byTarget.get(target) ?? [];
    names.push(file);
    byTarget.set(target, names);
    aliases.set(file, names);
  }
  return aliases;
}

/** One name per file: that of the include, because under it the file is judged in its context, else what the user named. */
export function chooseNames(aliases: Aliases, requested: readonly FileId[]): readonly FileId[] {
  const named = new Set(requested);
  const chosen = new Set<FileId>();
  for (const names of aliases.values()) chosen.add(names.find((name) => !named.has(name)) ?? names[0]!);
  return [...chosen];
}
