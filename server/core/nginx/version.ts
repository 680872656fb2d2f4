/** An nginx version, such as 1.29.7; undefined where nobody knows it. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** Reads `1.28.0`, `1.28` (patch 0) or `nginx/1.28.0`; undefined for anything else. */
export function parseVersion(text: string): Version | undefined {
  const match = /^(?:nginx\/)?(\d{1,3})\.(\d{1,3})(?:\.(\d{1,3}))?$/.exec(text.trim());
  if (!match) return undefined;
  return { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3] ?? 0) };
}

/** Whether a version is at least `1.29.7` and the like; undefined for an unknown version. */
export function isAtLeast(version: Version | undefined, since: string): boolean | undefined {
  const bound = parseVersion(since);
  if (!version || !bound) return undefined;
  if (version.major !== bound.major) return version.major > bound.major;
  if (version.minor !== bound.minor) return version.minor > bound.minor;
  return version.patch >= bound.patch;
}

/** From this version on the upstream gets HTTP/1.1 without a Connection header (ngx_http_proxy_module). */
export const HTTP_1_1_BY_DEFAULT = "1.29.7";
