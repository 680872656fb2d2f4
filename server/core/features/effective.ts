import type { Span } from "../finding.ts";
import type { Environment } from "../model/config.ts";
import { LocationBlock } from "../model/location.ts";
import type { Scope } from "../model/scope.ts";
import type { ServerBlock } from "../model/server.ts";
import { spanOf } from "../syntax/document.ts";
import { doubtsAbout } from "./effective-doubts.ts";
import { handlerOf, serverText, urlsOf, waysTo } from "./effective-place.ts";
import { compareRequests, type PlayedRequest, playRequest, type ViewedRequest } from "./effective-request.ts";
import { idleLimitOf } from "./effective-time.ts";
import { topicsOf } from "./effective-values.ts";

/** A value in force, and where it comes from. */
export interface ViewedValue {
  readonly name: string;
  /** What nginx reads, as written: name, arguments and `;`. A comment where it cannot be shown as a line. */
  readonly line: string;
  /** The level that sets it, seen from here; `default` for nginx's own value. */
  readonly from: "here" | "location" | "server" | "http" | "main" | "default";
  readonly span: Span | undefined;
  /** What else is to be said about it, in a few words. */
  readonly note: string | undefined;
}

/** Values that belong together. */
export interface ViewedTopic {
  readonly title: string;
  readonly values: readonly ViewedValue[];
}

/** Something that keeps an answer from being sure. */
export interface Doubt {
  /** A sentence. */
  readonly text: string;
  readonly span: Span | undefined;
}

/** After how long without traffic nginx closes a tunnel. */
export interface IdleLimit {
  readonly milliseconds: number;
  /** The directive that says so. */
  readonly name: string;
  readonly from: ViewedValue["from"];
  /** Undefined for nginx's own value. */
  readonly span: Span | undefined;
  /** What may make it another one, in a few words. */
  readonly note: string | undefined;
}

/** What answers the requests of a location. */
export interface ViewedHandler {
  readonly text: string;
  readonly span: Span | undefined;
  /** The addresses behind it, when it passes to an `upstream` block. */
  readonly backends: readonly string[];
}

/** Everything that is in force at one place of a configuration: plain data. */
export interface EffectiveView {
  /** `location /ws`, `if ($x)` in it, or the server outside of locations. */
  readonly title: string;
  /** The block: undefined for a file that is one. */
  readonly span: Span | undefined;
  readonly server: {
    readonly title: string;
    readonly span: Span | undefined;
    readonly lines: readonly ViewedValue[];
  };
  /** The heads of the blocks from the server inwards, for a text that looks like the configuration. */
  readonly blocks: readonly { readonly head: string; readonly span: Span | undefined }[];
  /** How requests get here, as a sentence. */
  readonly ways: string;
  /** What a client opens to get here. */
  readonly urls: readonly string[];
  /** Ends the sentence “This is a WebSocket location because …”. */
  readonly evidence: string | undefined;
  readonly handler: ViewedHandler;
  readonly handshake: ViewedRequest;
  readonly plain: ViewedRequest;
  readonly idle: IdleLimit | undefined;
  readonly topics: readonly ViewedTopic[];
  readonly doubts: readonly Doubt[];
}

/** A place to look at. */
export interface EffectivePlace {
  readonly environment: Environment;
  readonly server: ServerBlock;
  /** Undefined outside of locations. */
  readonly location: LocationBlock | undefined;
  /** The location, or an `if` or `limit_except` in it. */
  readonly scope: Scope;
  /** The request to look at, when one is meant; else one that gets to the location is thought of. */
  readonly request?: { readonly url: string; readonly host: string; readonly target: string };
}

/** The place of a scope in its server. */
export function placeOf(scope: Scope, environment: Environment, server: ServerBlock): EffectivePlace {
  const around = scope.nearest("location");
  // A file that goes inside a location is one itself.
  const location =
    around &&
    (server.allLocations.find((candidate) => candidate.scope === around) ??
      new LocationBlock(around, environment, undefined));
  return { environment, server, location, scope: location ? scope : server.scope };
}

/** Finds out what is in force at a place. */
export function viewOf(place: EffectivePlace): EffectiveView {
  const { server, request } = place;
  const handshake = playRequest(place, "websocket");
  const plain = playRequest(place, "plain");
  // A request that is meant goes where it goes; a place that is meant stays.
  const seen: EffectivePlace =
    request && handshake.arrival
      ? { ...place, location: handshake.arrival.location, scope: handshake.arrival.scope }
      : place;
  const { scope, location } = seen;
  const seenFromHere = ({ view, arrival }: PlayedRequest): ViewedRequest =>
    view.kind === "request" && arrival?.location === location ? { ...view, by: undefined } : view;
  const rewritten = location !== place.location && place.location ? headOf(place.location.scope) : undefined;
  const blocks = [...scope.outwards()]
    .filter(
      ({ directive, kind }) =>
        directive && (kind === "server" || kind === "location" || kind === "if" || kind === "limit_except"),
    )
    .toReversed()
    .map((level) => ({ head: headOf(level), span: level.directive && spanOf(level.directive.head) }));
  return {
    title: location ? headOf(scope) : "no location",
    span: scope.directive && spanOf(scope.directive.head),
    server: serverText(server),
    blocks,
    ways:
      rewritten === undefined
        ? waysTo(seen)
        : `${rewritten} takes the request, and its rewrite or try_files sends it here.`,
    urls: request ? [request.url] : urlsOf(seen),
    evidence: location?.evidence?.because,
    handler: handlerOf(seen),
    ...compareRequests(seenFromHere(handshake), seenFromHere(plain)),
    // The tunnel lives where the handshake is passed on.
    idle: idleLimitOf(handshake.arrival ?? seen),
    topics: topicsOf(seen),
    doubts: doubtsAbout(seen, [handshake, plain]),
  };
}

/** How a block begins, in one line: `location ~ ^/ws`. */
export function headOf({ directive, kind }: Scope): string {
  return directive ? directive.words.map(({ raw }) => raw).join(" ") : `a file that goes inside ${kind}`;
}
