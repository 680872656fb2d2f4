import type { Environment } from "../model/config.ts";
import type { Listen } from "../model/listen.ts";
import { type ServerBlock, serversOf } from "../model/server.ts";
import { timeText } from "../nginx/time.ts";
import type { DraftFix, Rule } from "./rule.ts";
import { readTimeout } from "./timeouts.ts";
import { tunnelsOf } from "./tunnels.ts";

/** Exactly a day is what everybody copies, and it does well: only what is longer is worth a word. */
const DAY_MS = 86_400_000;

/** Parameters that nginx takes once per address, whichever server gives them (`lsopt.set`, ngx_http_core_listen). */
const socketOption =
  /^(?:bind|reuseport|deferred|(?:backlog|rcvbuf|sndbuf|setfib|fastopen|accept_filter|ipv6only|so_keepalive)=.*)$/;

/** A tunnel may be silent for days, and nothing finds out whether its client is still there. */
export const longTimeoutNoKeepalive: Rule = {
  id: "long-timeout-no-keepalive",
  severity: "hint",
  cause: 3,
  what: "A tunnel may be silent for longer than a day, and nothing looks whether its client is still there.",
  why: "A client that vanished without a word (sleep, a lost network) keeps two connections of nginx busy for that time.",
  fixable: "suggested",
  isStructural: true,
  check: {
    *config(environment) {
      let known: ReadonlyMap<string, readonly Listen[]> | undefined;
      for (const server of serversOf(environment)) {
        yield undefined;
        if (!server.directive || !server.isKnown) continue;
        for (const tunnel of tunnelsOf(server)) {
          const timeout = readTimeout(tunnel);
          if (!timeout || timeout.milliseconds <= DAY_MS) continue;
          known ??= optionsByAddress(environment);
          const options = known;
          const listens = socketsOf(server);
          if (listens.length === 0 || listens.some((listen) => isKept(listen, options))) break;
          yield {
            place: timeout.word,
            severity: "hint",
            message: `A client that vanished holds two connections for up to ${timeText(timeout.milliseconds)}. Nothing asks whether it is still there; so_keepalive on the listen does.`,
            related: listens.map(({ directive }) => ({ place: directive.head, message: "Its listener." })),
            fixes: addKeepalive(listens, options),
          };
        }
      }
    },
  },
};

/** The TCP listeners: a socket in the file system has no network to lose. */
function socketsOf({ listens }: ServerBlock): readonly Listen[] {
  return listens.filter(({ address, quic }) => !address.startsWith("unix:") && !quic);
}

function keyOf({ address, port }: Listen): string {
  return `${address}:${port}`;
}

/** The listeners with options of the socket by address: all servers of an address share it. */
function optionsByAddress(environment: Environment): ReadonlyMap<string, readonly Listen[]> {
  const found = new Map<string, Listen[]>();
  for (const listen of serversOf(environment).flatMap(socketsOf)) {
    if (!listen.parameters.some((parameter) => socketOption.test(parameter))) continue;
    const known = found.get(keyOf(listen));
    if (known) known.push(listen);
    else found.set(keyOf(listen), [listen]);
  }
  return found;
}

function isKept(listen: Listen, options: ReadonlyMap<string, readonly Listen[]>): boolean {
  return (options.get(keyOf(listen)) ?? []).some(({ parameters }) =>
    parameters.some((parameter) => parameter.startsWith("so_keepalive=") && parameter !== "so_keepalive=off"),
  );
}

/** nginx refuses options of one address in two places. */
function addKeepalive(
  listens: readonly Listen[],
  options: ReadonlyMap<string, readonly Listen[]>,
): readonly DraftFix[] {
  const taken = listens.some((listen) =>
    (options.get(keyOf(listen)) ?? []).some((other) => other.directive !== listen.directive),
  );
  if (taken || listens.some(({ parameters }) => parameters.includes("so_keepalive=off"))) return [];
  return [
    {
      title: "Let TCP look after the client",
      applicability: "suggested",
      edits: listens.map(({ directive }) => {
        const { segment, end } = directive.words.at(-1) as NonNullable<(typeof directive.words)[number]>;
        return { place: { segment, start: end, end }, newText: " so_keepalive=30s:10s:3" };
      }),
    },
  ];
}
