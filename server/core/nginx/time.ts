// nginx's time units, largest first (src/core/ngx_parse.c, ngx_parse_time with is_sec = 0: no years, no months).
const units: readonly (readonly [name: string, milliseconds: number])[] = [
  ["w", 7 * 86_400_000],
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
  ["ms", 1],
];

/**
 * A duration of a directive that counts in milliseconds (every `*_timeout`): `60`, `1h30m`, `500ms`, `1h 30m`.
 * Gives milliseconds, or undefined for what nginx does not read as a time. Each unit once, larger ones first; a last
 * number without a unit counts seconds.
 */
export function parseTime(text: string): number | undefined {
  let total = 0;
  let step = -1;
  const pattern = /(\d+)(ms|[wdhms])? */y;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (!match) return undefined;
    const [, digits, unit] = match;
    if (unit === undefined) {
      if (pattern.lastIndex < text.length) return undefined;
      return total + Number(digits) * 1000;
    }
    const index = units.findIndex(([name]) => name === unit);
    if (index <= step) return undefined;
    step = index;
    total += Number(digits) * (units[index]?.[1] ?? 0);
  }
  return step < 0 ? undefined : total;
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
