import type { FileId } from "../finding.ts";
import type { Directive } from "../syntax/directive.ts";
import { folderOf, isAbsolute, joinPath, rootOf } from "../text/path.ts";

/** Why an include leads nowhere. */
export type IncludeFault =
  /** Nothing is there; `isHere` says that other files from there, or a folder that was mapped, belong to the project. */
  | { readonly kind: "missing"; readonly path: FileId; readonly isHere: boolean }
  /** A link to nothing is there; `isHere` says that the link leads into the configuration, not to another machine. */
  | { readonly kind: "link"; readonly path: FileId; readonly target: FileId; readonly isHere: boolean }
  | { readonly kind: "folder"; readonly path: FileId }
  /** It leads back to a file that is just being read. */
  | { readonly kind: "circle" };

/** Whether an include argument is a glob(3) pattern: nginx looks for these three characters (ngx_conf_include). */
export function isPattern(argument: string): boolean {
  return /[*?[]/.test(argument);
}

/**
 * The absolute path or pattern of an include: relative ones count from the folder of the main configuration file
 * (`ngx_conf_full_name` with the configuration prefix), absolute ones go through the include roots.
 */
export function includePath(root: FileId, argument: string, includeRoots: Readonly<Record<string, string>>): FileId {
  if (!isAbsolute(argument)) return joinPath(folderOf(root), argument);
  let best = "";
  for (const prefix of Object.keys(includeRoots)) {
    const folder = prefix.replace(/\/+$/, "");
    if (folder.length >= best.length && (argument === folder || argument.startsWith(`${folder}/`))) best = prefix;
  }
  const target = includeRoots[best];
  if (target !== undefined) return joinPath(target, argument.slice(best.replace(/\/+$/, "").length));
  return joinPath(rootOf(root), argument);
}

/** Finds the includes of a file, block by block, without following them. */
export function* includesIn(directives: readonly Directive[]): Generator<Directive> {
  const stack = [...directives].reverse();
  for (let directive = stack.pop(); directive; directive = stack.pop()) {
    if (directive.isBlock) for (const child of directive.children().toReversed()) stack.push(child);
    else if (directive.name === "include" && directive.args.length === 1) yield directive;
  }
}

/** Files that come with nginx or Debian and lie beside its main file, so that nobody keeps copies of them. */
const shipped =
  /(?:^|\/)(?:mime\.types|(?:fastcgi|uwsgi|scgi|proxy)_params|fastcgi(?:-php)?\.conf|koi-utf|koi-win|win-utf|options-ssl-nginx\.conf|snakeoil\.conf)$/;

/** Whether an include names a file that comes with nginx or Debian. */
export function isShipped(argument: string): boolean {
  return shipped.test(argument);
}
