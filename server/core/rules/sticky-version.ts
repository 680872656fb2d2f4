import { replace } from "../edits/insert.ts";
import type { Upstream } from "../model/upstream.ts";
import { isAtLeast } from "../nginx/version.ts";
import type { Rule } from "./rule.ts";

/** `sticky` came to open source nginx with this version (ngx_http_upstream_sticky_module). */
const STICKY = "1.29.6";

/** `sticky` for an nginx that does not have it. */
export const stickyVersion: Rule = {
  id: "sticky-version",
  severity: "error",
  cause: 8,
  what: "The directive sticky is used with an nginx that does not know it.",
  why: "Open source nginx has it from 1.29.6 on. Older ones do not start: unknown directive “sticky”.",
  fixable: "suggested",
  check: {
    *upstream(upstream, { version }) {
      const sticky = upstream.balancers.find(({ name }) => name === "sticky");
      if (!sticky || isAtLeast(version, STICKY) !== false) return;
      // Other forms are those of another module, and other directives those of NGINX Plus, which knows sticky.
      if (!["cookie", "route", "learn"].includes(sticky.arg(0) ?? "") || isPlus(upstream)) return;
      const others = upstream.balancers.length > 1 || upstream.servers.some(({ isBackup }) => isBackup);
      yield {
        place: sticky.head,
        severity: "error",
        message: `nginx will not start: unknown directive "sticky". Open source nginx has it from 1.29.6 on (NGINX Plus and a third-party module have it earlier); hash or ip_hash keep a client on one server too.`,
        fixes: others
          ? []
          : [
              {
                title: "Hash the client address instead",
                applicability: "suggested",
                edits: [replace(sticky.head, "hash $remote_addr consistent;")],
              },
            ],
      };
    },
  },
};

/** Whether the upstream uses what open source nginx did not have before it had `sticky`. */
function isPlus({ scope }: Upstream): boolean {
  return ["queue", "state", "ntlm", "least_time"].some((name) => scope.own(name).length > 0);
}
