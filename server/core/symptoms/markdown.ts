import type { Finding, Span } from "../finding.ts";
import { timeText } from "../nginx/time.ts";
import type { Answer, AnsweredCause } from "./answer.ts";
import { notRecognised } from "./not-recognised.ts";

/** How a host names and links what an answer speaks about; no address where there is nothing to link to. */
export interface Links {
  /** The page of a rule. */
  rule(id: string): string | undefined;
  /** A place in a file; undefined when the file is gone. */
  place(span: Span): { readonly name: string; readonly href?: string } | undefined;
}

/** So many symptoms are explained in full; of a whole log the rest is only named. */
const maxExplained = 3;
const maxPlaces = 8;
const maxQuoted = 160;

/** Answers to a text as Markdown; without any, what could have been recognised and what comes nearest. */
export function answersToMarkdown(answers: readonly Answer[], links: Links, text: string): string {
  if (answers.length === 0) return notRecognised(text);
  const parts = answers.slice(0, maxExplained).map((answer) => answerToMarkdown(answer, links));
  const rest = answers.slice(maxExplained).map(({ match }) => `- ${match.symptom.title}`);
  if (rest.length > 0) parts.push(["## Also recognised", "", ...rest].join("\n"));
  return `${parts.join("\n\n")}\n`;
}

function answerToMarkdown({ match, notes, causes }: Answer, links: Links): string {
  const { symptom, lines, first } = match;
  const blocks = [`# ${symptom.title}`];
  if (first.kind !== "words") {
    const times = lines.length === 1 ? `Line ${lines[0]! + 1}` : `${lines.length} lines, the first is ${lines[0]! + 1}`;
    blocks.push(`${times}: ${quote(first.text)}`);
  }
  blocks.push(symptom.explanation, ...notes);
  blocks.push("## Likely causes, in this order");
  blocks.push(causes.map((cause, index) => causeToMarkdown(cause, index + 1, links)).join("\n"));
  return blocks.join("\n\n");
}

function causeToMarkdown(cause: AnsweredCause, number: number, links: Links): string {
  const lines = [`${number}. **${cause.what}** ${cause.check}`];
  const places = [
    ...cause.timeouts.map(({ text, milliseconds, span }) => ({
      span,
      text: `\`${text}\`, that is ${timeText(milliseconds)}`,
    })),
    ...cause.findings.map((finding) => ({ span: finding.span, text: describe(finding, links) })),
  ];
  const shown = places.slice(0, maxPlaces).flatMap(({ span, text }) => {
    const place = links.place(span);
    return place === undefined ? [] : [`   - In your configuration: ${link(place.name, place.href)}: ${text}`];
  });
  lines.push(...shown);
  if (places.length > maxPlaces) lines.push(`   - and ${places.length - maxPlaces} more places`);
  if (shown.length === 0 && cause.rules.length > 0) {
    lines.push(`   - Rules: ${cause.rules.map((rule) => link(rule, links.rule(rule))).join(", ")}`);
  }
  return lines.join("\n");
}

function describe(finding: Finding, links: Links): string {
  const [sentence = finding.message] = /^.*?[.?](?= |$)/s.exec(finding.message) ?? [];
  return `${link(finding.rule, links.rule(finding.rule))}: ${escapeMarkup(sentence)}`;
}

function link(text: string, href: string | undefined): string {
  return href === undefined
    ? escapeMarkup(text)
    : `[${escapeMarkup(text)}](${href.replaceAll("(", "%28").replaceAll(")", "%29")})`;
}

/** What a configuration or a log contains is text, not markup. */
function escapeMarkup(text: string): string {
  return text.replace(/[\\`*_[\]<>]/g, "\\$&").replace(/\s+/g, " ");
}

/** A line of a log as code; backticks in it would end the code. */
function quote(text: string): string {
  const short = text.length > maxQuoted ? `${text.slice(0, maxQuoted)}…` : text;
  return `\`${short.replaceAll("`", "'").replace(/\s+/g, " ")}\``;
}
