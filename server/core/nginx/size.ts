/** A size such as `8k`, `10m`, `1g` or `1024` in bytes (ngx_parse_offset); undefined for what nginx does not read as one. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d{1,15})([kKmMgG]?)$/.exec(text);
  if (!match) return undefined;
  const scale: Readonly<Record<string, number>> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 };
  return Number(match[1]) * (scale[(match[2] ?? "").toLowerCase()] ?? 1);
}
