import { resetUpgrade } from "../edits/reset.ts";
import { pathHint } from "../model/paths.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import type { Entry } from "../model/scope.ts";
import type { ServerBlock } from "../model/server.ts";
import { type Subrequest, type SubrequestName, subrequestsOf } from "../model/subrequests.ts";
import { hasUpgradeToken } from "../model/tokens.ts";
import type { Place } from "../syntax/directive.ts";
import { isMeant, passPlace } from "./handshake.ts";
import { passesOn } from "./meant.ts";
import type { Draft, DraftFix } from "./rule.ts";

/** A subrequest that asks its backend for a WebSocket although only the main request may have one. */
export interface Leak {
  readonly subrequest: Subrequest;
  /** The location that answers the subrequest. */
  readonly target: ProxyBlock;
  /** The header that is sent to it. */
  readonly upgrade: Entry;
  readonly place: Place;
  readonly related: NonNullable<Draft["related"]>;
  readonly fixes: readonly DraftFix[];
}

/** The targets of `auth_request` or `mirror` of WebSocket locations that get the handshake's own two headers, each once. */
export function* upgradeLeaks(server: ServerBlock, name: SubrequestName): Generator<Leak> {
  const seen = new Set<ProxyBlock>();
  for (const subrequest of subrequestsOf(server, name)) {
    const target = subrequest.target.proxy;
    if (!target || seen.has(target) || target.verdict === "not-websocket") continue;
    const { source } = subrequest;
    const upgrade = upgradeSentTo(target);
    if (!upgrade || !passesOn(source) || !isMeant(source)) continue;
    seen.add(target);
    const isOwn = target.scope.own("proxy_set_header").length > 0;
    const { directive } = subrequest.entry;
    yield {
      subrequest,
      target,
      upgrade,
      place: isOwn && upgrade.via.length <= target.scope.via.length ? upgrade.directive.namePlace : passPlace(target),
      related: [
        { place: directive.head, message: "This sends the subrequest." },
        ...(isOwn ? [] : [{ place: upgrade.directive.head, message: "The location inherits this header." }]),
      ],
      fixes: isAside(subrequest) ? [resetUpgrade(target) ?? []].flat() : [],
    };
  }
}

/** The directive that sends Upgrade with a handshake, when Connection says upgrade as well. */
function upgradeSentTo(target: ProxyBlock): Entry | undefined {
  if (target.headers.certainty === "doubtful") return undefined;
  const upgrade = target
    .sent("upgrade", "websocket")
    .find(({ value }) => value?.length && value.every((text) => text !== ""));
  const connects = target
    .sent("connection", "websocket")
    .some(({ value }) => value?.length && value.every(hasUpgradeToken));
  return connects ? upgrade?.entry : undefined;
}

/** Whether the target answers nothing but subrequests, so that no WebSocket of its own is lost by resetting headers. */
function isAside({ source, target }: Subrequest): boolean {
  if (source === target || pathHint(target.path) === "strong") return false;
  return target.modifier === "=" || target.scope.own("internal").length > 0;
}

/** The host and port that a location passes to, with the variables that are known; undefined when one is not. */
export function backendOf(proxy: ProxyBlock | undefined): string | undefined {
  const values = proxy?.evaluation("websocket").evaluate(proxy.url.value);
  if (values?.length !== 1) return undefined;
  return /^https?:\/\/([^/]+)/i.exec(values[0] as string)?.[1]?.toLowerCase();
}
