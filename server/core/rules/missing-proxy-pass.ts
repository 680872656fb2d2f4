import { commentsAbout } from "../model/annotations.ts";
import type { LocationBlock } from "../model/location.ts";
import { answersItself } from "./answers-itself.ts";
import { pathText } from "./handshake.ts";
import type { Rule } from "./rule.ts";

/** A location sets the headers of the handshake for a backend, and names none. */
export const missingProxyPass: Rule = {
  id: "missing-proxy-pass",
  severity: "warning",
  what: "A location passes Upgrade on, but has no proxy_pass.",
  why: "Headers alone pass nothing on: nginx looks for a file of that name and answers 404.",
  fixable: "none",
  isStructural: true,
  check: {
    *location(location) {
      const { outer, pathWord, scope } = location;
      // What a location inside one that passes requests on lacks is another rule's concern.
      if (location.pass || outer?.pass || !pathWord || location.inner.length > 0) return;
      const upgrade = scope
        .own("proxy_set_header")
        .find(({ directive }) => directive.arg(0)?.toLowerCase() === "upgrade" && directive.arg(1) !== "");
      if (!upgrade || location.verdict === "not-websocket" || answersItself(location)) return;
      if (!isReachable(location) || isSwitchedOff(location)) return;
      yield {
        place: location.directive.namePlace,
        severity: "warning",
        message: `A WebSocket to ${pathText(location)} gets 404: proxy_pass is missing. nginx looks for a file here; the headers count only for requests that are passed on.`,
        related: [{ place: upgrade.directive.head, message: "Set for a backend that nothing names." }],
      };
    },
  },
};

/** Whether requests can come here at all: the path of a request begins with a slash. */
function isReachable({ modifier, pattern }: LocationBlock): boolean {
  return modifier.startsWith("~") || modifier === "@" || pattern.startsWith("/");
}

/** Whether somebody has commented proxy_pass out: whoever did knows what is missing. */
function isSwitchedOff({ directive }: LocationBlock): boolean {
  return commentsAbout(directive).some(({ segment, start, end }) =>
    /^#+\s*proxy_pass\b/.test(segment.text.slice(start, end)),
  );
}
