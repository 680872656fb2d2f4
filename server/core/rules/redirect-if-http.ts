import type { Environment } from "../model/config.ts";
import { conditionsIn, type Exit, readExit } from "../model/exits.ts";
import type { Entry, Scope } from "../model/scope.ts";
import { pathText } from "./handshake.ts";
import { meantLocations, pathsText } from "./meant.ts";
import type { Draft, Rule } from "./rule.ts";

/** The same server redirects what comes without TLS, so ws:// clients get a redirect instead of a tunnel. */
export const redirectIfHttp: Rule = {
  id: "redirect-if-http",
  severity: "information",
  cause: 7,
  what: "An if redirects plain requests to https, so clients that say ws:// get a redirect and no WebSocket.",
  why: "No browser follows a redirect of a handshake: the page has to say wss:// from the beginning.",
  fixable: "none",
  isOffByDefault: true,
  check: {
    *server(server, environment) {
      if (server.directive && !server.isPlain) return;
      const meant = meantLocations(server);
      if (meant.length === 0) return;
      for (const redirect of redirectsIn(server.scope, environment)) yield describe(redirect, pathsText(meant));
      for (const location of meant)
        for (const redirect of redirectsIn(location.scope, environment)) yield describe(redirect, pathText(location));
    },
  },
};

function describe({ entry, status }: Exit, paths: string): Draft {
  return {
    place: entry.directive.namePlace,
    severity: "information",
    message: `Over ws://, ${paths} answers ${status}, which no browser follows. Nothing is wrong as long as every client says wss://; one that says ws:// fails with "Unexpected response code: ${status}".`,
  };
}

/** The redirects to https in the `if`s of a level that ask for the scheme. */
function redirectsIn(scope: Scope, environment: Environment): readonly Exit[] {
  return [...conditionsIn(scope, environment)].flatMap(({ entry, block }) => {
    if (!asksForPlain(entry)) return [];
    const exits = [...block.own("return"), ...block.own("rewrite")].flatMap((each) => readExit(each) ?? []);
    return exits.filter(({ url }) => /^https:/i.test(url)).slice(0, 1);
  });
}

/** Whether an `if` holds for a connection without TLS, here or at a proxy in front. */
function asksForPlain({ directive }: Entry): boolean {
  const condition = directive.args
    .map((word) => word.value)
    .join(" ")
    .replace(/^\(\s*|\s*\)$/g, "")
    .toLowerCase();
  const [variable = "", operator = "", value = ""] = condition.split(/\s+/);
  const text = value.replace(/^(["'])(.*)\1$/, "$2").replace(/^\^|\$$/g, "");
  const isEqual = operator === "=" || operator === "~" || operator === "~*";
  const isDifferent = operator === "!=" || operator === "!~" || operator === "!~*";
  switch (variable.replace(/^\$\{?|\}$/g, "")) {
    case "scheme":
    case "http_x_forwarded_proto":
      return (isEqual && text === "http") || (isDifferent && text === "https");
    case "https":
      return (isEqual && text === "") || (isDifferent && text === "on");
    case "server_port":
      return (isEqual && text === "80") || (isDifferent && text === "443");
    case "ssl_protocol":
      return isEqual && text === "";
    default:
      return false;
  }
}
