import { directiveShapes } from "../nginx/directives.ts";
import { type FormPart, parseForm, plainForm } from "../nginx/forms.ts";
import { directiveReference } from "../nginx/reference.ts";
import { signaturesOf } from "../nginx/signatures.ts";
import { isDataBlock } from "../syntax/data-blocks.ts";
import type { Site } from "./completion-item.ts";
import { spotAt } from "./completion-spot.ts";
import type { Cursor } from "./cursor.ts";

/** One way to write a directive. */
export interface SignatureForm {
  readonly label: string;
  readonly documentation: string | undefined;
  readonly parameters: readonly {
    /** Where it stands in the label. */
    readonly start: number;
    readonly end: number;
    readonly documentation: string | undefined;
  }[];
  /** Which parameter the argument at the place is. */
  readonly active: number | undefined;
}

/** The forms of a directive, and which of them fits best what is written. */
export interface SignatureHelp {
  readonly forms: readonly SignatureForm[];
  readonly active: number;
}

/** The forms of the directive whose argument stands at a place. */
export function signatureHelp(site: Site): SignatureHelp | undefined {
  const { cursor, mask } = spotAt(site);
  if (cursor.kind !== "argument" || isDataBlock(cursor.blocks[0]?.words[0] ?? "")) return undefined;
  const [name = ""] = cursor.before;
  if (directiveShapes(name).length === 0) return undefined;
  const documented = directiveReference(name, mask || -1)?.summary;
  const forms = signaturesOf(name, mask || -1).map(({ form, notes }) => {
    const plain = plainForm(form);
    const parts = parseForm(form);
    const offset = name.length + 1;
    const active = activePart(parts, cursor);
    const parameters = parts.map((part) => ({
      start: offset + plainForm(form.slice(0, part.start)).length,
      end: offset + plainForm(form.slice(0, part.end)).length,
      documentation: noteOf(part, form, notes),
    }));
    return { label: `${name} ${plain}`.trim(), documentation: documented && `${documented}.`, parameters, active };
  });
  const shown = forms.filter(({ parameters }) => parameters.length > 0);
  if (shown.length === 0) return undefined;
  const fitting = shown.findIndex(({ active }) => active !== undefined);
  return { forms: shown, active: Math.max(0, fitting) };
}

function noteOf(part: FormPart, form: string, notes: Readonly<Record<string, string>>): string | undefined {
  const written = form.slice(part.start, part.end);
  const keys = [part.placeholder, ...part.words, written].filter((key) => key !== undefined);
  const key = keys.find((each) => Object.hasOwn(notes, each));
  return key === undefined ? undefined : notes[key];
}

/** The parameter that the word at the cursor is or would be; undefined if the form does not go that far. */
function activePart(parts: readonly FormPart[], { before, typed }: Cursor): number | undefined {
  let at: number | undefined = -1;
  for (const word of before.slice(1)) {
    at = partOfWord(parts, at, word);
    if (at === undefined) return undefined;
  }
  return typed === "" ? partToCome(parts, at) : (partBegun(parts, at, typed) ?? partOfWord(parts, at, typed, "last"));
}

/** The parameter that follows the one with an index. */
function partToCome(parts: readonly FormPart[], at: number): number | undefined {
  if (!parts[at]?.repeats) return at + 1 < parts.length ? at + 1 : undefined;
  const needed = parts.findIndex(({ isOptional }, index) => index > at && !isOptional);
  return needed < 0 ? at : needed;
}

/** The parameter with a fixed word that begins like this one. */
function partBegun(parts: readonly FormPart[], at: number, word: string): number | undefined {
  const from = parts[at]?.repeats ? at : at + 1;
  const begins = ({ words }: FormPart): boolean => words.some((each) => each.startsWith(word));
  const next = parts.findIndex((part, index) => index >= from && begins(part));
  const found = next >= 0 ? next : parts.findIndex((part) => part.isOptional && begins(part));
  return found < 0 ? undefined : found;
}

/** Which parameter a whole word is, after the one with an index. */
function partOfWord(parts: readonly FormPart[], at: number, word: string, isLast?: "last"): number | undefined {
  const repeats = parts[at]?.repeats === true;
  const fits = ({ words }: FormPart): boolean =>
    words.some((each) => (/[=:]$/.test(each) ? word.startsWith(each) : word === each));
  const next = parts.findIndex((part, index) => index >= (repeats ? at : at + 1) && fits(part));
  if (next >= 0) return next;
  // Parameters may stand in any order: one that the form has further to the front is one as well.
  const earlier = parts.findIndex((part) => part.isOptional && fits(part));
  if (earlier >= 0) return earlier;
  if (repeats && !isLast) return at;
  const isFree = ({ placeholder, words }: FormPart): boolean =>
    placeholder !== undefined && !words.some((each) => each.endsWith("="));
  const free = parts.findIndex((part, index) => index > at && isFree(part));
  if (free >= 0) return free;
  return repeats ? at : undefined;
}
