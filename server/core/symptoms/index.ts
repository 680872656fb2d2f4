import { backendLog } from "./backend-log.ts";
import { browser } from "./browser.ts";
import { clientErrors } from "./client-errors.ts";
import { connection } from "./connection.ts";
import { endings } from "./endings.ts";
import { errorLog } from "./error-log.ts";
import { ownWords } from "./own-words.ts";
import { serverErrors } from "./server-errors.ts";
import { start } from "./start.ts";
import { statuses } from "./statuses.ts";
import type { Symptom } from "./symptom.ts";
import { upstreamLog } from "./upstream-log.ts";

/** Everything that a person may see when a WebSocket does not work, grouped by where it is seen. */
export const allSymptoms: readonly Symptom[] = [
  ...statuses,
  ...clientErrors,
  ...serverErrors,
  ...endings,
  ...browser,
  ...connection,
  ...upstreamLog,
  ...errorLog,
  ...backendLog,
  ...ownWords,
  ...start,
];

/** The symptoms people meet most often, in the order in which an overview lists them. */
const frequent: readonly string[] = [
  "handshake-400",
  "handshake-426",
  "handshake-404",
  "closes-after-a-time",
  "handshake-403",
  "handshake-200",
  "handshake-301",
  "handshake-500",
  "handshake-502",
  "handshake-503",
  "closed-without-answer",
  "session-unknown",
  "variable-not-defined",
  "map-not-allowed",
  "cannot-read",
];

/** The symptoms of an overview. */
export const frequentSymptoms: readonly Symptom[] = frequent.flatMap(
  (id) => allSymptoms.find((symptom) => symptom.id === id) ?? [],
);

/** The rules that a symptom points to, each once, the most probable first. */
export function rulesOf(symptom: Symptom): readonly string[] {
  return [...new Set(symptom.causes.flatMap((cause) => cause.rules))];
}

let byRule: Map<string, Symptom[]> | undefined;

/** What a person sees when a rule is broken: the symptoms that name the rule, those that name it earlier first. */
export function symptomsOfRule(rule: string): readonly Symptom[] {
  byRule ??= indexByRule();
  return byRule.get(rule) ?? [];
}

function indexByRule(): Map<string, Symptom[]> {
  const ranked = new Map<string, { readonly symptom: Symptom; readonly rank: number }[]>();
  for (const symptom of allSymptoms) {
    for (const rule of rulesOf(symptom)) {
      const rank = symptom.causes.findIndex((cause) => cause.rules.includes(rule));
      const list = ranked.get(rule);
      if (list) list.push({ symptom, rank });
      else ranked.set(rule, [{ symptom, rank }]);
    }
  }
  return new Map(
    [...ranked].map(([rule, list]) => [rule, list.toSorted((a, b) => a.rank - b.rank).map(({ symptom }) => symptom)]),
  );
}
