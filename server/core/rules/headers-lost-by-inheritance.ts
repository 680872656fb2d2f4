import { connectionValue, isDedicated, isOneFile } from "../edits/connection.ts";
import { copies, lineOf } from "../edits/headers.ts";
import { insertAfter, replace } from "../edits/insert.ts";
import type { Severity } from "../finding.ts";
import type { Environment } from "../model/config.ts";
import type { EffectiveList } from "../model/effective.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import { answersSubrequests, subrequestTargets } from "../model/subrequests.ts";
import type { Place } from "../syntax/directive.ts";
import { handshakeGap, outerSetters, passPlace, pathText, replacedList } from "./handshake.ts";
import { listText, lostEntries } from "./lost-headers.ts";
import type { DraftEdit, DraftFix, Rule } from "./rule.ts";

/** The location's own headers replace the outer ones, the handshake's two among them. */
export const headersLostByInheritance: Rule = {
  id: "headers-lost-by-inheritance",
  severity: "error",
  cause: 1,
  what: "An outer level sets Upgrade and Connection, but headers set here make nginx forget them.",
  why: "proxy_set_header is inherited only by a level that sets no header at all. One own header drops the whole outer list.",
  fixable: "safe",
  isStructural: true,
  check: {
    *proxy(proxy, environment) {
      if (handshakeGap(proxy) !== "lost") return;
      const outer = replacedList(proxy);
      const severity = severityOf(proxy);
      if (!outer || !severity) return;
      const upgrade = outerSetters(outer, "upgrade")[0];
      const isMeantForIt = severity === "error";
      const lead = isMeantForIt
        ? `WebSocket fails on ${pathText(proxy)}: the outer Upgrade and Connection are lost.`
        : `No WebSocket can pass ${pathText(proxy)}: the outer Upgrade and Connection are lost there.`;
      yield {
        place: ownHeadersPlace(proxy),
        severity,
        message: `${lead} A level that sets one proxy_set_header inherits none, so both have to be repeated here${
          isMeantForIt ? "." : " if it is meant to carry one."
        }`,
        related: upgrade
          ? [{ place: upgrade.directive.head, message: "Set here, but not inherited by this location." }]
          : [],
        fixes: repeatOuter(proxy, environment, outer, isMeantForIt),
      };
    },
  },
};

function severityOf(proxy: ProxyBlock): Severity | undefined {
  const { verdict, modifier, location, pattern } = proxy;
  if (verdict === "not-websocket") return undefined;
  if (verdict.tier <= 2) return "error";
  // With the pair the backend would answer the subrequest 101, and nginx every request 500.
  if (answersSubrequests(proxy)) return undefined;
  if ((verdict.tier === 3 || pattern === "/") && !isPlainByChoice(proxy)) return "warning";
  const isInternal = location !== undefined && location.own("internal").length > 0;
  const isPlain = servesFiles(proxy) || logsIn(proxy) || isPlainByChoice(proxy);
  return isInternal || modifier === "=" || isPlain ? undefined : "information";
}

/** Pages and endpoints for logging in: they are asked with plain requests, and subrequests often go there too. */
function logsIn({ path }: ProxyBlock): boolean {
  return path.some((segments) => segments.some((segment) => loginSegment.test(segment)));
}

const loginSegment =
  /^(?:authn?|authelia|authentik|outpost(?:\..+)?|oauth2?|oidc|saml2?|sso|log-?in|log-?out|sign-?in|sign-?out|sign-?up|sessions?)$/i;

/** Files and pictures: nobody opens a WebSocket there. */
function servesFiles(proxy: ProxyBlock): boolean {
  const path = proxy.pattern;
  return (
    /\\\.\(?(?:\?:)?(?:\w+\|)*(?:js|css|png|jpe?g|gif|ico|svg|woff2?|ttf|map)\b/.test(path) ||
    /\/(?:static|assets?|images?|img|css|js|fonts?|media|public|uploads?)(?:\/|$)/i.test(path)
  );
}

/** The first header that the location itself writes; else what brings `proxy_pass`. */
export function ownHeadersPlace(proxy: ProxyBlock): Place {
  const { scope } = proxy.headers;
  const depth = scope?.via.length ?? 0;
  const own = proxy.headers.entries.find((entry) => entry.via.length === depth);
  return own?.directive.namePlace ?? passPlace(proxy);
}

/** Whether the location shows that it wants plain requests only: it clears Connection, or streams without a buffer. */
function isPlainByChoice(proxy: ProxyBlock): boolean {
  const isCleared = proxy.setters("connection").some(({ directive }) => /^(?:close)?$/i.test(directive.arg(1) ?? ""));
  return isCleared || proxy.value("proxy_buffering").entry?.directive.arg(0) === "off";
}

/** The pair alone; and all that is lost, after which plain requests carry another Host, say: a person has to look. */
function repeatOuter(
  proxy: ProxyBlock,
  environment: Environment,
  outer: EffectiveList,
  isMeantForIt: boolean,
): readonly DraftFix[] {
  const pair = repeatPair(proxy, environment, outer, isMeantForIt, []);
  const lost = lostEntries(proxy, outer.entries);
  if (lost.length === 0 || outer.certainty === "doubtful" || proxy.headers.certainty === "doubtful") return [pair];
  const names = [...new Set(lost.map(({ directive }) => directive.arg(0) ?? ""))];
  const all: DraftFix = {
    ...repeatPair(proxy, environment, outer, isMeantForIt, copies(lost)),
    title: `Repeat all outer headers here: Upgrade and Connection, and ${listText(names)}`,
    applicability: "suggested",
  };
  return pair.applicability === "safe" ? [pair, all] : [all, pair];
}

function repeatPair(
  proxy: ProxyBlock,
  environment: Environment,
  outer: EffectiveList,
  isMeantForIt: boolean,
  others: readonly string[],
): DraftFix {
  const depth = proxy.headers.scope?.via.length ?? 0;
  const last = proxy.headers.entries.findLast((entry) => entry.via.length === depth);
  const include = proxy.headers.entries.at(-1)?.via[depth];
  const anchor = last?.directive ?? include ?? proxy.directive;
  const upgrade = outerSetters(outer, "upgrade").map(lineOf);
  const outerConnection = outerSetters(outer, "connection");
  // A literal is right for a path of its own only; elsewhere plain requests would carry it as well.
  const isLiteral = outerConnection.some(({ directive }) => !directive.arg(1)?.includes("$"));
  const value = isLiteral && !isDedicated(proxy) ? connectionValue(proxy, environment) : undefined;
  const connection = value
    ? [...value.lines, `proxy_set_header Connection ${value.text};`]
    : outerConnection.map(lineOf);
  const present = proxy.setters("connection").at(-1)?.directive.args[1];
  const edits: DraftEdit[] = [...(value?.edits ?? [])];
  if (present) {
    edits.push(replace(present, value?.text ?? outerConnection.at(-1)?.directive.args[1]?.raw ?? "upgrade"));
    edits.push(insertAfter(anchor, [...(value?.lines ?? []), ...others, ...upgrade]));
  } else edits.push(insertAfter(anchor, [...others, ...upgrade, ...connection]));
  // Written at an outer level, the pair would reach the subrequests of that level, which then fail.
  const server = proxy.scope.nearest("server");
  const isOuter = proxy.headers.scope !== proxy.location;
  const reachesSubrequests = isOuter && server !== undefined && subrequestTargets(server).size > 0;
  const isSafe =
    isMeantForIt && !reachesSubrequests && !answersSubrequests(proxy) && isOneFile(edits) && value?.isSafe !== false;
  return {
    title: "Repeat the outer Upgrade and Connection headers here",
    applicability: isSafe ? "safe" : "suggested",
    edits,
  };
}
