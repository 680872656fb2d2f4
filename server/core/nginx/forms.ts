/** One argument in a form such as `<key> zone=<name>:<size> [sync]`. */
export interface FormPart {
  /** Where it stands in the form. */
  readonly start: number;
  readonly end: number;
  readonly isOptional: boolean;
  /** Whether it may be written several times. */
  readonly repeats: boolean;
  /** The words that may be written; those that end in `=` or `:` are beginnings. */
  readonly words: readonly string[];
  /** What stands for something that is not fixed, without its angle brackets. */
  readonly placeholder: string | undefined;
}

/**
 * Reads a form in the notation of the nginx documentation: `<…>` stands for something, `[ ]` may be left out, `|` separates
 * choices, `...` repeats what is before it. Everything else is written as it stands.
 */
export function parseForm(form: string): readonly FormPart[] {
  const parts: FormPart[] = [];
  for (const { start, end } of piecesOf(form)) {
    const text = form.slice(start, end);
    const last = parts.at(-1);
    if (text === "...") {
      if (last) parts[parts.length - 1] = { ...last, end, repeats: true };
      continue;
    }
    if (!text.startsWith("[") || !text.endsWith("]")) {
      parts.push({ ...partOf(text, start, end), isOptional: text.startsWith("[") });
      continue;
    }
    const inner = parseForm(text.slice(1, -1)).map((part) => ({
      ...part,
      start: part.start + start + 1,
      end: part.end + start + 1,
      isOptional: true,
    }));
    parts.push(...inner);
  }
  return parts;
}

/** The pieces between spaces outside of brackets; choices separated by ` | ` are one piece. */
function piecesOf(form: string): readonly { readonly start: number; readonly end: number }[] {
  const pieces: { start: number; end: number }[] = [];
  let depth = 0;
  let start = -1;
  let joins = false;
  for (let at = 0; at <= form.length; at++) {
    const character = form[at] ?? " ";
    if (character === " " && depth === 0) {
      if (start < 0) continue;
      const text = form.slice(start, at);
      const last = pieces.at(-1);
      if (text === "|") joins = true;
      else if (joins && last) {
        last.end = at;
        joins = false;
      } else pieces.push({ start, end: at });
      start = -1;
      continue;
    }
    if (start < 0) start = at;
    if (character === "[" || character === "<") depth++;
    else if ((character === "]" || character === ">") && depth > 0) depth--;
  }
  return pieces;
}

function partOf(text: string, start: number, end: number): FormPart {
  const words: string[] = [];
  let placeholder: string | undefined;
  for (const choice of choicesOf(text)) {
    const literal = /^[^<[]*/.exec(choice)?.[0] ?? "";
    if (literal === "" || (literal !== choice && !/[=:]$/.test(literal) && !choice.startsWith("[", literal.length)))
      placeholder ??= /<([^>]*)>/.exec(choice)?.[1];
    else words.push(literal);
  }
  return { start, end, isOptional: false, repeats: false, words, placeholder };
}

/** The choices in a part; those of a value (`ipv6=on|off`) are whole words again. */
function choicesOf(text: string): readonly string[] {
  if (text.includes(" | ")) return text.split(" | ").flatMap((choice) => choicesOf(choice.trim()));
  const value = /^([^<[|]*=)([^<]*\|.*)$/.exec(text);
  if (value && !value[2]?.includes("[")) return (value[2] ?? "").split("|").map((choice) => `${value[1]}${choice}`);
  return /^[^<[]*\|/.test(text) && !value ? text.split("|") : [text];
}

/**
 * The parts of a form that the argument with this index can be: the one in its place, and all that may be left out once
 * those before them are written.
 */
export function partsAt(parts: readonly FormPart[], index: number): readonly FormPart[] {
  const needed = parts.filter(({ isOptional }) => !isOptional);
  const at = needed[index];
  const from = at ? parts.indexOf(at) : parts.length;
  const previous = needed[Math.min(index, needed.length) - 1];
  const after = previous ? parts.indexOf(previous) : -1;
  const repeated = needed.slice(0, index).filter(({ repeats }) => repeats);
  if (at) return [...repeated, ...parts.slice(after + 1, from), at];
  // A bare word such as the `=` of a location has its place, `name=value` may stand anywhere.
  const isFree = ({ words }: FormPart): boolean => words.some((word) => /.=/.test(word));
  return [...repeated, ...parts.filter((part, place) => part.isOptional && (place > after || isFree(part)))];
}

/** A form as people read it: without angle brackets. */
export function plainForm(form: string): string {
  return form.replace(/[<>]/g, "");
}
