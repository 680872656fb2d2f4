/** A finding that a fixture expects: a place in one line. */
export interface Marker {
  /** 1-based, of the line it speaks about. */
  readonly line: number;
  /** 0-based column. */
  readonly start: number;
  readonly length: number;
  readonly severity: string;
  readonly rule: string;
}

const carets = /^(\s*#\s*)(\^+)\s+(error|warning|information|hint)\s+([a-z0-9-]+)\s*$/;
const numbers = /^\s*#<\s*(\d+)\s+(\d+)\s+(error|warning|information|hint)\s+([a-z0-9-]+)\s*$/;
const looksLikeMarker = /^\s*#(?:<|\s*\^)/;

/** Reads the markers of a text; a line that looks like one and is none is a mistake. */
export function readMarkers(text: string): { readonly markers: Marker[]; readonly mistakes: string[] } {
  const markers: Marker[] = [];
  const mistakes: string[] = [];
  let line = 0;
  for (const [index, content] of text.split("\n").entries()) {
    if (!looksLikeMarker.test(content)) {
      line = index + 1;
      continue;
    }
    const drawn = carets.exec(content);
    const written = numbers.exec(content);
    if (drawn) {
      const [, before, span, severity, rule] = drawn;
      markers.push({ line, start: before!.length, length: span!.length, severity: severity!, rule: rule! });
    } else if (written) {
      const [, start, length, severity, rule] = written;
      markers.push({ line, start: Number(start), length: Number(length), severity: severity!, rule: rule! });
    } else {
      mistakes.push(`line ${index + 1}: "${content.trim()}" looks like a marker and is none`);
    }
  }
  return { markers, mistakes };
}

/** A text without its marker lines. */
export function withoutMarkers(text: string): string {
  return text
    .split("\n")
    .filter((line) => !looksLikeMarker.test(line))
    .join("\n");
}

/** A text with marker lines under the lines they speak about. */
export function withMarkers(text: string, markers: readonly Marker[]): string {
  const lines = text.split("\n");
  return lines
    .flatMap((line, index) => [line, ...markers.filter((marker) => marker.line === index + 1).map(drawMarker)])
    .join("\n");
}

function drawMarker({ start, length, severity, rule }: Marker): string {
  if (start === 0) return `#< ${start} ${length} ${severity} ${rule}`;
  return `#${" ".repeat(start - 1)}${"^".repeat(length)} ${severity} ${rule}`;
}
