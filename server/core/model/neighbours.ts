import type { FileId } from "../finding.ts";
import { baseName, folderOf } from "../text/path.ts";

/** Folders whose files an `http` takes in all together, as a rule. */
const sharedFolder = /(?:^|\/)(?:(?:conf|http|vhosts?|servers|sites)\.d|sites(?:-[\w-]+)?|vhosts)$/;

/** What tells a file from its neighbours in one `http`, fit for the name of a variable; empty where it has none. */
export function stemBesideOthers(file: FileId): string {
  if (!sharedFolder.test(folderOf(file))) return "";
  return baseName(file)
    .replace(/\.(?:conf|vhost|nginx)$/i, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_|_$/g, "");
}
