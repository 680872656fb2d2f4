import { replace } from "../edits/insert.ts";
import { contextsOf } from "../model/block-context.ts";
import type { Environment } from "../model/config.ts";
import type { Entry, Scope } from "../model/scope.ts";
import { gluedDirective, similarDirectives } from "../model/similar-directives.ts";
import { acceptsShape, allowedIn, type Context, contexts, isDirective } from "../nginx/directives.ts";
import { cameLater, SSL_REMOVED } from "../nginx/since.ts";
import { isAtLeast, type Version } from "../nginx/version.ts";
import type { Directive } from "../syntax/directive.ts";
import { isSound, onEveryLevel } from "./levels.ts";
import type { Draft, Rule } from "./rule.ts";

/** A directive that this nginx does not know: misspelt, or of another version. */
export const unknownDirective: Rule = {
  id: "unknown-directive",
  severity: "error",
  what: "The name of a directive is misspelt, or this version of nginx does not have it.",
  why: 'nginx does not start: unknown directive "proxy_passs". After a reload it goes on with the old configuration.',
  fixable: "safe",
  isStructural: true,
  check: onEveryLevel(judgeLevel),
};

function* judgeLevel(level: Scope, environment: Environment): Generator<Draft> {
  if (level.kind === "data") return;
  for (const entry of level.entries) {
    const { name } = entry.directive;
    const draft = isDirective(name) ? judgeVersion(entry, environment.version) : judgeName(entry, level, environment);
    if (draft && isSound(entry, level, environment)) yield draft;
  }
}

/** Where a level can stand; nothing for one that only another module knows. */
function contextsHere(level: Scope, environment: Environment): readonly Context[] {
  for (const outer of level.outwards()) {
    if (outer.directive && !contextsOf(outer, environment)) return [];
  }
  return contextsOf(level, environment) ?? contexts;
}

function judgeVersion({ directive }: Entry, version: Version | undefined): Draft | undefined {
  const { name } = directive;
  const text = version && `${version.major}.${version.minor}.${version.patch}`;
  const since = cameLater(name, version);
  if (since)
    return {
      place: directive.namePlace,
      severity: "error",
      message: `nginx stops here: unknown directive "${name}". It came with ${since}, and this nginx is ${text}.${
        name === "http2" ? " Older ones have it as a word of listen: listen 443 ssl http2." : ""
      }`,
    };
  if (name !== "ssl" || !/^(?:on|off)$/i.test(directive.arg(0) ?? "")) return undefined;
  if (isAtLeast(version, SSL_REMOVED) !== true) return undefined;
  return {
    place: directive.namePlace,
    severity: "error",
    message: `nginx stops here: unknown directive "ssl". It is gone since ${SSL_REMOVED}, and this nginx is ${text}: TLS is a word of listen, as in listen 443 ssl.`,
  };
}

function reportGlued({ name, namePlace }: Directive, right: string): Draft {
  const start = namePlace.start + right.length;
  const gap = { ...namePlace, start, end: start };
  return {
    place: namePlace,
    severity: "error",
    message: `nginx stops here: unknown directive "${shorten(name)}". A blank is missing behind ${right}.`,
    fixes: [
      { title: `Put a blank behind ${right}`, applicability: "suggested", edits: [{ place: gap, newText: " " }] },
    ],
  };
}

function shorten(name: string): string {
  return name.length > 40 ? `${name.slice(0, 39)}…` : name;
}

function judgeName({ directive }: Entry, level: Scope, environment: Environment): Draft | undefined {
  const { name } = directive;
  const similar = similarDirectives(name);
  const glued = similar.length === 0 ? gluedDirective(name) : undefined;
  if (similar.length === 0 && glued === undefined) return undefined;
  const possible = contextsHere(level, environment);
  if (glued !== undefined)
    return possible.some((context) => allowedIn(glued, context)) ? reportGlued(directive, glued) : undefined;
  const found = similar.filter(
    ({ right }) =>
      possible.some((context) => allowedIn(right, context)) &&
      acceptsShape(right, directive.args.length, directive.isBlock),
  );
  const [best] = found;
  if (!best) return undefined;
  const nearest = found.filter(({ wrong }) => wrong === best.wrong);
  // What is in the block is judged only when nginx knows the block.
  const isCertain = nearest.length === 1 && best.wrong <= 1 && !directive.isBlock;
  return {
    place: directive.namePlace,
    severity: "error",
    message: `nginx stops here: unknown directive "${name}". ${
      best.wrong > 0
        ? `${nearest.map(({ right }) => right).join(" or ")} is probably meant.`
        : `It is written ${best.right}: capital letters and hyphens count.`
    }`,
    fixes: nearest.map(({ right }) => ({
      title: `Write ${right}`,
      applicability: isCertain ? "safe" : "suggested",
      edits: [replace(directive.namePlace, right)],
    })),
  };
}
