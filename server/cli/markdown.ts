import type { Paint } from "./paint.ts";

/** Markdown made readable on a terminal: headings stand out, code is indented, links show their address. */
export function renderMarkdown(source: string, paint: Paint): string {
  const output: string[] = [];
  let fence: string | undefined;
  for (const line of source.trimEnd().split(/\r?\n/)) {
    const marker = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence === undefined && marker !== undefined) {
      fence = marker;
    } else if (fence !== undefined && marker?.startsWith(fence)) {
      fence = undefined;
    } else if (fence !== undefined) {
      output.push(line === "" ? "" : `    ${paintCode(line, paint)}`);
    } else if (!/^<!--.*-->$/.test(line)) {
      output.push(renderLine(line, paint));
    }
  }
  return `${output.join("\n")}\n`;
}

function paintCode(line: string, paint: Paint): string {
  if (/^\s*#/.test(line) || line.startsWith("@@")) return paint("dim", line);
  if (line.startsWith("+")) return paint("green", line);
  return line.startsWith("-") ? paint("red", line) : paint("cyan", line);
}

function renderLine(line: string, paint: Paint): string {
  const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
  if (heading)
    return paint(
      heading[1]!.length === 1 ? "underline" : "bold",
      renderInline(heading[2]!, (_, text) => text),
    );
  return renderInline(line, paint);
}

function renderInline(text: string, paint: Paint): string {
  // Code first: what stands in it is not markup.
  return text
    .split(/(`+[^`]+`+)/)
    .map((part) => (part.startsWith("`") ? paint("cyan", part.replace(/^`+ ?| ?`+$/g, "")) : renderProse(part, paint)))
    .join("");
}

function renderProse(text: string, paint: Paint): string {
  return text
    .replace(/\*\*([^*]+)\*\*/g, (_, words: string) => paint("bold", words))
    .replace(/!?\[([^\]]*)\]\(([^)\s]+)\)/g, (_, words: string, address: string) =>
      words === address ? address : `${words} (${address})`,
    )
    .replace(/<(https?:[^>]+)>/g, "$1")
    .replace(/\\([\\`*_{}[\]()#+\-.!<>|])/g, "$1");
}
