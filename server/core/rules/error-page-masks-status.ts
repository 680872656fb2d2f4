import { passAnchor } from "../edits/headers.ts";
import { insertAfter, replace } from "../edits/insert.ts";
import { type ErrorPage, readErrorPages } from "../model/error-pages.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import { serverOf } from "../model/server.ts";
import { isMeant, pathText } from "./handshake.ts";
import type { DraftFix, Rule } from "./rule.ts";

/** The backend's refusal of a handshake is replaced by a page that says 200. */
export const errorPageMasksStatus: Rule = {
  id: "error-page-masks-status",
  severity: "information",
  what: "A refused handshake shows up as status 200: error_page replaces the backend's answer.",
  why: "The real reason (401, 403, 404, 502) is in no browser console and in no access log. Handshakes that succeed are not affected.",
  fixable: "suggested",
  isStructural: true,
  check: {
    *proxy(proxy, environment) {
      if (proxy.scope.kind !== "location" || !isMeant(proxy)) return;
      // For everything, the page is what visitors are meant to see.
      if (proxy.pattern === "/" && proxy.modifier !== "=") return;
      const intercept = proxy.value("proxy_intercept_errors");
      if (intercept.entry?.directive.arg(0) !== "on") return;
      const list = proxy.list("error_page");
      if (list.certainty === "doubtful") return;
      const server = proxy.scope.nearest("server");
      const isFile = (target: string) => {
        const location = server && serverOf(server, environment).follow(target);
        return location !== undefined && !location.pass && location.scope.own("return").length === 0;
      };
      const page = readErrorPages(list).find((each) => masks(each, isFile));
      if (!page) return;
      const shown = typeof page.status === "number" ? page.status : 200;
      const codes = page.codes.filter((code) => code >= 400);
      yield {
        place: page.equals ?? page.entry.directive.namePlace,
        severity: "information",
        message: `A refused handshake at ${pathText(proxy)} looks like ${shown}: its own status is lost. With proxy_intercept_errors, error_page turns ${codesText(codes)} from the backend into ${shown}, and the browser says "Unexpected response code: ${shown}". Handshakes that succeed are not affected.`,
        related: intercept.entry
          ? [{ place: intercept.entry.directive.head, message: "This lets error_page replace the backend's answers." }]
          : [],
        fixes: passThrough(proxy),
      };
    },
  },
};

/** Whether a page makes a success of an error: `=200`, or `=` with a file. */
function masks({ codes, status, target, isRedirect }: ErrorPage, isFile: (target: string) => boolean): boolean {
  if (isRedirect || !codes.some((code) => code >= 400)) return false;
  return typeof status === "number"
    ? status >= 200 && status < 300
    : status === "of the target" && isFile(target.value);
}

function codesText(codes: readonly number[]): string {
  return codes.length <= 2 ? codes.join(" and ") : `${codes.slice(0, 2).join(", ")} and ${codes.length - 2} more`;
}

/** Lets the backend's answers pass in this location: its own line says off, or one is added. */
function passThrough(proxy: ProxyBlock): readonly DraftFix[] {
  const own = proxy.scope.own("proxy_intercept_errors").at(-1);
  const word = own?.directive.args[0];
  if (own && (!word || own.via.length > proxy.scope.via.length)) return [];
  const edit = word ? replace(word, "off") : insertAfter(passAnchor(proxy), ["proxy_intercept_errors off;"]);
  return [{ title: "Let the backend's own status through", applicability: "suggested", edits: [edit] }];
}
