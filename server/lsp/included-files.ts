import type { Target } from "./convert.ts";
import { fileIdOf } from "./uris.ts";

/** The command by which an editor learns that a file is nginx configuration whatever it is called; its arguments are URIs. */
export const includedFilesCommand = "nginxWebsocket.includedFiles";

/** Those URIs whose files belong to a configuration that is loaded. */
export function findIncluded(uris: readonly unknown[], { project, documents }: Target): readonly string[] {
  const loaded = new Set(project.files());
  return uris.filter((uri): uri is string => {
    if (typeof uri !== "string") return false;
    const file = fileIdOf(uri);
    return loaded.has(file) && !documents.has(file);
  });
}
