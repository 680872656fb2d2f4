import type { Environment } from "../model/config.ts";
import type { LocationBlock } from "../model/location.ts";
import { type ProxyBlock, proxyOf } from "../model/proxy.ts";
import type { Entry, Scope } from "../model/scope.ts";
import { timeText } from "../nginx/time.ts";
import { type Document, spanOf } from "../syntax/document.ts";
import type { Locate } from "./effective-text.ts";
import { idleLimitOf } from "./effective-time.ts";
import { serversIn } from "./overview.ts";

/** Something that holds at a line although it is written elsewhere. */
export interface InlayHint {
  /** Where it is shown: behind the `proxy_pass`. */
  readonly offset: number;
  readonly label: string;
  /** Plain text, several lines. */
  readonly tooltip: string;
}

/** The part of a document that is asked for. */
export interface HintRange {
  readonly start: number;
  readonly end: number;
  readonly locate: Locate;
}

/** Behind each `proxy_pass` of a WebSocket location: headers and idle limit that come from elsewhere. */
export function inlayHintsIn(
  document: Document,
  environments: readonly Environment[],
  range: HintRange,
): readonly InlayHint[] {
  const found = new Map<number, InlayHint>();
  for (const environment of environments) {
    for (const { proxy, location } of proxiesOf(document, environment)) {
      const { end } = spanOf(proxy.directive.head);
      if (end < range.start || end > range.end || found.has(end) || !proxy.evidence) continue;
      const hint = hintFor(proxy, location, range.locate);
      if (hint) found.set(end, hint);
    }
  }
  return [...found.values()];
}

/** The proxied locations, and `if`s in them, whose `proxy_pass` stands in a document. */
function* proxiesOf(
  document: Document,
  environment: Environment,
): Generator<{ readonly proxy: ProxyBlock; readonly location: LocationBlock }> {
  for (const server of serversIn(environment)) {
    for (const location of server.allLocations) {
      const { scope } = location;
      for (const level of [scope, ...scope.children().filter(({ kind }) => kind === "if")]) {
        const isHere = level.own("proxy_pass").at(-1)?.directive.segment.document === document;
        const proxy = isHere ? proxyOf(level, environment) : undefined;
        if (proxy) yield { proxy, location };
      }
    }
  }
}

const handshakeHeader = /^(?:upgrade|connection|sec-websocket-.*)$/i;

function hintFor(proxy: ProxyBlock, location: LocationBlock, locate: Locate): InlayHint | undefined {
  const { scope, headers } = proxy;
  const isElsewhere = (entry: Entry, level: Scope | undefined): boolean =>
    level !== scope || entry.directive.segment.document !== proxy.directive.segment.document;
  const inherited = headers.entries.filter(
    (entry) => handshakeHeader.test(entry.directive.arg(0) ?? "") && isElsewhere(entry, headers.scope),
  );
  const parts: string[] = [];
  const lines: string[] = [];
  const [first] = inherited;
  if (first) {
    const names = inherited.map(({ directive }) => directive.arg(0));
    parts.push(`${[...new Set(names)].join(", ")} (${locate(spanOf(first.directive.head))})`);
  }
  for (const { directive } of inherited)
    lines.push(`${directive.words.map(({ raw }) => raw).join(" ")};  ${locate(spanOf(directive.head))}`);
  const idle = idleLimitOf({ scope, location });
  const own = proxy.value(idle?.name ?? "");
  if (idle && (!own.entry || isElsewhere(own.entry, own.scope))) {
    parts.push(`idle ${timeText(idle.milliseconds)}${idle.span ? "" : " (default)"}`);
    const origin = idle.span ? locate(idle.span) : "nginx's default";
    lines.push(`${idle.name}: a tunnel without traffic is closed after ${timeText(idle.milliseconds)}  ${origin}`);
  }
  const offset = spanOf(proxy.directive.head).end;
  return parts.length === 0 ? undefined : { offset, label: parts.join(" · "), tooltip: lines.join("\n") };
}
