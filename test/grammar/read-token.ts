// What nginx's ngx_conf_read_token and ngx_conf_parse make of every character, written from nginx's behaviour and apart
// from both the grammar and the analyser's lexer, so that they can be compared.

/** `c` comment, `q` quoted string, `;` end of a directive, `{` and `}` braces of blocks, `.` everything else. */
export type CharacterKind = "c" | "q" | ";" | "{" | "}" | ".";

/** The kinds of the characters up to where nginx would stop with an error, or all of them. */
export function classifyCharacters(text: string): CharacterKind[] {
  const kinds: CharacterKind[] = [];
  let depth = 0;
  let at = 0;
  while (at < text.length) {
    const end = readDirective(text, at, kinds);
    if (end === undefined) return kinds;
    at = end;
    const last = kinds[at - 1];
    if (last === "{") depth += 1;
    if (last === "}") depth -= 1;
    if (depth < 0) return kinds.slice(0, at - 1);
  }
  return kinds;
}

const isSpace = (char: string): boolean => char === " " || char === "\t" || char === "\r" || char === "\n";

/** Reads up to the next `;`, `{` or `}` that counts. Gives where it ends, or nothing when nginx would stop. */
function readDirective(text: string, from: number, kinds: CharacterKind[]): number | undefined {
  let words = 0;
  let at = from;
  while (at < text.length) {
    const char = text[at]!;
    if (isSpace(char)) {
      kinds.push(".");
      at += 1;
    } else if (char === "#") {
      while (at < text.length && text[at] !== "\n") {
        kinds.push("c");
        at += 1;
      }
    } else if (char === ";" || char === "{" || char === "}") {
      // `;` and `{` need a directive before them, `}` must have none.
      if ((char === "}") !== (words === 0)) return undefined;
      kinds.push(char);
      return at + 1;
    } else if (char === '"' || char === "'") {
      at = readQuoted(text, at, kinds);
      words += 1;
      const next = text[at];
      if (next !== undefined && !isSpace(next) && !";{)".includes(next)) return undefined;
    } else {
      at = readWord(text, at, kinds);
      words += 1;
    }
  }
  return at;
}

function readQuoted(text: string, from: number, kinds: CharacterKind[]): number {
  const quote = text[from];
  kinds.push("q");
  let at = from + 1;
  while (at < text.length) {
    const char = text[at];
    kinds.push("q");
    at += 1;
    if (char === quote) break;
    if (char === "\\" && at < text.length) {
      kinds.push("q");
      at += 1;
    }
  }
  return at;
}

function readWord(text: string, from: number, kinds: CharacterKind[]): number {
  let at = from;
  let behindDollar = false;
  while (at < text.length) {
    const char = text[at]!;
    const protectedBrace: boolean = char === "{" && behindDollar;
    if (!protectedBrace && (isSpace(char) || char === ";" || char === "{")) break;
    behindDollar = char === "$" || protectedBrace;
    kinds.push(".");
    at += 1;
    if (char === "\\" && at < text.length) {
      kinds.push(".");
      at += 1;
    }
  }
  return at;
}
