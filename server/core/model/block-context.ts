import type { Context } from "../nginx/directives.ts";
import type { Directive } from "../syntax/directive.ts";
import type { Document } from "../syntax/document.ts";
import type { Environment } from "./config.ts";
import type { Scope } from "./scope.ts";

/** Blocks that stand in one context wherever they are. */
const certain: Readonly<Record<string, Context>> = {
  http: "http",
  location: "location",
  limit_except: "limit_except",
  events: "events",
  stream: "stream",
  mail: "mail",
};

/**
 * The contexts that a block's directives can stand in; undefined for blocks nobody knows. Of a fragment, which does
 * not say what stands around it, several are possible.
 */
export function contextsOf(scope: Scope, environment: Environment): readonly Context[] | undefined {
  const { directive, parent } = scope;
  if (!directive) return isMain(scope, environment) ? ["main"] : undefined;
  const { name } = directive;
  if (name === "if") return ifContexts(parent);
  if (name === "server" || name === "upstream") return memberContexts(name, scope);
  const context = Object.hasOwn(certain, name) ? certain[name] : undefined;
  return context === undefined ? undefined : [context];
}

/** Whether a file's outermost level is nginx's: a block that can stand nowhere else says so. */
function isMain(scope: Scope, { context, root }: Environment): boolean {
  return (
    context === "main" &&
    !isDump(root) &&
    ["http", "events", "stream", "mail"].some((name) => scope.own(name).some(({ directive }) => directive.isBlock))
  );
}

/** What `nginx -T` prints: every file below a line with its name, one after the other and outside of its block. */
function isDump(root: Document): boolean {
  return root.segments.some(({ text }) => /^# configuration file \S+:\s*$/m.test(text));
}

function ifContexts(parent: Scope | undefined): readonly Context[] {
  if (parent?.kind === "location") return ["location if"];
  return parent?.kind === "server" && parent.directive ? ["server if"] : ["server if", "location if"];
}

/** A server or upstream: of http, of stream or of mail. */
function memberContexts(name: "server" | "upstream", scope: Scope): readonly Context[] | undefined {
  const outer = scope.parent?.directive?.name;
  const inHttp: Context = name;
  const inStream: Context = name === "server" ? "stream server" : "stream upstream";
  if (outer === "http") return [inHttp];
  if (outer === "stream") return [inStream];
  if (outer === "mail") return name === "server" ? ["mail server"] : undefined;
  if (outer !== undefined) return undefined;
  if (name === "upstream") return [inHttp, inStream];
  return isHttpServer(scope) ? [inHttp] : [inHttp, inStream, "mail server"];
}

function isHttpServer(scope: Scope): boolean {
  const has = (name: string, test: (directive: Directive) => boolean) =>
    scope.own(name).some(({ directive }) => test(directive));
  return has("location", (directive) => directive.isBlock) || has("root", () => true);
}
