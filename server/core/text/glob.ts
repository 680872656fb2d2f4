// glob(3) as nginx calls it for `include`: `*`, `?`, `[…]` and backslash, no braces, no `**`, hidden names only when
// named. nginx sets no locale, so a character is a byte: here every string is UTF-8 with one character for each byte.

/** One element of a pattern: a run of plain text, any run of characters, or a test for one character. */
type Element = { readonly kind: "text"; readonly text: string } | { readonly kind: "run" } | CharacterTest;

interface CharacterTest {
  readonly kind: "one";
  readonly accepts: (character: string) => boolean;
}

/** A path segment ready to be compared with names: its literal name when it has no wildcard, else a test. */
export type Segment =
  | { readonly kind: "literal"; readonly name: string }
  | { readonly kind: "pattern"; readonly matches: (name: string) => boolean };

const classes: ReadonlyMap<string, RegExp> = new Map([
  ["alnum", /[a-zA-Z0-9]/],
  ["alpha", /[a-zA-Z]/],
  ["blank", /[ \t]/],
  ["cntrl", /[\0-\x1f\x7f]/],
  ["digit", /[0-9]/],
  ["graph", /[!-~]/],
  ["lower", /[a-z]/],
  ["print", /[ -~]/],
  ["punct", /[!-/:-@[-`{-~]/],
  ["space", /[ \t\n\r\f\v]/],
  ["upper", /[A-Z]/],
  ["xdigit", /[0-9a-fA-F]/],
]);

/** Prepares one path segment of a pattern (no slash in it). */
export function parseSegment(pattern: string): Segment {
  const elements = parseElements(toBytes(pattern));
  if (elements.every((element) => element.kind === "text")) {
    return { kind: "literal", name: fromBytes(elements.map(({ text }) => text).join("")) };
  }
  const first = elements[0];
  const namesHidden = first?.kind === "text" && first.text.startsWith(".");
  return {
    kind: "pattern",
    matches: (name) => (namesHidden || !name.startsWith(".")) && matchElements(elements, toBytes(name)),
  };
}

/** One character for each byte of UTF-8; most names are ASCII and stay as they are. */
export function toBytes(text: string): string {
  if (!/[^\0-\x7f]/.test(text)) return text;
  const escaped = encodeURIComponent(text.replace(/[\ud800-\udfff]/gu, "\ufffd"));
  return escaped.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** The text of such bytes. */
function fromBytes(bytes: string): string {
  if (!/[^\0-\x7f]/.test(bytes)) return bytes;
  try {
    return decodeURIComponent(bytes.replace(/[%\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`));
  } catch {
    return bytes;
  }
}

function parseElements(characters: string): readonly Element[] {
  const elements: Element[] = [];
  let text = "";
  const flush = () => {
    if (text !== "") elements.push({ kind: "text", text });
    text = "";
  };
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at]!;
    if (character === "*") {
      flush();
      if (elements.at(-1)?.kind !== "run") elements.push({ kind: "run" });
    } else if (character === "?") {
      flush();
      elements.push({ kind: "one", accepts: () => true });
    } else if (character === "[") {
      const bracket = parseBracket(characters, at);
      if (bracket === undefined) {
        text += character;
        continue;
      }
      flush();
      elements.push(bracket.test);
      at = bracket.end;
    } else if (character === "\\" && at + 1 < characters.length) {
      text += characters[++at]!;
    } else {
      text += character;
    }
  }
  flush();
  return elements;
}

/** Reads `[…]` from its opening bracket; nothing when it is never closed, which makes the bracket plain text. */
function parseBracket(characters: string, open: number): { test: CharacterTest; end: number } | undefined {
  let at = open + 1;
  const negated = characters[at] === "!" || characters[at] === "^";
  if (negated) at++;
  const tests: ((character: string) => boolean)[] = [];
  for (let first = true; at < characters.length; first = false, at++) {
    let from = characters[at]!;
    if (from === "]" && !first) {
      const accepts = (character: string) => tests.some((test) => test(character)) !== negated;
      return { test: { kind: "one", accepts }, end: at };
    }
    if (from === "[" && characters[at + 1] === ":") {
      const close = characters.indexOf("]", at + 2);
      const known = characters[close - 1] === ":" ? classes.get(characters.slice(at + 2, close - 1)) : undefined;
      if (known !== undefined) {
        tests.push((character) => known.test(character));
        at = close;
        continue;
      }
    }
    if (from === "\\" && at + 1 < characters.length) from = characters[++at]!;
    if (characters[at + 1] === "-" && characters[at + 2] !== undefined && characters[at + 2] !== "]") {
      at += 2;
      if (characters[at] === "\\" && at + 1 < characters.length) at++;
      const low = from;
      const high = characters[at]!;
      tests.push((character) => low <= character && character <= high);
    } else {
      const same = from;
      tests.push((character) => character === same);
    }
  }
  return undefined;
}

/** Compares without recursion: on a mismatch only the last `*` takes one character more, so the work stays quadratic. */
function matchElements(elements: readonly Element[], name: string): boolean {
  let element = 0;
  let at = 0;
  let lastRun = -1;
  let runEnd = 0;
  for (;;) {
    const current = elements[element];
    if (current?.kind === "run") {
      lastRun = element++;
      runEnd = at;
      continue;
    }
    const next = current === undefined ? undefined : step(current, name, at);
    if (next !== undefined) {
      element++;
      at = next;
      continue;
    }
    if (current === undefined && at === name.length) return true;
    if (lastRun === -1 || runEnd >= name.length) return false;
    at = ++runEnd;
    element = lastRun + 1;
  }
}

/** The offset after this element, or nothing when the name does not continue with it. */
function step(element: Exclude<Element, { kind: "run" }>, name: string, at: number): number | undefined {
  if (element.kind === "text") return name.startsWith(element.text, at) ? at + element.text.length : undefined;
  const character = name.charAt(at);
  return character !== "" && element.accepts(character) ? at + 1 : undefined;
}
