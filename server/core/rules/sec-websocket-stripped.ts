import { passAnchor } from "../edits/headers.ts";
import { insertAfter, replace } from "../edits/insert.ts";
import { keepsList, remove } from "../edits/remove.ts";
import type { Severity } from "../finding.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import type { Entry } from "../model/scope.ts";
import { isMeant, isOwnLevel, pathText } from "./handshake.ts";
import type { Draft, DraftFix, Rule } from "./rule.ts";

/** The client's Sec-WebSocket-* headers do not arrive as they were sent. */
export const secWebsocketStripped: Rule = {
  id: "sec-websocket-stripped",
  severity: "error",
  cause: 1,
  what: "A Sec-WebSocket header of the handshake is cleared or overwritten on the way to the backend.",
  why: "nginx passes them on by itself. Without the key or the version the backend answers 400 or 426; without the subprotocol some clients give up.",
  fixable: "safe",
  check: {
    *proxy(proxy) {
      // Where no Upgrade is passed on, somebody keeps WebSockets out.
      if (!isMeant(proxy) || !proxy.setters("upgrade").some(({ directive }) => directive.arg(1) !== "")) return;
      for (const entry of proxy.headers.entries)
        if (/^sec-websocket-/i.test(entry.directive.arg(0) ?? "")) yield* reportHeader(proxy, entry);
      yield* reportAll(proxy);
    },
  },
};

function* reportHeader(proxy: ProxyBlock, entry: Entry): Generator<Draft> {
  const [name, value] = entry.directive.args;
  const lower = name?.value.toLowerCase() ?? "";
  if (!name || !value) return;
  // Several are all sent, an empty one is not.
  if (proxy.setters(lower).length > 1) return;
  const values = proxy.evaluation("websocket").evaluate(value.value);
  const isCleared = values?.every((text) => text === "") === true;
  const isWrong = lower === "sec-websocket-version" ? values?.includes("13") === false : /^[^$]+$/.test(value.value);
  const report = reports[lower];
  if (!report || !(isCleared || (isWrong && report.severity === "error"))) return;
  const how = isCleared ? "is cleared" : `is always “${value.value.slice(0, 24)}”`;
  yield {
    place: value,
    severity: report.severity,
    message: report.message(pathText(proxy), `${name.value} ${how}`),
    related: isOwnLevel(proxy)
      ? []
      : [{ place: proxy.directive.namePlace, message: "The requests of this location are affected." }],
    fixes: [letThrough(proxy, entry, lower)],
  };
}

const reports: Readonly<Record<string, { severity: Severity; message(path: string, what: string): string }>> = {
  "sec-websocket-key": {
    severity: "error",
    message: (path, what) =>
      `WebSocket fails on ${path}: ${what}. The backend answers 400 without the client's key, and the browser refuses an answer to another key.`,
  },
  "sec-websocket-version": {
    severity: "error",
    message: (path, what) =>
      `WebSocket fails on ${path}: ${what}. Browsers speak version 13 and say so; the backend answers 400 or 426 to anything else.`,
  },
  "sec-websocket-protocol": {
    severity: "warning",
    message: (path, what) =>
      `Clients with a subprotocol fail on ${path}: ${what}. MQTT, GraphQL and Vite clients ask for one and close the connection when no answer names it.`,
  },
  "sec-websocket-extensions": {
    severity: "hint",
    message: (path, what) =>
      `Messages on ${path} are not compressed: ${what}. Client and backend agree on compression in it.`,
  },
};

/** Takes the line out, since nginx passes the header on by itself; the last header of a level stays, or outer ones came into force. */
function letThrough(proxy: ProxyBlock, entry: Entry, name: string): DraftFix {
  const { directive } = entry;
  const value = directive.args[1];
  const siblings = proxy.headers.entries.filter((other) => /^sec-websocket-/i.test(other.directive.arg(0) ?? ""));
  // Neighbouring lines could not both be taken out in one go.
  const isRemovable = siblings.length === 1 && keepsList(proxy.headers.scope, "proxy_set_header", [directive]);
  const edit = isRemovable || !value ? remove(directive) : replace(value, `$http_${name.replaceAll("-", "_")}`);
  return {
    title: `Pass on the client's ${directive.arg(0)}`,
    // Somebody may have switched compression off for good.
    applicability: name === "sec-websocket-extensions" ? "suggested" : "safe",
    edits: [edit],
  };
}

/** `proxy_pass_request_headers off` leaves only what proxy_set_header writes. */
function* reportAll(proxy: ProxyBlock): Generator<Draft> {
  const { entry } = proxy.value("proxy_pass_request_headers");
  const word = entry?.directive.args[0];
  if (!entry || !word || word.value.toLowerCase() !== "off") return;
  const evaluation = proxy.evaluation("websocket");
  const isSent = (name: string) =>
    proxy.setters(name).some(({ directive }) => mayBeSent(evaluation.evaluate(directive.arg(1) ?? "")));
  if (isSent("sec-websocket-key") && isSent("sec-websocket-version")) return;
  const isOwn = proxy.location?.own("proxy_pass_request_headers").includes(entry) === true;
  yield {
    place: word,
    severity: "error",
    message: `WebSocket fails on ${pathText(proxy)}: none of the client's headers is passed on. The backend misses the key and the version of the handshake and answers 400 or 426.`,
    related: isOwn ? [] : [{ place: proxy.directive.namePlace, message: "A WebSocket location that inherits it." }],
    fixes: [
      isOwn
        ? { title: "Pass the client's headers on", applicability: "suggested", edits: [replace(word, "on")] }
        : {
            title: "Pass the client's headers on in this location",
            applicability: "suggested",
            edits: [insertAfter(passAnchor(proxy), ["proxy_pass_request_headers on;"])],
          },
    ],
  };
}

function mayBeSent(values: readonly string[] | undefined): boolean {
  return !values || values.some((text) => text !== "");
}
