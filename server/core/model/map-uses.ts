import type { Word } from "../syntax/directive.ts";
import type { Environment } from "./config.ts";
import { type MapBlock, type MapEntry, selectEntry } from "./maps.ts";
import type { ProxyBlock } from "./proxy.ts";
import type { RequestKind } from "./request.ts";
import { hasUpgradeToken, hasWebsocketToken } from "./tokens.ts";
import { Evaluation, type Value } from "./values.ts";
import { variableName } from "./variables.ts";

/** The map in force for a variable (lower case): the last one of the http level; undefined when something else defines it. */
export function mapOf(name: string, { definitions }: Environment): MapBlock | undefined {
  const definition = definitions.get(name);
  if (!definition || definition.isFromModule || definition.isCaptured) return undefined;
  return definition.maps.findLast(({ scope }) => scope.parent?.kind === "http");
}

/** A map that a header of the handshake gets its value from. */
export interface MapUse {
  readonly map: MapBlock;
  /** Where the header takes it. */
  readonly word: Word;
  /** Whether a value of the map is what the header needs in a handshake. */
  serves(value: string): boolean;
}

/** The maps behind the Upgrade and Connection headers of a location. */
export function handshakeMaps(proxy: ProxyBlock): readonly MapUse[] {
  const needs = [
    ["upgrade", hasWebsocketToken],
    ["connection", hasUpgradeToken],
  ] as const;
  return needs.flatMap(([header, serves]) =>
    proxy.setters(header).flatMap(({ directive }) => {
      const word = directive.args[1];
      const name = variableName(word?.value);
      const map = name === undefined ? undefined : mapOf(name, proxy.environment);
      return word && map && !map.doubtful ? [{ map, word, serves }] : [];
    }),
  );
}

/** What a map makes of one text, with the line that decides; undefined when that cannot be told. */
export function lookUp(
  map: MapBlock,
  source: string,
  evaluation: Evaluation,
): { entry: MapEntry | undefined; value: string } | undefined {
  const entry = selectEntry(map, source);
  if (entry === "unknown") return undefined;
  const values = entry ? evaluation.evaluate(entry.value.value) : [""];
  return values?.length === 1 ? { entry, value: values[0] as string } : undefined;
}

/** What a map gives for a kind of request, wherever it is used. */
export function resultOf(map: MapBlock, kind: RequestKind, environment: Environment): Value {
  if (map.doubtful) return undefined;
  const evaluation = new Evaluation(environment.definitions, environment.http ?? environment.scope, kind);
  const results: string[] = [];
  for (const source of evaluation.evaluate(map.source) ?? []) {
    const found = lookUp(map, source, evaluation);
    if (!found) return undefined;
    results.push(found.value);
  }
  return results.length > 0 ? [...new Set(results)].toSorted() : undefined;
}
