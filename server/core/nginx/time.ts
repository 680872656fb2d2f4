// nginx's time units, largest first (src/core/ngx_parse.c, ngx_parse_time): years and months exist only where seconds
// are counted, milliseconds only where milliseconds are.
const units: readonly (readonly [name: string, milliseconds: number])[] = [
  ["y", 365 * 86_400_000],
  ["M", 30 * 86_400_000],
  ["w", 7 * 86_400_000],
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
  ["ms", 1],
];

/** What a directive counts in: that decides which units it takes. */
export type TimeResolution = "milliseconds" | "seconds";

/** nginx refuses numbers beyond its integers. */
const MAX_TIME = 2 ** 63;

/**
 * A duration of a directive that counts in milliseconds (nearly every `*_timeout`): `60`, `1h30m`, `500ms`, `1h 30m`.
 * Gives milliseconds, or undefined for what nginx does not read as a time. Each unit once, larger ones first; a last
 * number without a unit counts seconds.
 */
export function parseTime(text: string, resolution: TimeResolution = "milliseconds"): number | undefined {
  let total = 0;
  let step = -1;
  const pattern = resolution === "milliseconds" ? /(\d+)(ms|[wdhms])? */y : /(\d+)([yMwdhms])? */y;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (!match) return undefined;
    const [, digits, unit] = match;
    if (unit === undefined) {
      if (pattern.lastIndex < text.length) return undefined;
      return bounded(total + Number(digits) * 1000);
    }
    const index = units.findIndex(([name]) => name === unit);
    if (index <= step) return undefined;
    step = index;
    total += Number(digits) * (units[index]?.[1] ?? 0);
  }
  return step < 0 ? undefined : bounded(total);
}

function bounded(milliseconds: number): number | undefined {
  return milliseconds <= MAX_TIME ? milliseconds : undefined;
}

/** A duration for people: `500 ms`, `3.6 s`, `60 s`, `5 min`, `1 h`, `7 days`. */
export function timeText(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds} ms`;
  const rounded = (unit: number) => String(Math.round((milliseconds / unit) * 10) / 10);
  if (milliseconds < 120_000) return `${rounded(1000)} s`;
  if (milliseconds < 3_600_000) return `${rounded(60_000)} min`;
  if (milliseconds < 172_800_000) return `${rounded(3_600_000)} h`;
  return `${rounded(86_400_000)} days`;
}
