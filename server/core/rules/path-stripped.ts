import { replace, wholeLines } from "../edits/insert.ts";
import { fixedSegment, liesBelow, slashHabit } from "../model/endpoints.ts";
import type { LocationBlock } from "../model/location.ts";
import { uriStart, withUri } from "../model/pass-url.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import { playRewrites } from "../model/rewriting.ts";
import type { Entry } from "../model/scope.ts";
import type { Place } from "../syntax/directive.ts";
import { isWrittenHere, writtenHere } from "./brought.ts";
import type { Draft, DraftFix, Rule } from "./rule.ts";

/** The URI part of proxy_pass, or a rewrite, takes away the path that the server listens on, or a slash of it. */
export const pathStripped: Rule = {
  id: "path-stripped",
  severity: "warning",
  cause: 1,
  what: "The path that the server of this protocol expects is taken off before proxy_pass, or loses a slash.",
  why: "The backend is asked for another path than the one its protocol lives on, and answers 404 or with a page.",
  fixable: "suggested",
  check: {
    *location(location) {
      const { proxy, pattern } = location;
      const wanted = proxy?.evidence ? wantedPath(proxy) : undefined;
      if (proxy && !wanted) yield* slashLost(location, proxy);
      const found = proxy && wanted && (byRewrite(location, proxy, wanted) ?? byUriPart(location, proxy, wanted));
      if (!found || !wanted) return;
      const { entry, place, sent, fix, because } = found;
      const { segment, isSure } = wanted;
      const rest = pattern.endsWith("/") ? "…" : "";
      const isOwn = isWrittenHere(location, entry);
      yield {
        place: isOwn ? place : writtenHere(location, entry).namePlace,
        severity: isSure ? "warning" : "information",
        message: `/${segment} ${isSure ? "fails" : "may fail"}: the backend gets ${shortened(sent)}${rest} instead of ${shortened(wanted.path)}${rest}. ${because}, and this server answers under its own path ${isSure ? "only" : "unless it is told otherwise"}.`,
        fixes: isOwn && fix ? [fix] : [],
      };
    },
  },
};

/** The path that the backend has to be asked for when a client asks for the location's. */
interface Wanted {
  readonly path: string;
  readonly segment: string;
  readonly isSure: boolean;
  /** Whether it is the location's path. */
  readonly isWhole: boolean;
}

function wantedPath({ modifier, pattern, path }: ProxyBlock): Wanted | undefined {
  const segments = path[0] ?? [];
  const fixed = fixedSegment(segments);
  if (!fixed || !["", "^~", "="].includes(modifier) || /\.(?:js|map)$/.test(pattern)) return undefined;
  const kept = `/${segments.slice(fixed.index).join("/")}`;
  return { ...fixed, path: pattern.endsWith("/") ? `${kept}/` : kept, isWhole: fixed.index === 0 };
}

/** What takes the path off, and what is left of it. */
interface Stripped {
  readonly entry: Entry;
  readonly place: Place;
  readonly sent: string;
  readonly because: string;
  readonly fix: DraftFix | undefined;
}

function byUriPart(location: LocationBlock, { url, pass }: ProxyBlock, wanted: Wanted): Stripped | undefined {
  const start = uriStart(url.value);
  // After a rewrite the URI part does not count, and with a variable it is all that counts.
  if (start === undefined || url.value.includes("$") || location.scope.own("rewrite").length > 0) return undefined;
  const sent = url.value.slice(start);
  // Any path but the root is somebody's intention; but `/socket.io` and `?…` behind it are never one path.
  const isJoined = `${sent.toLowerCase()}/` === wanted.path.toLowerCase() && liesBelow(wanted.segment);
  if (sent !== "/" && !isJoined) return undefined;
  return {
    entry: pass,
    place: url,
    sent,
    because: "The URI part of proxy_pass takes the place of the location's path",
    fix: {
      title: wanted.isWhole ? "Pass the path on as it is" : `Pass the requests to ${wanted.path}`,
      applicability: "suggested",
      edits: [replace(url, withUri(url, wanted.isWhole ? "" : wanted.path))],
    },
  };
}

function byRewrite(location: LocationBlock, { url }: ProxyBlock, wanted: Wanted): Stripped | undefined {
  const { scope, pattern } = location;
  if (url.value.includes("$") && uriStart(url.value) !== undefined) return undefined;
  const asked = liesBelow(wanted.segment) && !pattern.endsWith("/") ? `${pattern}/` : pattern;
  const outcome = playRewrites(scope, location.evaluation("websocket"), asked);
  if (outcome.kind !== "goes on" || !outcome.rewrite || outcome.path !== "/") return undefined;
  const entry = scope.own("rewrite").find(({ directive }) => directive === outcome.rewrite);
  if (!entry) return undefined;
  return {
    entry,
    place: outcome.rewrite.args[0] ?? outcome.rewrite.namePlace,
    sent: "/",
    because: "The rewrite takes the path off",
    fix:
      wanted.isWhole && scope.own("rewrite").length === 1 && uriStart(url.value) === undefined
        ? {
            title: "Remove the rewrite, so that the path is passed on as it is",
            applicability: "suggested",
            edits: [replace(wholeLines(outcome.rewrite.place), "")],
          }
        : undefined,
  };
}

/** `location /app/` with `proxy_pass http://backend/app`: what is asked below, `/app/live`, becomes `/applive`. */
function* slashLost(location: LocationBlock, { url, pass, evidence, path }: ProxyBlock): Generator<Draft> {
  const { modifier, pattern, scope } = location;
  const start = uriStart(url.value);
  const segments = path[0] ?? [];
  if (!evidence || start === undefined || !["", "^~"].includes(modifier) || !pattern.endsWith("/")) return;
  if (url.value.includes("$") || scope.own("rewrite").length > 0) return;
  const uri = url.value.slice(start);
  const last = segments.at(-1);
  // Another last segment may be half of one on purpose; and an endpoint is asked for itself, with nothing below it.
  if (last === undefined || !uri.endsWith(`/${last}`) || slashHabit(segments) !== "unknown") return;
  const isOwn = isWrittenHere(location, pass);
  yield {
    place: isOwn ? url : writtenHere(location, pass).namePlace,
    severity: "information",
    message: `What lies below ${shortened(pattern)} gets 404: a slash is lost on the way. The URI part of proxy_pass takes the place of the location's path and has no slash at its end, so ${shortened(pattern)}live reaches the backend as ${shortened(uri)}live. Requests for ${shortened(pattern)} itself are not concerned.`,
    fixes: isOwn
      ? [
          {
            title: "Add the slash at the end",
            applicability: "suggested",
            edits: [replace(url, withUri(url, `${uri}/`))],
          },
        ]
      : [],
  };
}

function shortened(path: string): string {
  return path.length > 16 ? `${path.slice(0, 16)}…` : path;
}
