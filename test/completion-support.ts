// Completion as an editor asks for it: a text with a `|` where the cursor is.
import assert from "node:assert/strict";
import { type Completion, complete, Project, type SignatureHelp, signatureHelp } from "../server/core/index.ts";

/** The files of a test: the one with the cursor is open, the others lie on disk. */
export type Texts = Readonly<Record<string, string>>;

const main = "/etc/nginx/nginx.conf";

/** A project with these files, and where the cursor is. */
export async function openAt(texts: string | Texts, settings?: ConstructorParameters<typeof Project>[1]) {
  const given: Texts = typeof texts === "string" ? { [main]: texts } : texts;
  const [file, marked] = Object.entries(given).find(([, text]) => text.includes("|")) ?? [];
  assert.ok(file !== undefined && marked !== undefined, "there is no cursor");
  const at = marked.indexOf("|");
  const text = marked.slice(0, at) + marked.slice(at + 1);
  const names = Object.keys(given);
  const project = new Project(
    {
      read: async (name) =>
        name === file ? { text } : given[name] === undefined ? { error: "none" } : { text: given[name] },
      glob: async (pattern) => {
        const parts = pattern.split("*").map((part) => part.replace(/[.+]/g, "\\$&"));
        return names.filter((name) => new RegExp(`^${parts.join("[^/]*")}$`).test(name)).sort();
      },
    },
    settings,
  );
  project.open(file, text);
  await project.load([main in given ? main : file]);
  return { project, file, at, text };
}

/** What is offered at the cursor. */
export async function completionAt(
  texts: string | Texts,
  settings?: ConstructorParameters<typeof Project>[1],
): Promise<Completion> {
  const { project, file, at } = await openAt(texts, settings);
  const site = project.site(file, at);
  return (site && (await complete(site))) ?? { start: at, end: at, items: [] };
}

/** The labels that an editor would show first to last, as far as they go with what is typed. */
export async function labelsAt(texts: string | Texts): Promise<readonly string[]> {
  const { project, file, at, text } = await openAt(texts);
  const site = project.site(file, at);
  const found = site && (await complete(site));
  if (!found) return [];
  const typed = text.slice(found.start, at);
  return [...found.items]
    .sort((a, b) => a.rank - b.rank || (a.label < b.label ? -1 : 1))
    .map(({ label }) => label)
    .filter((label) => label.startsWith(typed));
}

/** The signature that is shown at the cursor, its active parameter in brackets. */
export async function signatureAt(texts: string | Texts): Promise<string> {
  const { project, file, at } = await openAt(texts);
  const site = project.site(file, at);
  const help: SignatureHelp | undefined = site && signatureHelp(site);
  const form = help?.forms[help.active];
  if (!form) return "";
  const active = form.active === undefined ? undefined : form.parameters[form.active];
  if (!active) return form.label;
  const { start, end } = active;
  return `${form.label.slice(0, start)}«${form.label.slice(start, end)}»${form.label.slice(end)}`;
}
