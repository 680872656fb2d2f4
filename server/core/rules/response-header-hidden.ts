import { isDedicated } from "../edits/connection.ts";
import { lineOf, passAnchor } from "../edits/headers.ts";
import { insertAfter } from "../edits/insert.ts";
import { keepsList, remove } from "../edits/remove.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import type { Entry } from "../model/scope.ts";
import { isMeant, pathText } from "./handshake.ts";
import type { DraftFix, Rule } from "./rule.ts";

/** What the browser reports when a header of the 101 is missing. */
const refusals: Readonly<Record<string, string>> = {
  upgrade: "“'Upgrade' header is missing”",
  "sec-websocket-accept": "“'Sec-WebSocket-Accept' header is missing”",
  "sec-websocket-protocol": "“Sent non-empty 'Sec-WebSocket-Protocol' header but no response was received”",
};

/** proxy_hide_header takes a header out of the 101 that the browser needs. */
export const responseHeaderHidden: Rule = {
  id: "response-header-hidden",
  severity: "error",
  cause: 1,
  what: "proxy_hide_header removes a header from the answer that completes the handshake.",
  why: "The backend agrees and the log says 101, but the browser misses the header and closes the connection at once.",
  fixable: "safe",
  check: {
    *proxy(proxy) {
      if (!isMeant(proxy)) return;
      const hidden = proxy.list("proxy_hide_header");
      if (hidden.certainty === "doubtful") return;
      for (const entry of hidden.entries) {
        const word = entry.directive.args[0];
        const name = word?.value.toLowerCase() ?? "";
        const refusal = Object.hasOwn(refusals, name) ? refusals[name] : undefined;
        if (!word || refusal === undefined || isPassed(proxy, name)) continue;
        const isOptional = name === "sec-websocket-protocol";
        yield {
          place: word,
          severity: isOptional ? "warning" : "error",
          message: isOptional
            ? `A WebSocket with a subprotocol fails on ${pathText(proxy)}: the backend's choice is hidden. MQTT, GraphQL and Vite clients ask for one, and the browser says ${refusal}.`
            : `WebSocket fails on ${pathText(proxy)} after a 101: ${word.value} is hidden from the browser. It says ${refusal} and closes the connection.`,
          related: isOwn(proxy, entry)
            ? []
            : [{ place: proxy.directive.namePlace, message: "A WebSocket location that inherits it." }],
          fixes: [repair(proxy, entry, word.value)],
        };
      }
    },
  },
};

/** Whether something lets it through all the same: proxy_pass_header wins, and add_header may write it anew. */
function isPassed(proxy: ProxyBlock, name: string): boolean {
  const isNamed = ({ directive }: Entry) => directive.arg(0)?.toLowerCase() === name;
  const passing = proxy.list("proxy_pass_header");
  if (passing.certainty === "doubtful" || passing.entries.some(isNamed)) return true;
  return proxy.list("add_header").entries.some((entry) => isNamed(entry) && entry.directive.arg(2) === "always");
}

function isOwn(proxy: ProxyBlock, entry: Entry): boolean {
  return proxy.location?.own("proxy_hide_header").includes(entry) === true;
}

function repair(proxy: ProxyBlock, entry: Entry, name: string): DraftFix {
  // Plain answers would show the header again, which is why somebody hid it.
  const applicability = isDedicated(proxy) ? "safe" : "suggested";
  const { location } = proxy;
  const isHere = entry.directive.segment.document === proxy.directive.segment.document;
  if (isOwn(proxy, entry) && isHere && keepsList(location, "proxy_hide_header", [entry.directive]))
    return { title: `Do not hide ${name}`, applicability, edits: [remove(entry.directive)] };
  // A first one of its own would replace those from outside.
  const outer = location?.own("proxy_pass_header").length ? [] : proxy.list("proxy_pass_header").entries.map(lineOf);
  return {
    title: `Let ${name} through in this location`,
    applicability,
    edits: [insertAfter(passAnchor(proxy), [...outer, `proxy_pass_header ${name};`])],
  };
}
