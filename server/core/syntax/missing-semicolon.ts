import { acceptsShape, directiveShapes, isDirective } from "../nginx/directives.ts";
import { isDataBlock } from "./data-blocks.ts";
import type { Reading } from "./reading.ts";
import { StatementField } from "./segment.ts";
import { isParameter, TokenKind, tokenKind, tokenStart } from "./token.ts";

// Recovery from a missing `;`: the directive swallows the next ones up to a `;`, `{` or `}`.

const END_OF_FILE = 'unexpected end of file, expecting ";" or "}"';

/** Parameters of `listen` that are also names of directives. */
const LISTEN_PARAMETERS = new Set(["ssl", "http2", "proxy_protocol"]);

/** Reports the current statement, which `}` or the end of the file cuts off, and splits it where it has to be. */
export function reportUnterminated(reading: Reading, stop: number): void {
  const end = reading.lastParameterEnd(stop);
  // The tokens need an end for the splitting; the one that stops nginx gives it.
  const ending = stop < reading.text.length ? TokenKind.Close : TokenKind.Space;
  if (reading.spansLines) splitStatement(reading, stop, ending);
  const name = nameBefore(reading, end);
  // What begins with an unknown word may be no directive at all, but prose, or another program's configuration.
  const isKnown = isDirective(name) || reading.dataDepth > 0;
  reading.report({
    message: ending === TokenKind.Close ? 'unexpected "}"' : END_OF_FILE,
    advice: `";" is missing after "${shorten(name)}"`,
    start: reading.startOf(reading.current),
    end,
    stop,
    insert: { at: end, text: ";", certainty: isKnown ? "sure" : "guess" },
  });
}

/**
 * Splits a statement that swallowed the next ones because a `;` is missing: at a parameter that begins a line and is
 * the name of a directive, when the statement so far may end there and nginx does not accept it as it is.
 */
export function splitStatement(reading: Reading, stop: number, ending: TokenKind): void {
  const context = reading.open.length > 0 ? reading.nameOf(reading.open.at(-1) as number) : "";
  const parameters = parametersOf(reading, stop);
  if (reading.dataDepth > 0) {
    if (reading.dataDepth === reading.open.length) splitDataLines(reading, parameters, context, stop, ending);
    return;
  }
  let first = 0;
  for (let at = 1; at < parameters.length; at++) {
    const next = parameters[at] as Parameter;
    const name = (parameters[first] as Parameter).text;
    if (!isDirective(next.text) || !isDirective(name) || !acceptsShape(name, at - first - 1, false)) continue;
    const message = whyRefused(name, next.text, parameters.length - first - 1, context, ending);
    if (!message || !reading.beginsLine(next.token)) continue;
    reportMissing(reading, parameters[first] as Parameter, parameters[at - 1] as Parameter, message, stop);
    beginNext(reading, next.token);
    first = at;
  }
}

/**
 * The first directive that a block without its `{` swallowed: the token of a parameter that begins a line and is a
 * directive's name, in a statement that can only be a block.
 */
export function findSwallowedByBlock(reading: Reading): number | undefined {
  const context = reading.open.length > 0 ? reading.nameOf(reading.open.at(-1) as number) : "";
  const name = reading.nameOf(reading.current);
  const shapes = directiveShapes(name);
  const isBlock = name === "server" ? context !== "upstream" : shapes.length > 0 && shapes.every(({ block }) => block);
  if (!isBlock || isDataBlock(name)) return undefined;
  const first = reading.field(reading.current, StatementField.Name);
  for (let token = first + 1; token + 1 < reading.tokens.length; token++) {
    if (isParameter(tokenKind(reading.tokens.at(token))) && reading.beginsLine(token)) {
      return isDirective(reading.wordAt(token)) ? token : undefined;
    }
  }
  return undefined;
}

/** The lines of a map or geo block are pairs: what begins the line after a pair is the next pair. */
function splitDataLines(
  reading: Reading,
  parameters: readonly Parameter[],
  context: string,
  stop: number,
  ending: TokenKind,
): void {
  if (context !== "map" && context !== "geo") return;
  const message = messageOfEnding(ending) ?? `invalid number of the ${context} parameters`;
  if (ending === TokenKind.Open) return;
  let first = 0;
  for (let at = 2; at < parameters.length; at++) {
    const next = parameters[at] as Parameter;
    if (at - first !== 2 || !reading.beginsLine(next.token)) continue;
    reportMissing(reading, parameters[first] as Parameter, parameters[at - 1] as Parameter, message, stop);
    beginNext(reading, next.token);
    first = at;
  }
}

/** What nginx says about a directive that swallowed the next one; undefined when it accepts that. */
function whyRefused(name: string, next: string, count: number, context: string, ending: TokenKind): string | undefined {
  const message = messageOfEnding(ending);
  if (message) return message;
  const isBlock = ending === TokenKind.Open;
  if (!acceptsShape(name, count, isBlock)) {
    return isBlock
      ? `directive "${name}" is not terminated by ";"`
      : `invalid number of arguments in "${name}" directive`;
  }
  // These two take any number of parameters, but look at each.
  if (name === "listen" && LISTEN_PARAMETERS.has(next)) return undefined;
  if (name === "listen" || (name === "server" && context === "upstream")) return `invalid parameter "${next}"`;
  return undefined;
}

/** What nginx says about a statement that does not end properly, whatever is in it. */
function messageOfEnding(ending: TokenKind): string | undefined {
  if (ending === TokenKind.Close) return 'unexpected "}"';
  return ending === TokenKind.Space ? END_OF_FILE : undefined;
}

interface Parameter {
  readonly token: number;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

function parametersOf(reading: Reading, stop: number): Parameter[] {
  const { tokens, text } = reading;
  const parameters: Parameter[] = [];
  for (let token = reading.field(reading.current, StatementField.Name); token < tokens.length; token++) {
    const packed = tokens.at(token);
    if (!isParameter(tokenKind(packed))) continue;
    const start = tokenStart(packed);
    const end = token + 1 < tokens.length ? reading.tokenEnd(token) : stop;
    parameters.push({ token, text: text.slice(start, end), start, end });
  }
  return parameters;
}

function reportMissing(reading: Reading, first: Parameter, last: Parameter, message: string, stop: number): void {
  const advice = '";" is missing at the end of this line';
  reading.report({
    message,
    advice,
    start: first.start,
    end: last.end,
    stop,
    insert: { at: last.end, text: ";", certainty: "sure" },
  });
}

/** Ends the current statement without a `;` and begins the next one at a token. */
function beginNext(reading: Reading, token: number): void {
  const next = reading.pushStatement(token);
  reading.setField(reading.current, StatementField.Next, next);
  reading.current = next;
  reading.column = reading.columnOf(tokenStart(reading.tokens.at(token)));
}

function nameBefore(reading: Reading, end: number): string {
  const token = reading.field(reading.current, StatementField.Name);
  const start = reading.startOf(reading.current);
  return reading.text.slice(start, token + 1 < reading.tokens.length ? reading.tokenEnd(token) : end);
}

function shorten(word: string): string {
  return word.length > 40 ? `${word.slice(0, 40)}…` : word;
}
