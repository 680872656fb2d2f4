import { basename } from "node:path";
import type { Fixture } from "./fixture.ts";
import { readTruth, sayTruth } from "./truth-forms.ts";
import { readStatement, type TruthLine } from "./truths.ts";

/** A fenced example of a rule's page. */
export interface Example {
  /** The rule the page is about. */
  readonly rule: string;
  /** What the page calls it; an example without a word only has to be accepted by nginx. */
  readonly claim: "broken" | "fixed" | undefined;
  readonly fixture: Fixture;
}

/**
 * Finds the examples of a rule's page: fenced blocks whose info string begins with `nginx`. The words behind it are
 * - `broken`: the rule reports something in it; `fixed`: the rule reports no error and no warning in it;
 * - truths, `name=value`, where a value with spaces stands in double quotes and colons take the place of the spaces
 *   between the parts that the fixture format writes: `handshake=PATH:STATUS[:BACKEND]`, `receives=PATH:NAME:VALUE`,
 *   `refused="PATH:'Upgrade' header is missing"`; and `fails="PIECE OF THE MESSAGE"`;
 * - `context=main|http|server|location` (http without it), `with=map`, `version=1.28.0` for the analyser's
 *   nginxVersion, and `nginx=>=1.29.7` or `nginx=<1.29.7` for the versions the truths hold for.
 *
 * An example is judged like a fixture of the same text with the same truths, only without markers.
 */
export function findExamples(path: string, page: string): Example[] {
  const lines = page.split("\n");
  const examples: Example[] = [];
  for (let at = 0; at < lines.length; at++) {
    const fence = /^(`{3,})nginx(?:\s+(.*))?$/.exec(lines[at]!);
    if (fence === null) continue;
    const start = at + 1;
    const length = lines.slice(start).indexOf(fence[1]!);
    if (length < 0) throw new Error(`${path}:${start}: the example has no end`);
    const text = `${lines.slice(start, start + length).join("\n")}\n`;
    examples.push(readExample(path, start, fence[2] ?? "", text));
    at = start + length;
  }
  return examples;
}

function readExample(path: string, line: number, info: string, text: string): Example {
  const words = info.match(/[^\s"]*"[^"]*"|\S+/g) ?? [];
  const truths: TruthLine[] = [];
  let claim: Example["claim"];
  for (const word of words) {
    if (word === "broken" || word === "fixed") claim = word;
    else truths.push({ words: readWord(word), line });
  }
  const root = "example.conf";
  const fixture = { name: `${path}:${line}`, root, files: new Map([[root, text]]), statement: readStatement(truths) };
  return { rule: basename(path, ".md"), claim, fixture };
}

/** An info word in the words of the fixture format; what cannot be read comes back as it is and is reported there. */
function readWord(word: string): string {
  const equals = word.indexOf("=");
  if (equals < 0) return word;
  const name = word.slice(0, equals);
  const value = word.slice(equals + 1).replaceAll('"', "");
  const truth = readTruth(name, value, ":", 0);
  if (truth !== undefined) return sayTruth(truth);
  switch (name) {
    case "fails":
      return `nginx fails ${value}`;
    case "nginx":
      return `nginx ${value.replace(/^(>=|<)/, "$1 ")}`;
    default:
      return `${name} ${value}`;
  }
}
