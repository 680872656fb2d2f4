import { replace } from "../edits/insert.ts";
import type { ErrorPage } from "../model/error-pages.ts";
import { readExit } from "../model/exits.ts";
import { type Scope, scopesWithin } from "../model/scope.ts";
import type { ServerBlock } from "../model/server.ts";
import { Evaluation } from "../model/values.ts";
import { hidingWays, isSignal, type Way } from "./error-page-ways.ts";
import type { Draft, DraftFix, Rule } from "./rule.ts";

/** The 101 arrives under the status of an error. */
export const errorPageWithoutEquals: Rule = {
  id: "error-page-without-equals",
  severity: "error",
  what: "Handshakes come to a WebSocket location through an error_page without =, which keeps the status of the error.",
  why: "The headers of the 101 reach the client under 404 or 418: the browser gives up while the backend believes it is connected.",
  fixable: "safe",
  isStructural: true,
  check: {
    *server(server) {
      let plain: PlainReturns | undefined;
      for (const way of hidingWays(server)) {
        plain ??= new PlainReturns(server);
        const isOwn = way.page.entry.via.length <= server.scope.via.length;
        const isSafe = isOwn && way.kind === "returned" && plain.spare(way.page);
        yield describe(way, isSafe ? "safe" : "suggested");
      }
    },
  },
};

function describe({ page, target, code, path, kind }: Way, applicability: DraftFix["applicability"]): Draft {
  const { status, equals, target: word } = page;
  const isKept = typeof status !== "number";
  const shown = isKept ? code : status;
  const consequence =
    kind === "failed"
      ? `The fallback of ${path} opens no WebSocket: its 101 arrives as ${shown}.`
      : `WebSocket hangs on ${path}: its 101 arrives as ${shown}.`;
  const reason = isKept
    ? "error_page without = keeps the status of the error"
    : `${equals?.value} replaces the status of what answers`;
  const start = { segment: word.segment, start: word.start, end: word.start };
  return {
    place: equals ?? word,
    severity: kind === "failed" ? "warning" : "error",
    message: `${consequence} ${reason}, so the browser says "Unexpected response code: ${shown}" while the backend believes it is connected.`,
    related: [{ place: target.directive.head, message: "This location answers the handshake." }],
    fixes: [
      {
        title: `Let ${word.value} answer with its own status: = ${word.value}`,
        applicability,
        edits: [equals ? replace(equals, "=") : replace(start, "= ")],
      },
    ],
  };
}

/** The `return`s of a server that plain requests may come to. */
class PlainReturns {
  private readonly codes = new Set<number>();
  private readonly intercepts: boolean;

  constructor({ scope, environment }: ServerBlock) {
    let intercepts = false;
    const evaluations = new Map<Scope, Evaluation>();
    const isForHandshakes = ({ kind, directive, parent }: Scope) => {
      if (kind !== "if" || !directive || !parent) return false;
      const evaluation = evaluations.get(parent) ?? new Evaluation(environment.definitions, parent, "plain");
      evaluations.set(parent, evaluation);
      return evaluation.condition(directive) === false;
    };
    for (const level of scope.outwards()) if (isIntercepting(level)) intercepts = true;
    for (const level of scopesWithin(scope)) {
      if (isIntercepting(level)) intercepts = true;
      const returns = level.own("return");
      if (returns.length === 0 || isForHandshakes(level)) continue;
      for (const entry of returns) this.codes.add(readExit(entry)?.status ?? 0);
    }
    this.intercepts = intercepts;
  }

  /** Whether no plain request can come to a page: its codes are signals, and each `return` of one is for handshakes. */
  spare({ codes }: ErrorPage): boolean {
    return !this.intercepts && codes.every((code) => isSignal(code) && !this.codes.has(code));
  }
}

/** Whether a backend's errors come to `error_page` as well, whatever passes the requests on. */
function isIntercepting(scope: Scope): boolean {
  return ["proxy", "fastcgi", "uwsgi", "scgi", "grpc", "memcached"].some((kind) =>
    scope.own(`${kind}_intercept_errors`).some(({ directive }) => directive.arg(0) === "on"),
  );
}
