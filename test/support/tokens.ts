// Reads nginx's configuration language just well enough to prepare a copy of a fixture. It is written apart from the
// analyser's own parser on purpose: a mistake in one must not hide in the other.

/** A piece of the text; `end` is exclusive. */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** One directive; `parents` are the names of the blocks around it, outermost first. */
export interface Directive {
  readonly name: string;
  readonly args: readonly Word[];
  readonly start: number;
  /** Behind the `;` or behind the `{`. */
  readonly end: number;
  readonly parents: readonly string[];
  /** Directives directly inside, when it is a block. */
  readonly children?: readonly Directive[];
}

/** Every directive of a text in order, blocks before their contents, and every comment. */
export interface Reading {
  readonly directives: readonly Directive[];
  readonly comments: readonly Word[];
}

interface OpenBlock {
  readonly name: string;
  readonly children: Directive[];
}

/** Splits a text into directives and comments; broken texts give what can be recognised. */
export function readDirectives(text: string): Reading {
  const directives: Directive[] = [];
  const comments: Word[] = [];
  const open: OpenBlock[] = [];
  let words: Word[] = [];
  let at = 0;

  const finish = (end: number, children?: Directive[]): void => {
    const [first, ...args] = words;
    words = [];
    if (first === undefined) return;
    const parents = open.map((block) => block.name);
    const directive = { name: first.text, args, start: first.start, end, parents, ...(children ? { children } : {}) };
    directives.push(directive);
    open.at(-1)?.children.push(directive);
  };

  while (at < text.length) {
    const char = text[at]!;
    if (/\s/.test(char)) {
      at += 1;
    } else if (char === "#") {
      const end = endOfLine(text, at);
      comments.push({ text: text.slice(at, end), start: at, end });
      at = end;
    } else if (char === ";") {
      at += 1;
      finish(at);
    } else if (char === "{") {
      at += 1;
      const name = words[0]?.text ?? "";
      const children: Directive[] = [];
      finish(at, children);
      open.push({ name, children });
    } else if (char === "}") {
      at += 1;
      words = [];
      open.pop();
    } else {
      const end = endOfWord(text, at);
      words.push({ text: text.slice(at, end), start: at, end });
      at = end;
    }
  }
  return { directives, comments };
}

function endOfLine(text: string, from: number): number {
  const end = text.slice(from).search(/\r?\n/);
  return end < 0 ? text.length : from + end;
}

function endOfWord(text: string, from: number): number {
  const quote = text[from];
  let at = from;
  if (quote === '"' || quote === "'") {
    at += 1;
    while (at < text.length && text[at] !== quote) at += text[at] === "\\" ? 2 : 1;
    return Math.min(at + 1, text.length);
  }
  while (at < text.length) {
    const char = text[at]!;
    if (/[\s;]/.test(char)) break;
    // nginx reads `${name}` as part of the word; any other brace ends it.
    if (char === "{" && text[at - 1] !== "$") break;
    at += char === "\\" ? 2 : 1;
  }
  return Math.min(at, text.length);
}

/** Puts a new text in place of `start`..`end`. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

/** Applies replacements that do not overlap; those at one place keep their order. */
export function replaceAll(text: string, replacements: readonly Replacement[]): string {
  const sorted = replacements.map((each, index) => ({ ...each, index }));
  sorted.sort((a, b) => a.start - b.start || a.end - b.end || a.index - b.index);
  let result = "";
  let done = 0;
  for (const { start, end, newText } of sorted) {
    if (start < done) throw new Error(`replacements overlap at offset ${start}`);
    result += text.slice(done, start) + newText;
    done = end;
  }
  return result + text.slice(done);
}
