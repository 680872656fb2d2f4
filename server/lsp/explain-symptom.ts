import { answersToMarkdown, explainSymptoms, rules } from "../core/index.ts";
import type { Target } from "./convert.ts";

/** The command that explains what a user sees; its only argument is the text that was typed or pasted. */
export const explainSymptomCommand = "nginxWebsocket.explainSymptom";

/** What the command gives: an answer that any editor can show. */
export interface SymptomExplanation {
  readonly recognised: boolean;
  readonly markdown: string;
}

/** Longer texts are cut: a log can be larger than a message should be. */
const maxLength = 1_000_000;

/** Explains a text with the configuration that the editor has open. */
export function explainSymptom(argument: unknown, { project, documents, linkTo }: Target): SymptomExplanation {
  const text = typeof argument === "string" ? argument.slice(0, maxLength) : "";
  const findings = project.files().flatMap((file) => project.findings(file));
  const answers = explainSymptoms(
    text,
    rules.map(({ id }) => id),
    { findings, timeouts: project.readTimeouts() },
  );
  const markdown = answersToMarkdown(
    answers,
    {
      rule: linkTo,
      place: (span) => {
        const document = project.document(span.file);
        if (document === undefined) return undefined;
        const line = document.positionAt(span.start).line + 1;
        const name = span.file.slice(span.file.lastIndexOf("/") + 1);
        return { name: `${name}:${line}`, href: `${documents.uri(span.file)}#L${line}` };
      },
    },
    text,
  );
  return { recognised: answers.length > 0, markdown };
}
