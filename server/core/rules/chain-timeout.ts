import { replace } from "../edits/insert.ts";
import { nextHop } from "../model/hops.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import { serversOf } from "../model/server.ts";
import { timeText } from "../nginx/time.ts";
import { pathText } from "./handshake.ts";
import type { DraftFix, Rule } from "./rule.ts";
import { DEFAULT_READ_TIMEOUT_MS, type ReadTimeout, readTimeout, seemsToMeanSeconds } from "./timeouts.ts";
import { tunnelsOf } from "./tunnels.ts";

/** Two servers that a WebSocket passes one after the other give it different times. */
export const chainTimeout: Rule = {
  id: "chain-timeout",
  severity: "information",
  cause: 3,
  what: "A WebSocket passes two servers of this configuration, and they allow different times of silence.",
  why: "Each of them counts by itself and the shorter time ends the tunnel, so the longer one has no effect.",
  fixable: "suggested",
  isStructural: true,
  check: {
    *config(environment) {
      for (const server of serversOf(environment)) {
        yield undefined;
        for (const outer of tunnelsOf(server)) {
          const inner = nextHop(outer, environment)?.proxy;
          const pair = inner && inner.scope !== outer.scope ? shorterFirst(outer, inner) : undefined;
          if (!pair) continue;
          const { proxy, timeout, other } = pair;
          const where = proxy === outer ? "the server it is passed to" : "the server in front";
          yield {
            place: timeout.word,
            severity: "information",
            message: `A quiet WebSocket on ${pathText(outer)} is cut after ${timeText(timeout.milliseconds)}: the shortest time counts. It passes two servers of this configuration, and ${where} allows ${timeText(other.milliseconds)}.`,
            related: [
              { place: other.word, message: "The longer time, which is never reached." },
              { place: outer.url, message: "The WebSocket passes from one server to the other here." },
            ],
            fixes: timeout.scope === proxy.location ? [align(timeout, other)] : [],
          };
        }
      }
    },
  },
};

interface Pair {
  readonly proxy: ProxyBlock;
  readonly timeout: ReadTimeout;
  readonly other: ReadTimeout;
}

/** The hop with the shorter time; other rules speak of a time that is not set, or shorter than the default. */
function shorterFirst(outer: ProxyBlock, inner: ProxyBlock): Pair | undefined {
  const first = readTimeout(outer);
  const second = readTimeout(inner);
  if (!first || !second || first.milliseconds === second.milliseconds) return undefined;
  const pair =
    first.milliseconds < second.milliseconds
      ? { proxy: outer, timeout: first, other: second }
      : { proxy: inner, timeout: second, other: first };
  const isSpokenOf = pair.timeout.milliseconds < DEFAULT_READ_TIMEOUT_MS || seemsToMeanSeconds(pair.timeout.word.value);
  return isSpokenOf ? undefined : pair;
}

function align(timeout: ReadTimeout, other: ReadTimeout): DraftFix {
  return {
    title: `Allow ${other.word.value} here too`,
    applicability: "suggested",
    edits: [replace(timeout.word, other.word.raw)],
  };
}
