/** Longer texts are no paths. */
const longest = 1000;

/**
 * The path that a file holds instead of a text: where there are no symbolic links, on Windows for instance, git writes what
 * a link says, alone and without the end of a line.
 */
export function linkIn(document: { readonly length: number; readonly text: string }): string | undefined {
  if (document.length > longest) return undefined;
  const { text } = document;
  return /^(?:\.\.?)?\/[^\s;{}"'$\\#]+$/.test(text) ? text : undefined;
}
