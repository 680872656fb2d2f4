import { isPollingPath, pathHint, pathSegments } from "../model/paths.ts";
import { findDuration } from "./durations.ts";
import { type LogLevel, logLevels } from "./symptom.ts";

/** What one line says, in the terms that symptoms are recognised by. */
export interface Reading {
  /** Counted from 0. */
  readonly line: number;
  /** The line itself, cut where it is very long. */
  readonly text: string;
  /** The same in lower case, with plain quotes. */
  readonly lower: string;
  readonly kind: "error log" | "access log" | "words";
  readonly level?: LogLevel;
  readonly statuses: readonly number[];
  readonly codes: readonly number[];
  /** How long something took or lasted. */
  readonly milliseconds?: number;
  /** Whether it speaks about an established connection that ended. */
  readonly isEnd: boolean;
  /** The path that was asked for, without its query. */
  readonly path?: string;
  /** Whether a log line belongs to a WebSocket as far as its path tells. */
  readonly isForWebSocket: boolean;
}

/** Longer lines are cut. A request line can have 8 KB, and the status stands behind it. */
const maxLineLength = 20_000;

/** Reads each line that is not blank. */
export function* readLines(text: string): Generator<Reading> {
  let line = 0;
  for (let start = 0; start <= text.length; line++) {
    const feed = text.indexOf("\n", start);
    const end = feed === -1 ? text.length : feed;
    const content = text.slice(start, Math.min(end, start + maxLineLength)).trim();
    if (content !== "") yield readLine(content, line);
    start = end + 1;
  }
}

function readLine(text: string, line: number): Reading {
  const lower = text.toLowerCase().replace(/[‘’]/g, "'").replace(/[“”]/g, '"');
  const base = { line, text, lower };
  return readErrorLine(base) ?? readAccessLine(base) ?? readJsonLine(base) ?? readWords(base);
}

type Line = Pick<Reading, "line" | "text" | "lower">;

const levelPattern = new RegExp(`\\[(${logLevels.join("|")})\\] `);

function readErrorLine(base: Line): Reading | undefined {
  const level = levelPattern.exec(base.lower)?.[1] as LogLevel | undefined;
  if (level === undefined) return undefined;
  const target = /request: "[A-Z]{3,8} (\S+)/.exec(base.text)?.[1];
  const reading = { ...base, kind: "error log", level, statuses: [], codes: [], isEnd: false } as const;
  return target === undefined
    ? { ...reading, isForWebSocket: true }
    : { ...reading, path: pathOf(target), isForWebSocket: isWebSocketPath(target) };
}

function readAccessLine(base: Line): Reading | undefined {
  const match = /"([A-Z]{3,8} (\S+) HTTP\/[\d.]{1,4}|\\x16\\x03[^"]*)" (\d{3}) /.exec(`${base.text} `);
  if (match === null) return undefined;
  const status = Number(match[3]);
  const rest = base.text.slice(match.index + match[0].length - 1);
  return finishAccess(base, status, longestTime(rest), match[2]);
}

/** Many people log one JSON object per request. */
function readJsonLine(base: Line): Reading | undefined {
  if (!base.text.startsWith("{")) return undefined;
  const status = /"status"\s?:\s?"?(\d{3})\b/.exec(base.lower)?.[1];
  if (status === undefined) return undefined;
  const time = /"(?:request_time|duration)"\s?:\s?"?(\d{1,9}\.\d{1,6})/.exec(base.lower)?.[1];
  const target = /"(?:uri|request_uri|path|request)"\s?:\s?"(?:[A-Za-z]{3,8} )?([^"\s]+)/.exec(base.text)?.[1];
  return finishAccess(base, Number(status), time === undefined ? undefined : Number(time) * 1000, target);
}

function finishAccess(base: Line, status: number, milliseconds: number | undefined, target?: string): Reading {
  return {
    ...base,
    kind: "access log",
    // A tunnel that was established is logged when it ends.
    statuses: status === 101 ? [] : [status],
    codes: [],
    isEnd: status === 101,
    ...(milliseconds === undefined ? {} : { milliseconds }),
    ...(target === undefined ? {} : { path: pathOf(target) }),
    isForWebSocket: isAboutWebSocket(status, target),
  };
}

/** `$request_time` and `$upstream_response_time` have three decimals, versions of browsers have not. */
function longestTime(text: string): number | undefined {
  const times = [...text.matchAll(/(?<![\w./-])(?:[a-z_]{1,30}=)?(\d{1,9}\.\d{3})(?![\w.])/g)];
  return times.length === 0 ? undefined : Math.max(...times.map((match) => Number(match[1]))) * 1000;
}

function pathOf(target: string): string {
  return target.split("?", 1)[0] ?? target;
}

/** Whether an answer says something about WebSockets: an ordinary one on a path with an HTTP fallback does not. */
function isAboutWebSocket(status: number, target: string | undefined): boolean {
  if (status === 101 || status === 426 || status === 0) return true;
  if (target === undefined || !isWebSocketPath(target)) return false;
  return status >= 400 || asksForWebSocket(target) || !isPollingPath(pathSegments("", pathOf(target)));
}

function asksForWebSocket(target: string): boolean {
  return /[?&]transport=websocket\b/i.test(target);
}

function isWebSocketPath(target: string): boolean {
  return asksForWebSocket(target) || pathHint(pathSegments("", pathOf(target))) === "strong";
}

const endWords =
  /\b(?:clos(?:e[sd]?|ing)|disconnect|drop|cut|lost|loses|dies|died|ends|ended|reconnect|time[sd]?[ -]?out|idle|interrupt|abort)/;

function readWords(base: Line): Reading {
  const { lower } = base;
  const numbers = numbersIn(lower);
  const statuses = numbers.filter((number) => number >= 200 && number < 600);
  const codes = numbers.filter((number) => number >= 1000 && number <= 1015);
  const milliseconds = findDuration(lower);
  const isBare = milliseconds !== undefined && statuses.length === 0 && lower.length < 40;
  return {
    ...base,
    kind: "words",
    statuses,
    codes,
    isEnd: isBare || endWords.test(lower),
    ...(milliseconds === undefined ? {} : { milliseconds }),
    isForWebSocket: true,
  };
}

/** Numbers that can be a status or a close code: alone, no port, no part of an address, and without a unit. */
function numbersIn(lower: string): readonly number[] {
  const found = new Set<number>();
  const pattern =
    /(?<![\w$#./-])(\d{3,4})(?!\w|[.:,/-]\d|[ -]?(?:m?s|secs?|seconds?|m|mins?|minutes?|h|hours?|[km]b|bytes|%)\b)/g;
  for (const match of lower.matchAll(pattern)) {
    const before = lower.slice(Math.max(0, match.index - 20), match.index);
    if (/\w:$/.test(before) && !/(?:code|status|response|error):$/.test(before)) continue;
    if (/(?:\b(?:port|line|after|every|version)|_timeout) ?:?$/.test(before)) continue;
    found.add(Number(match[1]));
  }
  return [...found];
}
