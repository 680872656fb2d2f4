import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { applyEdits, type Finding, rules } from "../server/core/index.ts";
import { analyse } from "./support/analyser.ts";
import { type Example, findExamples } from "./support/examples.ts";

const folder = "docs/rules";

const headings = [
  "What you see",
  "What goes wrong",
  "Example",
  "How it is fixed",
  "When it is fine",
  "Versions",
  "See also",
];

/** Claims that circulate about nginx and WebSockets and that measurements on real servers contradict. */
const folklore: readonly RegExp[] = [
  /proxy_buffering/,
  /client_max_body_size/,
  /proxy_connect_timeout/,
  /keepalive_timeout/,
  /proxy_redirect/,
  /proxy_cache_bypass/,
  /X-NginX-Proxy/i,
  /Access-Control-/i,
  /Sec-WebSocket-/i,
  /HTTP\/2 (breaks|does not support|cannot carry) WebSockets?\b/i,
  /duplicate map/i,
  /(need|require)s? sticky/i,
  /400 (always )?means/i,
  /backend must send/i,
];

/** Words that no example may contain, because people copy examples; in the text some may be explained. */
const notInExamples: readonly RegExp[] = [...folklore, /proxy_send_timeout/, /send_timeout/];

/** Pages about the very thing, which say where it matters or that it does not. */
const subjects: Readonly<Record<string, RegExp>> = {
  "affinity-not-needed": /sticky|ip_hash/,
  "buffering-delays-events": /proxy_buffering/,
  "body-size-limits-polling": /client_max_body_size/,
  "proxy-cache-on-websocket": /proxy_cache_bypass/,
  "only-send-timeout": /proxy_connect_timeout|keepalive_timeout|send_timeout/,
  "timeout-invalid": /proxy_connect_timeout|keepalive_timeout|send_timeout/,
  "response-header-hidden": /Sec-WebSocket-/,
  "sec-websocket-stripped": /Sec-WebSocket-/,
  "proxy-directives-ignored": /proxy_buffering/,
  "no-effect": /./,
};

/** Whether a page may use a phrase because it is about it. */
function mayMention(id: string, phrase: RegExp): boolean {
  const subject = Object.hasOwn(subjects, id) ? subjects[id] : undefined;
  return subject !== undefined && (subject.test(phrase.source) || phrase.source.includes(subject.source));
}

const linkHosts = new Set(["nginx.org", "datatracker.ietf.org"]);

interface Block {
  readonly info: string;
  readonly lines: readonly string[];
}

/** A page taken apart: fenced blocks on one side, prose on the other. */
interface Page {
  readonly id: string;
  readonly lines: readonly string[];
  readonly prose: readonly string[];
  readonly blocks: readonly Block[];
}

function readPage(name: string): Page {
  const lines = readFileSync(`${folder}/${name}`, "utf8").replace(/\n$/, "").split("\n");
  const prose: string[] = [];
  const blocks: { info: string; lines: string[] }[] = [];
  let open: { info: string; lines: string[] } | undefined;
  for (const line of lines) {
    if (!line.startsWith("```")) (open?.lines ?? prose).push(line);
    else if (open) open = undefined;
    else {
      open = { info: line.slice(3), lines: [] };
      blocks.push(open);
    }
  }
  assert.equal(open, undefined, `${name}: a fenced block is not closed`);
  return { id: name.replace(/\.md$/, ""), lines, prose, blocks };
}

/** The lines below one `##` heading, up to the next. */
function section(page: Page, heading: string): readonly string[] {
  const start = page.lines.indexOf(`## ${heading}`);
  const rest = page.lines.slice(start + 1);
  const end = rest.findIndex((line) => line.startsWith("## "));
  return end < 0 ? rest : rest.slice(0, end);
}

function checkOpening(page: Page): void {
  const [title, blank, sentence = "", blankAgain, facts = "", last] = page.lines;
  assert.equal(title, `# ${page.id}`, "the title is the file name");
  assert.deepEqual([blank, blankAgain, last], ["", "", ""], "blank lines around the sentence and the facts");
  assert.match(sentence, /^[^*]+[^.*]\.$/, "one sentence without bold, ended by a full stop");
  assert.doesNotMatch(sentence, /[a-z)`]\. [A-Z]/, "one sentence only");
  assert.match(
    facts,
    /^Cause ([1-9]|none) · (error|warning|information|hint)(, off by default)? · fix: (safe|suggested|none)$/,
  );
}

/** Who looks at a rule that is off has no finding of it yet: the page says how to get one, and nothing of silencing it. */
function checkSwitch({ id, prose }: Page): void {
  const rule = rules.find((each) => each.id === id);
  if (!rule?.isOffByDefault) return;
  const text = prose.join("\n");
  assert.ok(
    text.includes(`"nginxWebsocket.rules": { "${id}": "${rule.severity}" }`),
    "how to switch it on in the editor",
  );
  assert.ok(text.includes(`--rule ${id}=${rule.severity}`), "how to switch it on on the command line");
  assert.doesNotMatch(text, /nginx-ws: allow/, "nobody silences what is off");
}

function checkDiagram(page: Page): void {
  const diagrams = page.blocks.filter((block) => block.info === "text");
  assert.equal(diagrams.length, 1, "one diagram");
  assert.ok(section(page, "What goes wrong").includes("```text"), "the diagram stands under “What goes wrong”");
  for (const line of diagrams[0]!.lines) {
    assert.ok(line.length <= 76, `a diagram line has ${line.length} columns: ${line}`);
    assert.match(line, /^[\x20-\x7e]*$/, "diagrams are plain ASCII");
  }
  for (const party of ["nginx", "backend"]) assert.ok(diagrams[0]!.lines.join("\n").includes(party), party);
}

function checkExamples(page: Page): void {
  const examples = page.blocks.filter((block) => block.info.startsWith("nginx"));
  assert.equal(page.blocks.length, examples.length + 1, "no other fenced blocks");
  const kinds = examples.map((block) => block.info.split(" ")[1]);
  assert.deepEqual(kinds, ["broken", "fixed"], "one broken example, then one fixed");
  for (const { fixture } of findExamples(page.id, page.lines.join("\n"))) {
    const { truths, fails, mistakes } = fixture.statement;
    assert.deepEqual(mistakes, []);
    assert.ok(truths.length > 0 || fails !== undefined, "an example says what nginx does with it");
  }
  for (const { lines } of examples) {
    for (const phrase of notInExamples.filter((each) => !mayMention(page.id, each)))
      assert.doesNotMatch(lines.join("\n"), phrase);
  }
  const opens = / handshake=\S*:101\b| (?:socketio|sockjs)(?:-\w+)?=\S*:connects\b/;
  assert.match(examples[1]!.info, opens, "the fixed example opens a WebSocket");
}

function checkLinks(page: Page): void {
  const text = page.prose.join("\n");
  const targets = [...text.matchAll(/\]\(([^)]+)\)/g)].map((match) => match[1]!);
  for (const target of targets) {
    if (!target.includes("://")) {
      assert.ok(existsSync(`${folder}/${target}`), `the link ${target} leads nowhere`);
      assert.notEqual(target, `${page.id}.md`, "a page does not link to itself");
      continue;
    }
    const url = new URL(target);
    assert.equal(url.protocol, "https:");
    assert.ok(linkHosts.has(url.host), `${target} is neither nginx's documentation nor an RFC`);
  }
  assert.match(section(page, "See also").join("\n"), /\(https:\/\/nginx\.org\/en\/docs\//, "a link to nginx's manual");
}

test("there is at least one rule page", () => {
  assert.ok(readdirSync(folder).some((name) => name.endsWith(".md") && name !== "README.md"));
});

for (const name of readdirSync(folder).filter((each) => each.endsWith(".md") && each !== "README.md")) {
  test(`${folder}/${name}`, () => {
    const page = readPage(name);
    checkOpening(page);
    const found = page.prose.filter((line) => line.startsWith("#")).slice(1);
    assert.deepEqual(
      found,
      headings.map((heading) => `## ${heading}`),
      "the headings and their order",
    );
    for (const heading of headings)
      assert.ok(
        section(page, heading).some((line) => line !== ""),
        `${heading} is empty`,
      );
    assert.ok(page.lines.length >= 50 && page.lines.length <= 110, `${page.lines.length} lines, not 50 to 110`);
    for (const line of page.lines) assert.ok(line.length <= 120, `longer than 120 columns: ${line}`);
    for (const phrase of folklore.filter((each) => !mayMention(page.id, each)))
      assert.doesNotMatch(page.prose.join("\n"), phrase);
    checkSwitch(page);
    checkDiagram(page);
    checkExamples(page);
    checkLinks(page);
  });
}

/** Pages whose fixed example is not what their quick fix makes of the broken one, and why. */
const fixedByHand: Readonly<Record<string, string>> = {
  "balancer-conflict":
    "The conflict that stops nginx has no quick fix: either answer changes which server gets requests.",
};

/** Pages whose rule still remarks something in their fixed example, and why. */
const stillRemarked: Readonly<Record<string, string>> = {
  "limit-conn": "The new limit is high enough; the remark says how many tunnels it allows.",
  "max-conns": "The new limit is high enough; the remark says how many tunnels it allows.",
  "ws-redirected-to-https": "nginx is right as it is; what changes is the address in the page.",
};

/** What the quick fixes make of an example: those that come first at each finding, those that come second, and so on. */
function outcomes(text: string, findings: readonly Finding[]): readonly string[] {
  const count = Math.max(0, ...findings.map(({ fixes }) => fixes.length));
  return Array.from({ length: count }, (_, at) => {
    const edits = findings.flatMap(({ fixes }) => (fixes[at] ?? fixes[0])?.edits ?? []);
    // Two findings may both need the same new map.
    return applyEdits(text, [...new Map(edits.map((edit) => [JSON.stringify(edit), edit])).values()]);
  });
}

async function findingsIn({ rule, fixture }: Example): Promise<readonly Finding[]> {
  return [...(await analyse(fixture, fixture.files, rule)).values()].flat();
}

for (const { id, fixable } of rules) {
  test(`${folder}/${id}.md: the fixed example`, async () => {
    const [broken, fixed] = findExamples(id, readFileSync(`${folder}/${id}.md`, "utf8")) as [Example, Example];
    const left = await findingsIn(fixed);
    const serious = left.filter(({ severity }) => severity === "error" || severity === "warning");
    assert.deepEqual(serious, [], "people copy it: no rule reports an error or a warning");
    const isRemarked = left.some(({ rule }) => rule === id);
    assert.equal(isRemarked, Object.hasOwn(stillRemarked, id), "whether its own rule still has something to say");

    const text = broken.fixture.files.get(broken.fixture.root)!;
    const wanted = fixed.fixture.files.get(fixed.fixture.root)!;
    const own = (await findingsIn(broken)).filter(({ rule }) => rule === id);
    const isMade = outcomes(text, own).includes(wanted);
    const isByHand = fixable === "none" || Object.hasOwn(fixedByHand, id);
    assert.equal(isMade, !isByHand, "the fixed example is the broken one after a quick fix, to the letter");
  });
}
