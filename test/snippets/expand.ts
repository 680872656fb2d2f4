/** A snippet with its defaults taken. */
export interface Expansion {
  readonly text: string;
  /** Number → default, of every tab stop. */
  readonly tabStops: ReadonlyMap<number, string>;
}

interface Cursor {
  readonly source: string;
  at: number;
}

/**
 * Expands TextMate's snippet syntax as far as our snippets may use it: tab stops, defaults, choices and escapes. A bare
 * `$name` is an editor variable there and no nginx variable, so it is refused, and so is everything that is not closed.
 */
export function expandSnippet(source: string): Expansion {
  const tabStops = new Map<number, string>();
  // A tab stop may be mentioned before it gets its default, so the first pass only collects defaults.
  expandUntil({ source, at: 0 }, tabStops, "end");
  const text = expandUntil({ source, at: 0 }, tabStops, "end");
  return { text, tabStops };
}

function expandUntil(cursor: Cursor, tabStops: Map<number, string>, stop: "end" | "brace"): string {
  const { source } = cursor;
  let text = "";
  while (cursor.at < source.length) {
    const char = source[cursor.at]!;
    if (char === "}" && stop === "brace") return text;
    if (char === "\\" && "$}\\".includes(source[cursor.at + 1] ?? " ")) {
      text += source[cursor.at + 1];
      cursor.at += 2;
    } else if (char === "$") {
      text += expandTabStop(cursor, tabStops);
    } else {
      text += char;
      cursor.at += 1;
    }
  }
  if (stop === "brace") throw new Error(`a tab stop is not closed: ${source}`);
  return text;
}

function expandTabStop(cursor: Cursor, tabStops: Map<number, string>): string {
  const found = /^\$(?:(\d+)|\{(\d+)([:|}]))/.exec(cursor.source.slice(cursor.at));
  if (found === null) throw new Error(`"${cursor.source.slice(cursor.at, cursor.at + 20)}" lacks its backslash`);
  cursor.at += found[0].length;
  const number = Number(found[1] ?? found[2]);
  let own: string | undefined;
  if (found[3] === ":") {
    own = expandUntil(cursor, tabStops, "brace");
    cursor.at += 1;
  } else if (found[3] === "|") {
    const end = cursor.source.indexOf("|}", cursor.at);
    if (end < 0) throw new Error(`a choice is not closed: ${cursor.source}`);
    own = cursor.source.slice(cursor.at, end).split(",")[0]!;
    cursor.at = end + 2;
  }
  const value = own ?? tabStops.get(number) ?? "";
  if (!tabStops.has(number) || own !== undefined) tabStops.set(number, value);
  return value;
}
