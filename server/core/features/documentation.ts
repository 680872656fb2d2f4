import { contexts, directiveShapes, maskOf } from "../nginx/directives.ts";
import { plainForm } from "../nginx/forms.ts";
import { directiveReference, documentationUrl, isCommercial, sinceOf, variableReference } from "../nginx/reference.ts";
import { retiredDirective } from "../nginx/retired.ts";
import { signaturesOf } from "../nginx/signatures.ts";
import type { Topic } from "./completion-item.ts";
import { type HoverText, ownText, type Reference } from "./hover-text.ts";
import { directiveTexts, variableTexts } from "./texts.ts";

/** More forms than this are left to the documentation. */
const MAX_FORMS = 3;

/** A longer form is cut: it would be all that one sees. */
const MAX_FORM = 100;

/** What to know about a directive or variable, as Markdown; undefined for what nobody knows. */
export function documentationOf({ kind, name, mask }: Topic): string | undefined {
  const texts = kind === "directive" ? directiveTexts : variableTexts;
  const own = Object.hasOwn(texts, name) ? texts[name] : undefined;
  const documented = kind === "directive" ? directiveText(name, mask) : variableText(name, mask);
  const { text, url } = ownText(own, documented) ?? documented ?? { text: "", url: "" };
  const facts = documented && "facts" in documented ? documented.facts : "";
  const link = url === "" ? "" : `[nginx documentation](${url})`;
  return [facts, text, link].filter((part) => part !== "").join("\n\n") || undefined;
}

/** The tables of nginx's documentation as hovers use them. */
export const nginxReference: Reference = { directive: directiveText, variable: variableText };

function directiveText(name: string, mask: number): ReturnType<Reference["directive"]> {
  const facts = directiveFacts(name, mask);
  if (facts === undefined) return undefined;
  const documented = directiveReference(name, mask || -1);
  const text = documented ? sentence(documented.summary) : "";
  return { facts, text, url: documented ? documentationUrl(documented.module, name) : "" };
}

function variableText(name: string, mask: number): HoverText | undefined {
  const documented = variableReference(name, isStream(mask) ? "stream" : undefined);
  if (!documented) return undefined;
  return { text: sentence(documented.summary), url: documentationUrl(documented.module, `var_${documented.family}`) };
}

/** The documentation's words as a sentence. */
function sentence(summary: string): string {
  const text = `${summary.charAt(0).toUpperCase()}${summary.slice(1)}`;
  return text === "" || text.endsWith("…") ? text : `${text}.`;
}

const stream = maskOf(["stream", "stream server", "stream upstream"]);

function isStream(mask: number): boolean {
  return mask !== 0 && (mask & ~stream) === 0;
}

/** The forms, the default, the contexts and the versions of a directive: the first lines of its hover. */
function directiveFacts(name: string, mask: number): string | undefined {
  const shapes = directiveShapes(name);
  const here = shapes.filter(({ contextMask }) => (contextMask & mask) !== 0);
  const shape = here[0] ?? shapes[0];
  if (!shape) return undefined;
  const documented = directiveReference(name, mask);
  const family = (here.length > 0 ? here : shapes).reduce((all, { contextMask }) => all | contextMask, 0);
  const forms = signaturesOf(name, mask).slice(0, MAX_FORMS);
  const lines = forms.map(({ form }) => {
    const text = `${name} ${plainForm(form)}`.trim();
    return `${text.length > MAX_FORM ? `${text.slice(0, MAX_FORM)} …` : text}${shape.block ? " { … }" : ";"}`;
  });
  const since = sinceOf(name, mask);
  const retired = retiredDirective(name);
  const parts = [
    documented?.fallback ? `default \`${documented.fallback}\`` : "",
    `in ${placesOf(family)}`,
    since ? `since ${since}` : "",
    isCommercial(name) ? "commercial nginx only" : "",
    retired ? `**${retired.removed ? `gone since ${retired.removed}` : "obsolete"}**: ${retired.instead}` : "",
  ];
  return `\`\`\`nginx\n${lines.join("\n")}\n\`\`\`\n${parts.filter(Boolean).join(" · ")}`;
}

/** More contexts than this are all that matter. */
const MAX_CONTEXTS = 12;

function placesOf(mask: number): string {
  const places = contexts.filter((_, bit) => mask & (1 << bit));
  return places.length > MAX_CONTEXTS ? "every block" : places.join(", ");
}
