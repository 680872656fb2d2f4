import { isDedicated } from "../edits/connection.ts";
import { replace, wholeLines } from "../edits/insert.ts";
import { effectiveList } from "../model/effective.ts";
import { type ErrorPage, pageFor, readErrorPages } from "../model/error-pages.ts";
import { exitOf } from "../model/exits.ts";
import type { LocationBlock } from "../model/location.ts";
import type { Entry } from "../model/scope.ts";
import type { ServerBlock } from "../model/server.ts";
import { subrequestsIn } from "../model/subrequests.ts";
import { pathText } from "./handshake.ts";
import { meantLocations } from "./meant.ts";
import type { DraftFix, Rule } from "./rule.ts";

/** Whoever is not logged in gets a redirect to the login page as the answer to a handshake. */
export const authRedirectsHandshake: Rule = {
  id: "auth-redirects-handshake",
  severity: "information",
  what: "Handshakes without a session are redirected to a login page, where no WebSocket can go.",
  why: "No browser follows a redirect of a handshake: it reports 302 instead of the 401 that would say what is missing.",
  fixable: "suggested",
  isStructural: true,
  check: {
    *server(server) {
      for (const location of meantLocations(server)) {
        const auth = subrequestsIn(location, "auth_request").at(-1);
        const list = location.list("error_page");
        if (!auth || list.certainty === "doubtful") continue;
        const pages = readErrorPages(list);
        for (const code of [401, 403]) {
          const page = pageFor(pages, code);
          const shown = page && redirectOf(page, server);
          if (!page || shown === undefined || redirectsQuestion(page, auth, server)) continue;
          yield {
            place: page.entry.directive.namePlace,
            severity: "information",
            message: `Without a login a handshake at ${pathText(location)} gets ${shown}, not ${code}. error_page redirects to the login page, and browsers do not follow that for a handshake: they report "Unexpected response code: ${shown}".`,
            related: [{ place: auth.directive.head, message: "This asks for the login." }],
            fixes: page.entry.via.length > location.scope.via.length ? [] : leaveOut(page, location, code),
          };
          break;
        }
      }
    },
  },
};

/** Whether the page takes the answer to the question itself: then nginx does not understand it and says 500 to everybody. */
function redirectsQuestion({ entry }: ErrorPage, auth: Entry, server: ServerBlock): boolean {
  const target = server.follow(auth.directive.arg(0) ?? "");
  if (!target?.list("error_page").entries.includes(entry)) return false;
  return target.pass === undefined || target.value("proxy_intercept_errors").entry?.directive.arg(0) === "on";
}

/** The status of the redirect that a page becomes; undefined when it is none. */
function redirectOf(page: ErrorPage, server: ServerBlock): number | undefined {
  const wanted = typeof page.status === "number" && page.status >= 301 && page.status <= 308 ? page.status : undefined;
  if (page.isRedirect) return wanted ?? 302;
  const target = server.follow(page.target.value);
  const exit = target && exitOf(target.scope, server.environment);
  return exit && exit.status >= 301 && exit.status <= 308 ? exit.status : undefined;
}

/** Removes the line from the location, where it is its own, about nothing else, and no page needs the login page there. */
function leaveOut({ entry, codes }: ErrorPage, location: LocationBlock, code: number): readonly DraftFix[] {
  const own = location.scope.own("error_page");
  if (codes.length !== 1 || !own.includes(entry) || !isDedicated(location)) return [];
  // Without a line of its own the location inherits those around it, which may redirect as well.
  const { parent } = location.scope;
  if (own.length === 1 && parent && effectiveList(parent, "error_page").entries.length > 0) return [];
  return [
    {
      title: `Answer handshakes with a plain ${code}`,
      applicability: "suggested",
      edits: [replace(wholeLines(entry.directive.place), "")],
    },
  ];
}
