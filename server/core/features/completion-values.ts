import { acceptsShape } from "../nginx/directives.ts";
import { parseForm, partsAt } from "../nginx/forms.ts";
import { signaturesOf } from "../nginx/signatures.ts";
import { moreValues, valueNotes } from "../nginx/values.ts";
import type { CompletionItem, Spotted } from "./completion-item.ts";

/** The fixed words that the argument at a place can be. */
export function valueItems({ cursor, mask }: Spotted): readonly CompletionItem[] {
  const [name = "", ...args] = cursor.before;
  if (!acceptsMore(name, args.length)) return [];
  const found = new Map<string, string | undefined>();
  for (const { word, note } of moreValues(name, args)) found.set(word, note);
  for (const { form } of signaturesOf(name, mask)) {
    for (const part of partsAt(parseForm(form), args.length)) {
      for (const word of part.words) {
        // A bare `=` begins a status; only a location has it as a word.
        if (word === "=" && name !== "location") continue;
        if (!isUsed(word, args, part.repeats)) found.set(word, found.get(word));
      }
    }
  }
  const order = [...found.keys()];
  return order.map((word, index) => {
    const note = found.get(word) ?? valueNotes(name, word);
    return {
      label: word,
      kind: "value",
      ...(note === undefined ? {} : { detail: note }),
      rank: 10 + index,
      ...(/[=:]$/.test(word) ? { goesOn: true as const } : {}),
    };
  });
}

/** Whether one more argument can follow these. */
function acceptsMore(name: string, count: number): boolean {
  for (let more = count + 1; more <= Math.max(8, count + 1); more++) {
    if (acceptsShape(name, more, false) || acceptsShape(name, more, true)) return true;
  }
  return false;
}

/** Whether an argument stands there already: nobody writes the same parameter twice. */
function isUsed(word: string, args: readonly string[], repeats: boolean): boolean {
  if (repeats && /[=:]$/.test(word)) return false;
  const beginning = /^[^=]*=/.exec(word)?.[0];
  return args.some((arg) => arg === word || (beginning !== undefined && arg.startsWith(beginning)));
}
