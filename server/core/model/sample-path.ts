import { testPattern } from "./maps.ts";

/**
 * A path that a location takes: its own, or one that its regular expression matches. Undefined for a named location and
 * where none is found.
 */
export function samplePath(modifier: string, pattern: string): string | undefined {
  if (modifier === "@") return undefined;
  if (!modifier.startsWith("~")) return pattern.startsWith("/") ? pattern : undefined;
  const text = literalOf(pattern);
  const candidates = [text, `/${text}`, `/x${text}`].filter((path) => path.startsWith("/"));
  return candidates.find((path) => testPattern(pattern, modifier === "~*", path) === true);
}

/** Characters beyond Unicode's assigned ones stand for those that mean nothing to a regular expression. */
const HIDDEN = 0xe000;

/** One text that a simple regular expression matches; whoever asks tries it. */
function literalOf(pattern: string): string {
  let text = pattern.replace(/\\(.)/gs, (_, character: string) => hide(escaped(character)));
  text = text.replace(/\[(\^?)(.)[^\]]*\]/gs, (_, negated: string, first: string) => hide(negated ? "x" : first));
  text = text.replace(/\./g, "x");
  for (let before = ""; before !== text; ) {
    before = text;
    text = text.replace(/\((?:\?:|\?P?<\w+>)?([^()]*)\)([?*]|\{0[^}]*\})?/, (_, inner: string, optional?: string) =>
      optional === undefined ? simplify(inner) : "",
    );
  }
  return reveal(simplify(text));
}

/** The first alternative, without what may be left out. */
function simplify(text: string): string {
  const [first = ""] = text.replace(/[\^$]/g, "").split("|");
  return first
    .replace(/.(?:[?*]|\{0[^}]*\})\??/gsu, "")
    .replace(/(.)\{(\d)[^}]*\}/gsu, (_, character: string, times: string) => character.repeat(Number(times)))
    .replace(/\+\??/g, "");
}

function escaped(character: string): string {
  if (character === "d") return "1";
  if (character === "w" || character === "S" || character === "D") return "x";
  return character === "s" || character === "W" ? "-" : character;
}

function hide(text: string): string {
  return String.fromCharCode(HIDDEN + text.charCodeAt(0));
}

function reveal(text: string): string {
  return text.replace(/[\ue000-\uf8ff]/g, (character) => String.fromCharCode(character.charCodeAt(0) - HIDDEN));
}
