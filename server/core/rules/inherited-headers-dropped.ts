import { copies } from "../edits/headers.ts";
import { insertAfter } from "../edits/insert.ts";
import { isOwnLevel, replacedList } from "./handshake.ts";
import { ownHeadersPlace } from "./headers-lost-by-inheritance.ts";
import { listText, lostEntries } from "./lost-headers.ts";
import type { Rule } from "./rule.ts";

/** Headers that backends decide by: whether the origin is right, whether cookies may be secure. */
const serious = /^(?:host|x-forwarded-proto)$/i;

/** The handshake headers set here make nginx forget the other outer headers. */
export const inheritedHeadersDropped: Rule = {
  id: "inherited-headers-dropped",
  severity: "warning",
  cause: 1,
  what: "The WebSocket headers set here make nginx forget the headers of the outer level.",
  why: "proxy_set_header is inherited only by a level that sets no header at all: if Host is among the lost ones, the backend sees the upstream name and may refuse the origin.",
  fixable: "suggested",
  isStructural: true,
  check: {
    *proxy(proxy) {
      const outer = replacedList(proxy);
      if (!outer || !isOwnLevel(proxy) || proxy.headers.certainty === "doubtful" || outer.certainty === "doubtful")
        return;
      if (proxy.setters("upgrade").length === 0 || proxy.verdict === "not-websocket") return;
      const lost = lostEntries(proxy, outer.entries);
      if (lost.length === 0) return;
      const names = [...new Set(lost.map((entry) => entry.directive.arg(0) ?? ""))].toSorted(
        (a, b) => Number(serious.test(b)) - Number(serious.test(a)),
      );
      const anchor = proxy.headers.entries.findLast((entry) => entry.via.length === proxy.headers.scope?.via.length);
      yield {
        place: ownHeadersPlace(proxy),
        severity: names.some((name) => serious.test(name)) ? "warning" : "information",
        message: `The backend no longer receives the outer ${listText(names)}. Headers set here replace all of them. ${
          names.some((name) => /^host$/i.test(name))
            ? "Host becomes the name in proxy_pass, and backends that compare it with Origin answer 403."
            : "A level that sets one proxy_set_header inherits none."
        }`,
        related: lost.map((entry) => ({
          place: entry.directive.head,
          message: "Set here, but not inherited by this location.",
        })),
        fixes: [
          {
            title: `Repeat ${listText(names)} here`,
            applicability: "suggested",
            edits: [insertAfter(anchor?.directive ?? proxy.directive, copies(lost))],
          },
        ],
      };
    },
  },
};
