import type { FileId } from "../finding.ts";
import { readTarget } from "../model/client-request.ts";
import type { Environment } from "../model/config.ts";
import { effectiveValue } from "../model/effective.ts";
import type { LocationBlock } from "../model/location.ts";
import type { ServerBlock } from "../model/server.ts";
import { chooseServer, type ServerChoice } from "../model/server-choice.ts";
import { type EffectivePlace, headOf, placeOf } from "./effective.ts";
import { originsOf, serverTitle } from "./effective-place.ts";
import { serversIn, serversOfFiles } from "./overview.ts";

/** The place that somebody means, and what is to be said about the choice; or why there is none. */
export type Choice = { readonly place: EffectivePlace; readonly notes: readonly string[] } | { readonly error: string };

/**
 * Finds the place that a text means: a URL, a path with or without a query, a named location, or a location as it is
 * written. Server and location are those that nginx chooses. Where a text fits several servers, one that is written in
 * the files counts.
 */
export function choosePlace(environments: readonly Environment[], text: string, files?: ReadonlySet<FileId>): Choice {
  const url = /^(wss?|https?):\/\/(\[[\da-f:.]+\]|[^/:?#[\]]+)(?::(\d{1,5}))?([/?#].*)?$/i.exec(text);
  if (url) {
    const [, scheme = "", host = "", port, rest = ""] = url;
    const isTls = /^(?:wss|https)$/i.test(scheme);
    const target = (rest.startsWith("/") ? rest : `/${rest}`).split("#")[0] as string;
    return chooseByUrl(environments, { url: text, host, port: Number(port ?? (isTls ? 443 : 80)), isTls, target });
  }
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(text)) return { error: `${text} is no URL that a browser opens a WebSocket with` };
  const own = serversOfFiles(environments, files);
  const servers = [...own, ...environments.flatMap(serversIn).filter((server) => !own.includes(server))];
  const written = chooseByHead(servers, text);
  if (written) return written;
  if (text.startsWith("/")) {
    const choice = chooseByPath(own, text);
    return "error" in choice && own.length < servers.length ? chooseByPath(servers, text) : choice;
  }
  return {
    error: `there is no location ${JSON.stringify(text)}: write a path such as /ws, or a URL such as wss://example.com/ws`,
  };
}

interface ParsedUrl {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
  readonly target: string;
}

function chooseByUrl(environments: readonly Environment[], parsed: ParsedUrl): Choice {
  const { url, host, port, isTls, target } = parsed;
  const choices = environments.flatMap((environment) => chooseServer(environment, { host, port }) ?? []);
  // Files of one folder may be configurations of their own here: the one that knows the name is meant.
  const choice = choices.find(({ by }) => by !== "default") ?? choices[0];
  if (choice) {
    const usual = port === (isTls ? 443 : 80);
    const request = { url, host: usual ? host : `${host}:${port}`, target };
    const place = placeFor(choice.server, target, request);
    return "error" in place ? place : { ...place, notes: [...notesOn(choice, parsed), ...place.notes] };
  }
  const ports = new Set(
    environments
      .flatMap(serversIn)
      .flatMap(({ listens }) => (listens.length === 0 ? [80] : listens.map((listen) => listen.port))),
  );
  const known = [...ports].filter((each) => each > 0).sort((a, b) => a - b);
  if (known.length === 0) return { error: `no server listens here: write a path such as ${target} instead of a URL` };
  return { error: `no server listens on port ${port}; those that are here listen on ${known.join(", ")}` };
}

function notesOn({ server, listen, by, isCertain }: ServerChoice, { host, port, isTls }: ParsedUrl): readonly string[] {
  const notes: string[] = [];
  const speaksTls = listen?.ssl === true || effectiveValue(server.scope, "ssl").entry?.directive.arg(0) === "on";
  if (isTls && !speaksTls) notes.push(`Port ${port} does not speak TLS: the handshake fails before nginx reads it.`);
  if (!isTls && speaksTls) notes.push(`Port ${port} speaks TLS: without it nginx answers 400.`);
  if (by === "default") notes.push(`No server_name fits ${host}: the default server of port ${port} answers.`);
  if (!isCertain) notes.push("Another server may answer: a name, an address or an include is not known here.");
  return notes;
}

function placeFor(server: ServerBlock, target: string, request: EffectivePlace["request"]): Choice {
  const { environment, scope } = server;
  if (scope.kind === "location") return { place: placeOf(scope, environment, server), notes: [] };
  const keeps = effectiveValue(scope, "merge_slashes").entry?.directive.arg(0) === "off" ? "kept" : "merged";
  const read = readTarget(target, keeps);
  if (!read) return { error: `nginx answers 400 to ${target}: that is no path` };
  const { location, isCertain } = server.route(read.path);
  const notes = isCertain ? [] : ["Another location may take this path: a regular expression cannot be judged here."];
  const place = { environment, server, location, scope: location?.scope ?? scope };
  return { place: request ? { ...place, request } : place, notes };
}

/** Of several servers that take a path, the one whose location says most about it. */
function chooseByPath(servers: readonly ServerBlock[], target: string): Choice {
  const path = readTarget(target, "merged")?.path;
  if (path === undefined) return { error: `nginx answers 400 to ${target}: that is no path` };
  const candidates = servers.flatMap((server) => {
    const { location } = server.route(path);
    return location || !server.directive ? [{ server, location }] : [];
  });
  const [best, ...others] = candidates.toSorted((a, b) => rankOf(b.location, b.server) - rankOf(a.location, a.server));
  if (!best) return { error: `no location takes ${path}` };
  const { server } = best;
  const origin = server.directive ? originsOf(server)[0] : undefined;
  const host = origin === undefined ? undefined : /^\w+:\/\/(.+)$/.exec(origin)?.[1];
  const request = origin === undefined || host === undefined ? undefined : { url: origin + target, host, target };
  const choice = placeFor(server, target, request);
  if ("error" in choice || others.length === 0) return choice;
  const names = others.slice(0, 3).map((other) => serverTitle(other.server));
  const more = others.length > names.length ? ` and ${others.length - names.length} more` : "";
  const note = `This is ${serverTitle(server)}. Also ${names.join(", ")}${more} take this path: write the whole URL for them.`;
  return { ...choice, notes: [...choice.notes, note] };
}

/** An exact location says more than a long prefix, a WebSocket one more than another, and TLS is what the world sees. */
function rankOf(location: LocationBlock | undefined, server: ServerBlock): number {
  if (!location) return -1;
  const { modifier, pattern, evidence } = location;
  const closeness = modifier === "=" ? 2000 : modifier.startsWith("~") ? 1000 : Math.min(pattern.length, 999);
  return closeness * 4 + (evidence ? 2 : 0) + (server.isTls ? 1 : 0);
}

/** A location as it is written: `@ws`, `~ ^/ws`, `= /ws`. A path alone goes the way of a request. */
function chooseByHead(servers: readonly ServerBlock[], text: string): Choice | undefined {
  if (text.startsWith("/")) return undefined;
  const wanted = text
    .replace(/^location\s+/, "")
    .replace(/\s+/g, " ")
    .trim();
  for (const server of servers) {
    const location = server.allLocations.find(({ scope, modifier, pattern }) => {
      const head = headOf(scope).replace(/^location /, "");
      return head === wanted || (modifier !== "" && modifier !== "@" && `${modifier} ${pattern}` === wanted);
    });
    if (location)
      return { place: { environment: server.environment, server, location, scope: location.scope }, notes: [] };
  }
  return undefined;
}
