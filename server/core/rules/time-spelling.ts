import { parseTime } from "../nginx/time.ts";

/** How people write units that nginx does not know, by the unit that it does know; a factor where there is none. */
const spellings: Readonly<Record<string, readonly [unit: string, milliseconds: number]>> = {
  ms: ["ms", 1],
  msec: ["ms", 1],
  s: ["s", 1000],
  sec: ["s", 1000],
  secs: ["s", 1000],
  second: ["s", 1000],
  seconds: ["s", 1000],
  m: ["m", 60_000],
  min: ["m", 60_000],
  mins: ["m", 60_000],
  minute: ["m", 60_000],
  minutes: ["m", 60_000],
  h: ["h", 3_600_000],
  hr: ["h", 3_600_000],
  hrs: ["h", 3_600_000],
  hour: ["h", 3_600_000],
  hours: ["h", 3_600_000],
  d: ["d", 86_400_000],
  day: ["d", 86_400_000],
  days: ["d", 86_400_000],
  w: ["w", 604_800_000],
  week: ["w", 604_800_000],
  weeks: ["w", 604_800_000],
};

const YEAR_DAYS = 365;

/** A time as nginx reads it, and whether it certainly is what was meant. */
export interface CorrectTime {
  readonly text: string;
  readonly isCertain: boolean;
}

/** What somebody meant by a time that nginx does not read: `60S`, `3600sec`, `3600 s`, `1.5h`, `1y`, `off`. */
export function correctTime(text: string): CorrectTime | undefined {
  if (/^(?:off|none|never|unlimited|infinity|infinite|-1)$/i.test(text)) return { text: "1d", isCertain: false };
  // Two arguments that are one time: 1m 30s.
  if (text.includes(" ") && parseTime(text) !== undefined) return take(text.replaceAll(" ", ""), "certain");
  const match = /^(\d+)(?:\.(\d{1,3}))?\s*([a-z]+)$/i.exec(text);
  if (!match) return undefined;
  const [, whole = "", fraction, unit = ""] = match;
  if (/^(?:y|years?)$/i.test(unit) && !fraction) return take(`${Number(whole) * YEAR_DAYS}d`, "certain");
  const lower = unit.toLowerCase();
  const known = Object.hasOwn(spellings, lower) ? spellings[lower] : undefined;
  if (!known) return undefined;
  // Where seconds are counted M is a month; here somebody may have meant either.
  if (unit === "M") return take(`${whole}m`, "guess");
  if (!fraction) return take(`${whole}${known[0]}`, "certain");
  const milliseconds = Math.round(Number(`${whole}.${fraction}`) * known[1]);
  return take(shortest(milliseconds), "certain");
}

function shortest(milliseconds: number): string {
  if (milliseconds % 60_000 === 0) return `${milliseconds / 60_000}m`;
  return milliseconds % 1000 === 0 ? `${milliseconds / 1000}s` : `${milliseconds}ms`;
}

function take(text: string, certainty: "certain" | "guess"): CorrectTime | undefined {
  return parseTime(text) === undefined ? undefined : { text, isCertain: certainty === "certain" };
}

/** Whether a value is to be filled in by somebody before nginx reads it: `${timeout}`, `$TIMEOUT`, `@TIMEOUT@`, `<seconds>`. */
export function isPlaceholder(value: string): boolean {
  return /\$\{|\$[A-Z][A-Z0-9_]*$|[{@%<>]|__/.test(value);
}
