import { insertInto, replace } from "../edits/insert.ts";
import type { Environment } from "../model/config.ts";
import { type MapBlock, type MapEntry, selectEntry } from "../model/maps.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import { misspeltRequestVariable } from "../model/request.ts";
import { hasUpgradeToken } from "../model/tokens.ts";
import { variableName } from "../model/variables.ts";
import { variablesIn } from "../nginx/variables.ts";
import { handshakeGap } from "./handshake.ts";
import type { DraftFix, Rule } from "./rule.ts";

/** The map for the Connection header gives something else than upgrade for a handshake. */
export const mapValuesWrong: Rule = {
  id: "map-values-wrong",
  severity: "error",
  cause: 2,
  what: "The map for Connection does not give upgrade when the browser asks for a WebSocket.",
  why: "The values are swapped or the line for websocket is missing, so the backend sees close or nothing and answers 400, 404 or 426.",
  fixable: "safe",
  isStructural: true,
  check: {
    *proxy(proxy, environment) {
      if (handshakeGap(proxy) !== "none" || proxy.verdict === "not-websocket" || proxy.headers.certainty === "doubtful")
        return;
      if (proxy.setters("connection").length !== 1) return;
      const found = wrongMap(proxy, environment);
      if (!found) return;
      const { map, entry, value } = found;
      const shown = value === "" ? "an empty value" : `“${value}”`;
      yield {
        place: entry?.value ?? map.directive.args[1] ?? map.directive.namePlace,
        severity: "error",
        message: `WebSocket cannot connect: for a handshake this map gives ${shown}, not “upgrade”. The browser sends Upgrade: websocket; ${
          entry ? `the line ${entry.key === "" ? "''" : entry.key} decides.` : "no line matches it."
        }`,
        related: [{ place: proxy.directive.namePlace, message: "A location that uses it for the Connection header." }],
        fixes: [repair(map, entry)],
      };
    },
  },
};

function wrongMap(
  proxy: ProxyBlock,
  { definitions }: Environment,
): { map: MapBlock; entry: MapEntry | undefined; value: string } | undefined {
  const name = variableName(proxy.setters("connection")[0]?.directive.arg(1));
  const map = name === undefined ? undefined : definitions.get(name)?.maps.at(-1);
  if (!map || map.doubtful || map.scope.parent?.kind !== "http") return undefined;
  // With the header's name misspelt no line can be right, and that is reported.
  if (variablesIn(map.source).some(misspeltRequestVariable)) return undefined;
  const evaluation = proxy.evaluation("websocket");
  const values = evaluation.variable(name as string);
  if (values?.length !== 1 || hasUpgradeToken(values[0] as string)) return undefined;
  const sources = evaluation.evaluate(map.source);
  const entry = sources?.length === 1 ? selectEntry(map, sources[0] as string) : undefined;
  return entry === "unknown" ? undefined : { map, entry, value: values[0] as string };
}

function repair(map: MapBlock, entry: MapEntry | undefined): DraftFix {
  if (!entry)
    return {
      title: "Add “default upgrade” to the map",
      applicability: "safe",
      edits: [insertInto(map.directive, ["default upgrade;"])],
    };
  const swapped = map.entries.find(
    (other) => other !== entry && other.key === "" && hasUpgradeToken(other.value.value),
  );
  if (!swapped)
    return { title: "Give upgrade for a handshake", applicability: "safe", edits: [replace(entry.value, "upgrade")] };
  return {
    title: "Swap the two values",
    applicability: "safe",
    edits: [replace(entry.value, swapped.value.raw), replace(swapped.value, entry.value.raw)],
  };
}
