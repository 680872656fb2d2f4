import type { Environment } from "../model/config.ts";
import { isBuiltInVariable, looksLikeTemplateName, splitValue } from "../nginx/variables.ts";
import type { Place, Word } from "../syntax/directive.ts";

/** The variables in a value that nothing seen defines, with their places. */
export function unknownVariables(word: Word, environment: Environment): readonly { name: string; place: Place }[] {
  const { definitions, definedBeside } = environment;
  // Positions in the value are those in the raw text only as long as nothing is escaped.
  const shift = word.quoted ? 1 : 0;
  const exact = !word.raw.includes("\\");
  // A map that lacks the dollar sign is reported at the map. Whoever asks for all maps is judged again when one changes.
  const isMeantBy = (name: string) =>
    environment.maps.some(({ directive }) => directive.arg(1)?.toLowerCase() === name);
  return splitValue(word.value).flatMap((part) => {
    if (part.kind === "text" || isBuiltInVariable(part.name) || definitions.get(part.name)) return [];
    if (isMeantBy(part.name) || definedBeside.has(part.name)) return [];
    if (looksLikeTemplateName(word.value.slice(part.start, part.end))) return [];
    const start = word.start + shift;
    return [
      {
        name: part.name,
        place: exact ? { segment: word.segment, start: start + part.start, end: start + part.end } : word,
      },
    ];
  });
}
