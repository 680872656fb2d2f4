import { isDedicated } from "../edits/connection.ts";
import { replace } from "../edits/insert.ts";
import { allowsOwnSocket, type CspDirective, connectDirective, readPolicies } from "../model/csp.ts";
import { RequestScope } from "../model/request-scope.ts";
import type { Entry } from "../model/scope.ts";
import type { ServerBlock } from "../model/server.ts";
import { isBuiltInVariable, splitValue } from "../nginx/variables.ts";
import type { Word } from "../syntax/directive.ts";
import { isTemplate } from "../syntax/template.ts";
import { pathText } from "./handshake.ts";
import type { DraftFix, Rule } from "./rule.ts";
import { websocketLocations } from "./websocket-locations.ts";

/** The page's own policy forbids the WebSocket. */
export const cspBlocksWebsocket: Rule = {
  id: "csp-blocks-websocket",
  severity: "information",
  cause: 7,
  what: "The Content-Security-Policy of the pages forbids a WebSocket to their own server.",
  why: "Browsers ask connect-src, else default-src, before they send a handshake: without 'self' or wss: nothing reaches nginx.",
  fixable: "suggested",
  check: {
    *server(server) {
      const [socket] = websocketLocations(server);
      if (!socket || !server.directive) return;
      const seen = new Set<Entry>();
      for (const page of pagesOf(server)) {
        const { entries, certainty } = page.list("add_header");
        if (certainty === "doubtful") continue;
        for (const entry of entries) {
          const word = entry.directive.args[1];
          if (!word || seen.has(entry) || isTemplate(word.segment)) continue;
          if (entry.directive.arg(0)?.toLowerCase() !== "content-security-policy") continue;
          seen.add(entry);
          const directive = blockingDirective(word, page);
          if (!directive) continue;
          yield {
            place: word,
            severity: "information",
            message: `Pages of this server may not open a WebSocket to ${pathText(socket)}. Their Content-Security-Policy has ${say(directive)}, which has neither 'self' nor wss: in it: the browser refuses before it sends anything, and nginx logs nothing.`,
            related: [{ place: socket.directive.head, message: "The WebSocket location." }],
            fixes: allowOwn(word, directive),
          };
        }
      }
    },
  },
};

/** What answers the first page: the location for `/` or `/index.html`, or the server's own files. */
function pagesOf(server: ServerBlock): readonly RequestScope[] {
  const pages = new Set<RequestScope>();
  for (const path of ["/", "/index.html"]) {
    const { location, isCertain } = server.route(path);
    if (!isCertain) continue;
    if (!location) pages.add(new RequestScope(server.scope, server.environment));
    else if (!location.proxy || !isDedicated(location.proxy)) pages.add(location);
  }
  return [...pages].filter(({ scope }) => scope.own("return").length === 0);
}

/** The directive by which a policy forbids the socket; undefined when none does, or when variables decide. */
function blockingDirective(word: Word, page: RequestScope): CspDirective | undefined {
  const text = fillIn(word.value, page);
  for (const policy of text === undefined ? [] : readPolicies(text)) {
    const directive = connectDirective(policy);
    if (directive && !allowsOwnSocket(directive)) return directive;
  }
  return undefined;
}

/** The value with its variables replaced by what they are; nginx's own ones stay: no policy is written in them. */
function fillIn(value: string, page: RequestScope): string | undefined {
  let text = "";
  for (const part of splitValue(value)) {
    if (part.kind === "text") text += part.text;
    else {
      const values = page.evaluation("plain").variable(part.name);
      if (values?.length !== 1 && !isBuiltInVariable(part.name)) return undefined;
      text += values?.length === 1 ? values[0] : `$${part.name}`;
    }
  }
  return text;
}

function say({ name, sources }: CspDirective): string {
  const text = [name, ...sources].join(" ");
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** Adds `'self'` where connections are decided; a copy of `default-src` where there is no `connect-src`. */
function allowOwn(word: Word, { name, sources }: CspDirective): readonly DraftFix[] {
  const others = sources.filter((source) => source.toLowerCase() !== "'none'");
  const allowed = ["connect-src", "'self'", ...others].join(" ");
  const { value } = word;
  // One policy only, and nothing that would have to be escaped: otherwise a person writes it better.
  if (/[,"\\]/.test(value) || readPolicies(value).length !== 1) return [];
  const parts = value.split(";");
  const at = parts.findIndex((part) => part.trim().split(/\s+/)[0]?.toLowerCase() === name);
  const part = parts[at];
  if (part === undefined || sources.some((source) => !part.includes(source))) return [];
  const lead = /^\s*/.exec(part)?.[0] ?? "";
  if (name === "connect-src") parts[at] = `${lead}${allowed}`;
  else parts.splice(at + 1, 0, `${lead === "" ? " " : lead}${allowed}`);
  return [
    {
      title: "Allow connections to the page's own server: connect-src 'self'",
      applicability: "suggested",
      edits: [replace(word, `"${parts.join(";")}"`)],
    },
  ];
}
