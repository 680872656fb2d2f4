// What people see: every line is recognised, points to rules that exist, and the configuration at hand decides the order.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import {
  allSymptoms,
  answersToMarkdown,
  diagnose,
  explainSymptoms,
  frequentSymptoms,
  type Inspection,
  Project,
  rules,
  rulesOf,
  symptomsOfRule,
} from "../server/core/index.ts";
import { findNginx, testConfig } from "./support/nginx.ts";
import { loggedLines } from "./symptoms/lines.ts";
import { inOwnWords } from "./symptoms/own-words.ts";
import { refusals } from "./symptoms/refusals.ts";

const ruleIds = rules.map(({ id }) => id);

/** Text → the symptoms it shows, the best first. */
const typed: Readonly<Record<string, readonly string[]>> = {
  "400": ["handshake-400"],
  "400 Bad Request": ["handshake-400"],
  "HTTP/1.1 426 Upgrade Required": ["handshake-426"],
  "status:404": ["handshake-404"],
  "got a 502.": ["handshake-502"],
  "504 after 60 s": ["handshake-504"],
  "timeout 504": ["handshake-504"],
  "1006": ["close-1006"],
  "code: 1006, wasClean: false": ["close-1006"],
  "1009": ["close-1009"],
  "1001": ["close-by-application"],
  "closes after 60 s": ["closes-after-a-time"],
  "closes after 60 s with code 1006": ["closes-after-a-time", "close-1006"],
  "disconnects every minute": ["closes-after-a-time"],
  "random disconnects": ["closes-after-a-time"],
  "1m30s": ["closes-after-a-time"],
  "Unexpected response code: 301": ["handshake-301"],
  "WebSocket connection to 'wss://chat.example.com/ws' failed: Error during WebSocket handshake: Unexpected response code: 400":
    ["handshake-400"],
  "WebSocket connection to 'wss://chat.example.com:8443/ws' failed: Error during WebSocket handshake: 'Upgrade' header is missing":
    ["response-header-missing"],
  "WebSocket connection to 'wss://chat.example.com/ws' failed: Connection closed before receiving a handshake response":
    ["closed-without-answer"],
  "WebSocket connection to 'wss://chat.example.com/ws' failed: HTTP Authentication failed; no valid credentials available":
    ["handshake-401"],
  "WebSocket connection to 'wss://chat.example.com/ws' failed: ": ["refused-without-detail"],
  "Error: Unexpected server response: 404": ["handshake-404"],
  "Firefox can’t establish a connection to the server at wss://chat.example.com/ws.": ["refused-without-detail"],
  "The connection to wss://chat.example.com/ws was interrupted while the page was loading.": ["refused-without-detail"],
  "WebSocket connection to 'wss://chat.example.com/ws' failed: There was a bad response from the server.": [
    "refused-without-detail",
  ],
  '{"code":1,"message":"Session ID unknown"}': ["session-unknown"],
  'nginx: [emerg] unknown "connection_upgrade" variable': ["variable-not-defined"],
  '2026/11/25 07:15:30 [emerg] 1#1: "map" directive is not allowed here in /etc/nginx/conf.d/chat.conf:3': [
    "map-not-allowed",
  ],
  "handshake-502": ["handshake-502"],
  '{"time":"2026-11-25T07:15:30+00:00","request":"GET /ws HTTP/1.1","status":"101","request_time":"60.060"}': [
    "closes-after-a-time",
  ],
};

const unknown = [
  "",
  "   \n",
  "hello",
  "101",
  "port 443",
  "wss://chat.example.com:400/ws",
  "nginx 1.22.1",
  "it does not work",
  "listen 8443 ssl;",
  "proxy_read_timeout 300;",
  "wss://chat.example.com/ws",
  "websocket",
  "proxy_buffering off;",
  "nginx reload",
];

const ids = (text: string, limits?: readonly number[]) => diagnose(text, limits).map(({ symptom }) => symptom.id);

test("the table keeps its form", () => {
  assert.equal(new Set(allSymptoms.map(({ id }) => id)).size, allSymptoms.length, "an id is used twice");
  for (const { id, title, seen, signs, explanation, causes } of allSymptoms) {
    assert.match(id, /^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    assert.ok(!ruleIds.includes(id), `${id} is also the name of a rule`);
    assert.ok(title.length <= 110 && !title.endsWith("."), title);
    assert.ok(seen.length > 0 && Object.keys(signs).length > 0 && causes.length > 0, id);
    const sentences = explanation.match(/[^.]\.(?= |$)/g) ?? [];
    assert.ok(sentences.length >= 2 && sentences.length <= 4, `${id}: ${sentences.length} sentences`);
    for (const text of signs.texts ?? []) assert.equal(text, text.toLowerCase(), `${id}: ${text}`);
    for (const { what, check } of causes) {
      assert.match(what, /^\S.*[.]$/, id);
      assert.match(check, /^\S.*[.;]$/, id);
    }
  }
});

test("every rule that a symptom names exists, and every rule about a failure is named by a symptom", () => {
  const named = new Set(allSymptoms.flatMap(rulesOf));
  assert.deepEqual(
    [...named].filter((rule) => !ruleIds.includes(rule)),
    [],
    "no such rules",
  );
  const failures = rules.filter(({ severity }) => severity === "error" || severity === "warning");
  assert.deepEqual(
    failures.map(({ id }) => id).filter((id) => !named.has(id)),
    [],
    "whoever has this trouble does not find the rule",
  );
});

test("a rule knows what a person sees", () => {
  assert.equal(symptomsOfRule("undefined-upgrade-variable")[0]?.id, "variable-not-defined");
  assert.equal(symptomsOfRule("read-timeout-default")[0]?.id, "closes-after-a-time");
  assert.deepEqual(symptomsOfRule("no-such-rule"), []);
  for (const symptom of allSymptoms)
    for (const rule of rulesOf(symptom)) assert.ok(symptomsOfRule(rule).includes(symptom));
});

for (const [text, expected] of Object.entries(typed)) {
  test(`recognised: ${text}`, () => assert.deepEqual(ids(text), expected));
}

test("own words lead to the rules, in any order and with any apostrophe", () => {
  for (const [text, symptom, rule] of inOwnWords) {
    const [match] = diagnose(text);
    assert.equal(match?.symptom.id, symptom, text);
    assert.ok(rulesOf(match.symptom).includes(rule), `${text}: ${rule}`);
  }
});

test("what says nothing is not recognised", () => {
  for (const text of unknown) assert.deepEqual(ids(text), [], JSON.stringify(text));
  assert.match(answersToMarkdown([], { rule: () => undefined, place: () => undefined }, ""), /^# Not recognised\n/);
});

test("lines that nginx wrote are recognised, with their level", () => {
  for (const [symptom, line] of loggedLines) {
    const [match, ...others] = diagnose(line);
    assert.equal(match?.symptom.id, symptom, line);
    assert.deepEqual(others, [], line);
    assert.equal(match?.first.level, / \[([a-z]+)\] /.exec(line)?.[1], line);
  }
  const reset = loggedLines.find(([symptom]) => symptom === "backend-reset")?.[1] ?? "";
  assert.deepEqual(ids(reset), ["backend-reset"]);
  assert.deepEqual(ids(reset.replace("[error]", "[info]")), ["client-reset"]);
});

test("what nginx says today when it refuses a file is recognised", async (t) => {
  const nginxes = await findNginx();
  if (nginxes.length === 0) return t.skip("no nginx on this machine");
  const folder = mkdtempSync(join(tmpdir(), "nginx-symptoms-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const nginx of nginxes) {
    for (const [symptom, http] of refusals) {
      writeFileSync(join(folder, "nginx.conf"), `events {} http { access_log off; ${http} }\n`);
      const { message, warnings } = await testConfig(nginx, folder, "nginx.conf");
      assert.deepEqual(ids(warnings[0] ?? message), [symptom], `${nginx.version}: ${message}`);
    }
  }
});

test("a whole log: what is most certain comes first, what is ordinary is left out", () => {
  const access = (path: string, status: number, time: string) =>
    `203.0.113.7 - - [25/Nov/2026:07:14:24 +0000] "GET ${path} HTTP/1.1" ${status} 0 "-" "Mozilla/5.0 Chrome/120.0.0.0" ${time}`;
  assert.deepEqual(ids([access("/", 200, "0.004"), access("/favicon.ico", 404, "0.001")].join("\n")), []);
  assert.deepEqual(ids([access("/ws", 101, "12.345"), access("/ws", 101, "3.000")].join("\n")), [], "tunnels end");
  const polling = [access("/socket.io/?EIO=4&transport=polling", 200, "0.004"), access("/ws", 200, "0.001")];
  assert.deepEqual(diagnose(polling.join("\n"))[0]?.lines, [1], "polling is answered with 200 as it should be");
  const drops = [access("/ws", 101, "12.345"), access("/ws", 101, "60.061"), access("/ws", 101, "60.012")].join("\n");
  assert.deepEqual(ids(drops), ["closes-after-a-time"]);
  assert.deepEqual(diagnose(drops)[0]?.lines, [1, 2]);
  assert.equal(diagnose(drops)[0]?.first.milliseconds, 60_061);
  assert.deepEqual(ids([access("/ws", 101, "300.044"), access("/", 200, "0.1")].join("\n"), [300_000]), [
    "closes-after-a-time",
  ]);
  const refused = loggedLines.find(([symptom]) => symptom === "backend-refused")?.[1] ?? "";
  assert.deepEqual(ids([access("/ws", 502, "0.001"), access("/ws", 502, "0.001"), refused].join("\n")), [
    "backend-refused",
    "handshake-502",
  ]);
  assert.equal(diagnose(access("/socket.io/?transport=websocket", 400, "0.002"))[0]?.first.path, "/socket.io/");
});

const durations: readonly (readonly [text: string, milliseconds: number | undefined])[] = [
  ["closes after 60 s", 60_000],
  ["after 75 seconds", 75_000],
  ["1m", 60_000],
  ["1m30s", 90_000],
  ["drops every minute", 60_000],
  ["dies after an hour", 3_600_000],
  ["cut after 1 min 30 s", 90_000],
  ["cut after 60 s or 75 s", 60_000],
  ["timeout after 2.5 s", 2500],
  ["timeout after 3600ms", 3600],
  ["it closes", undefined],
];

test("durations in words", () => {
  for (const [text, milliseconds] of durations) assert.equal(diagnose(text)[0]?.first.milliseconds, milliseconds, text);
});

async function inspect(text: string): Promise<Inspection> {
  const project = new Project({ read: async () => ({ error: "not here" }), glob: async () => [] });
  project.open("/site.conf", text);
  await project.load(["/site.conf"]);
  return { findings: project.findings("/site.conf"), timeouts: project.readTimeouts() };
}

const pair = "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;";

test("causes that the configuration shows come first", async () => {
  const inspection = await inspect(
    `server { location /ws { proxy_pass http://127.0.0.1:8080; ${pair.replace("1.1", "1.0")} proxy_read_timeout 1h; } }`,
  );
  const [without] = explainSymptoms("400", ruleIds);
  const [answer] = explainSymptoms("400", ruleIds, inspection);
  assert.ok(!without?.causes[0]?.rules.includes("http-version-1-0"));
  assert.deepEqual(answer?.causes[0]?.rules, ["http-version-1-0"]);
  assert.equal(answer?.causes[0]?.findings[0]?.rule, "http-version-1-0");
  assert.equal(answer?.causes.length, without?.causes.length);
});

test("the time that was seen is compared with the defaults and with the configuration", async () => {
  const text = `server {
    location /ws { proxy_pass http://127.0.0.1:8080; ${pair} proxy_read_timeout 75s; }
    location /chat/ws { proxy_pass http://127.0.0.1:8080; ${pair} }
  }`;
  const inspection = await inspect(text);
  assert.deepEqual(
    inspection.timeouts.map((timeout) => [
      timeout.text,
      timeout.milliseconds,
      text.slice(timeout.span.start, timeout.span.end),
    ]),
    [["proxy_read_timeout 75s", 75_000, "proxy_read_timeout 75s;"]],
  );
  const [at75] = explainSymptoms("closes after 75 s", ruleIds, inspection);
  assert.deepEqual(
    at75?.causes[0]?.timeouts.map((timeout) => timeout.text),
    ["proxy_read_timeout 75s"],
  );
  assert.deepEqual(at75?.causes[0]?.findings, [], "the default of 60 s is not what ended it");
  assert.match(at75?.notes[0] ?? "", /^75 s is the default of keepalive_timeout, which does not count/);
  const [at60] = explainSymptoms("closes after 60 s", ruleIds, inspection);
  assert.deepEqual(
    at60?.causes[0]?.findings.map(({ rule }) => rule),
    ["read-timeout-default"],
  );
  assert.deepEqual(at60?.causes[0]?.timeouts, []);
  const [at20] = explainSymptoms("closes after 20 s", ruleIds, inspection);
  assert.deepEqual(at20?.notes.length, 2);
  assert.deepEqual(at20?.causes[0]?.findings, []);
});

test("only rules that exist are offered", () => {
  for (const symptom of allSymptoms) {
    const [answer] = explainSymptoms(symptom.id, ruleIds);
    assert.equal(answer?.match.symptom, symptom);
    for (const { rules: named } of answer.causes) for (const rule of named) assert.ok(ruleIds.includes(rule), rule);
  }
  assert.ok(frequentSymptoms.length >= 12 && frequentSymptoms.length <= 15);
});

test("what a log contains is no markup", () => {
  const line = 'nginx: [emerg] unknown directive "[x](command:evil) `code` <b>" in /etc/nginx/nginx.conf:1';
  const markdown = answersToMarkdown(
    explainSymptoms(line, ruleIds),
    { rule: () => undefined, place: () => undefined },
    line,
  );
  assert.match(markdown, /^Line 1: `[^`]*`$/m);
});

test("hostile input takes time in proportion to its length", () => {
  const size = 60_000;
  const pieces = [
    '"GET ',
    "1 ",
    "1m",
    "a minute ",
    "[info] ",
    '{"status":',
    '"\\x16\\x03',
    "1.000 ",
    'unknown "',
    "http/1",
    "400 ",
    "ws ",
    "polling ",
    "a.",
    "a://",
    "'",
  ];
  for (const piece of pieces) {
    const text = piece.repeat(Math.ceil(size / piece.length));
    const start = process.hrtime.bigint();
    diagnose(text);
    diagnose(text.replaceAll(" ", "\n"));
    const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
    assert.ok(milliseconds < 10_000, `${JSON.stringify(piece)}: ${milliseconds} ms`);
  }
});
