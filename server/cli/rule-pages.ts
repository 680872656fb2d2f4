import { readFileSync } from "node:fs";
import { join } from "node:path";
import { distance, type RuleInfo, rules } from "../core/index.ts";
import { renderMarkdown } from "./markdown.ts";
import { severityStyle } from "./paint.ts";
import type { Terminal } from "./terminal.ts";

const fixability: Readonly<Record<RuleInfo["fixable"], string>> = {
  safe: "fixed by --fix",
  suggested: "fix suggested",
  none: "",
};

/** Prints every rule in one line. */
export function listRules(terminal: Terminal): 0 {
  const idWidth = Math.max(...rules.map((rule) => rule.id.length));
  const lines = rules.map((rule) => {
    const severity = terminal.paint(severityStyle[rule.severity], rule.severity.padEnd("information".length));
    const what = rule.isOffByDefault ? `${rule.what} (off by default)` : rule.what;
    return `${rule.id.padEnd(idWidth)}  ${severity}  ${fixability[rule.fixable].padEnd("fix suggested ".length)}  ${what}`;
  });
  terminal.print(`${lines.join("\n")}\n`);
  return 0;
}

/** The id that a person means by the name of a rule: in capitals too, and with the prefix that an editor shows before it. */
export function ruleIdIn(name: string): string {
  return name.trim().toLowerCase().replace(/^ws\//, "");
}

/** Prints the page of a rule; 2 if there is no such rule. */
export function explainRule(id: string, docsFolder: string, terminal: Terminal): 0 | 2 {
  const rule = rules.find((candidate) => candidate.id === id);
  if (rule === undefined) {
    const similar = nearest(id);
    const hint = similar === undefined ? `${terminal.program} rules lists them` : `did you mean ${similar}?`;
    terminal.complain(`there is no rule ${JSON.stringify(id)}; ${hint}`);
    return 2;
  }
  let page: string;
  try {
    page = readFileSync(join(docsFolder, `${rule.id}.md`), "utf8");
  } catch {
    // A copy of the program without its pages still knows what and why.
    page = `# ${rule.id}\n\n${rule.what}.\n\n${rule.why}\n`;
  }
  terminal.print(renderMarkdown(page, terminal.paint));
  return 0;
}

function nearest(id: string): string | undefined {
  const completed = rules.find((rule) => rule.id.startsWith(id) || rule.id.endsWith(id));
  if (completed !== undefined && id.length > 3) return completed.id;
  const ranked = rules.map((rule) => ({ id: rule.id, away: distance(id, rule.id) }));
  ranked.sort((a, b) => a.away - b.away);
  const [best] = ranked;
  return best !== undefined && best.away <= Math.max(2, id.length / 3) ? best.id : undefined;
}
