// Proves the judges that the fixtures rely on: every kind of truth once where it holds, and once where it does not and
// must be reported. A judge that cannot say no would be noticed here.

import assert from "node:assert/strict";
import { Duplex } from "node:stream";
import { type TestContext, test } from "node:test";
import type { Finding, Fix, Severity } from "../server/core/finding.ts";
import { startBackend } from "./support/backend.ts";
import { findRefusal, type Headers } from "./support/browser.ts";
import { compareToMarkers } from "./support/compare.ts";
import { findExamples } from "./support/examples.ts";
import { makeFixture, writeCopy } from "./support/fixture.ts";
import { encodeMasked, encodeUnmasked, FrameReader } from "./support/frames.ts";
import { findEchoFailure, get, handshake, watchIdle } from "./support/handshake.ts";
import { type Judgement, judgeOnNginx } from "./support/judge.ts";
import { judgeCases, upgradeHeaders } from "./support/judge-cases.ts";
import { backendCases } from "./support/judge-cases-backends.ts";
import { clientCases } from "./support/judge-cases-clients.ts";
import { readMarkers, withMarkers, withoutMarkers } from "./support/markers.ts";
import { compareVersions, findNginx, type Nginx, openListener, startNginx } from "./support/nginx.ts";
import { findEditMistakes, findTextMistakes } from "./support/oracle.ts";
import { configurationFolder, findListenAddresses, prepareText } from "./support/prepare.ts";
import { findUnprovenFix, restateTruths } from "./support/restate.ts";
import { readDirectives } from "./support/tokens.ts";
import { sayTruth } from "./support/truth-forms.ts";

const available = findNginx();

async function nginxOrSkip(t: TestContext): Promise<Nginx | undefined> {
  const [nginx] = await available;
  if (nginx === undefined) t.skip("no nginx on this machine");
  return nginx;
}

function judge(nginx: Nginx, text: string): Promise<Judgement> {
  return judgeOnNginx(makeFixture("inline", "inline.conf", new Map([["inline.conf", text]])), nginx);
}

test("judges agree with what holds and disagree with what does not", { concurrency: 4 }, async (t) => {
  const nginx = await nginxOrSkip(t);
  if (nginx === undefined) return;
  const subtests = [...judgeCases, ...backendCases, ...clientCases].map(([truths, configuration, expected], index) =>
    t.test(`${index}: ${truths.replaceAll("\n", " ")}`, async (s) => {
      const { disagreements, notJudged, skipped } = await judge(nginx, `#: ${truths}\n${configuration}\n`);
      const messages = disagreements.map(({ message }) => message);
      assert.equal(notJudged, undefined);
      if (skipped > 0) return s.skip("this machine has one loopback address only");
      if (expected === undefined) assert.deepEqual(messages, []);
      else assert.match(messages.join("\n"), expected);
    }),
  );
  await Promise.all(subtests);
});

test("truths of other versions are not judged, and the judge says so", async (t) => {
  const nginx = await nginxOrSkip(t);
  if (nginx === undefined) return;
  for (const limit of ["nginx >= 999.0.0", "nginx < 1.0.0"]) {
    const judgement = await judge(nginx, `#: ${limit}\n#: handshake /ws 426\nserver { return 204; }`);
    assert.equal(judgement.judged, 0);
    assert.match(judgement.notJudged ?? "", /not judged here/);
  }
});

test("a fixture of several files is judged as one configuration", async (t) => {
  const nginx = await nginxOrSkip(t);
  if (nginx === undefined) return;
  const root = (status: number): string => `#: context main
#: handshake /ws ${status}
events {}
http { include /etc/nginx/sites/*.conf; }
`;
  const site = "server {\n include listens.conf;\n location /ws { include pass.conf; }\n}\n";
  const files = (status: number): Map<string, string> =>
    new Map([
      ["nginx.conf", root(status)],
      ["sites/a.conf", site],
      ["listens.conf", "listen 80;\n"],
      ["pass.conf", `proxy_pass http://127.0.0.1:8080; proxy_http_version 1.1; ${upgradeHeaders}\n`],
    ]);
  const right = await judgeOnNginx(makeFixture("folder", "nginx.conf", files(101)), nginx);
  assert.deepEqual(right.disagreements, []);
  const wrong = await judgeOnNginx(makeFixture("folder", "nginx.conf", files(426)), nginx);
  assert.match(wrong.disagreements[0]?.message ?? "", /the answer was 101/);
});

test("the copy for nginx keeps every line where it was", () => {
  const text =
    'user\n  www;\nhttp {\n  server {\n    listen [::]:8443 ssl; # 127.0.0.1:8080\n    set $a "}";\n  }\n}\n';
  const substitutes = { prefix: "/p", listenPort: () => 5, backends: new Map([[8080, 6]]), http: "x on;" };
  const prepared = prepareText(text, [text], substitutes);
  const expected = 'http { x on;\n  server {\n    listen 127.0.0.1:5 ssl; # 127.0.0.1:8080\n    set $a "}";\n  }\n}\n';
  assert.equal(prepared.split("\n").slice(2).join("\n"), expected);
  assert.deepEqual(findListenAddresses("main", [text]), [{ port: 8443, family: 6, tls: true }]);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: nginx writes variables like this, too.
  const words = readDirectives('a ${b}c \'d;e\' "f\\"g" h\\;i; # j\n').directives[0]?.args.map((word) => word.text);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: nginx writes variables like this, too.
  assert.deepEqual(words, ["${b}c", "'d;e'", '"f\\"g"', "h\\;i"]);
  assert.equal(configurationFolder, "/etc/nginx/");
});

test("versions are compared by number", () => {
  assert.ok(compareVersions("1.9.0", "1.10.0") < 0);
  assert.ok(compareVersions("1.29.7", "1.29.6") > 0);
  assert.equal(compareVersions("1.22.1", "1.22.1"), 0);
});

test("the probes tell backends apart without nginx", async () => {
  const expected = { strict: [101, 426], ws: [101, 426], lenient: [101, 101], http: [200, 200] } as const;
  for (const [kind, statuses] of Object.entries(expected)) {
    const backend = await startBackend(kind as keyof typeof expected);
    for (const tls of [false, true]) {
      const address = { port: backend.port, tls, host: "localhost", path: "/x?y" };
      const answers = [await handshake(address), await get(address)];
      assert.deepEqual(
        answers.map(({ status }) => status),
        statuses,
        `${kind}, TLS ${tls}`,
      );
      for (const { socket } of answers) socket?.destroy();
    }
    assert.deepEqual(
      backend.requests.map(({ line }) => line),
      Array(4).fill("GET /x?y HTTP/1.1"),
    );
    await backend.close();
  }
});

test("a browser refuses a 101 that does not fit what it sent", () => {
  const key = "dGhlIHNhbXBsZSBub25jZQ==";
  const upgrade = ["Upgrade", "WebSocket"] as const;
  const accept = ["Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="] as const;
  const connection = ["Connection", "keep-alive, Upgrade"] as const;
  const chat = ["Sec-WebSocket-Protocol", "chat"] as const;
  const good = [upgrade, accept, connection];
  const refusals: readonly (readonly [Headers, string | undefined, string | undefined])[] = [
    [good, undefined, undefined],
    [[...good, connection], undefined, undefined],
    [[...good, chat], "chat", undefined],
    [[accept, connection], undefined, "'Upgrade' header is missing"],
    [[...good, upgrade], undefined, "'Upgrade' header must not appear more than once"],
    [[["Upgrade", "h2c"], accept, connection], undefined, "'Upgrade' header value is not 'WebSocket': h2c"],
    [[upgrade, connection], undefined, "'Sec-WebSocket-Accept' header is missing"],
    [[...good, accept], undefined, "'Sec-WebSocket-Accept' header must not appear more than once"],
    [[upgrade, [accept[0], "x"], connection], undefined, "Incorrect 'Sec-WebSocket-Accept' header value"],
    [[upgrade, accept], undefined, "'Connection' header is missing"],
    [[upgrade, accept, ["Connection", "close"]], undefined, "'Connection' header value must contain 'Upgrade'"],
    [good, "chat", "Sent non-empty 'Sec-WebSocket-Protocol' header but no response was received"],
    [[...good, chat, chat], "chat", "'Sec-WebSocket-Protocol' header must not appear more than once"],
    [
      [...good, chat],
      "mqtt",
      "'Sec-WebSocket-Protocol' header value 'chat' in response does not match any of sent values",
    ],
    [
      [...good, chat],
      undefined,
      "Response must not include 'Sec-WebSocket-Protocol' header if not present in request: chat",
    ],
  ];
  for (const [headers, subprotocol, expected] of refusals) {
    assert.equal(findRefusal(headers, { key, subprotocol }), expected);
  }
});

test("the idle watch notices the end of a tunnel", async () => {
  const backend = await startBackend("strict");
  const answer = await handshake({ port: backend.port, tls: false, host: "localhost", path: "/" });
  const socket = answer.socket!;
  assert.equal(await watchIdle(socket, 50), undefined);
  const watched = watchIdle(socket, 5_000);
  await backend.close();
  assert.ok((await watched)! < 5_000);
});

test("a tunnel that does not echo is noticed", async () => {
  const silent = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  assert.match((await findEchoFailure(silent, 20)) ?? "", /no message came back/);
  const other = new Duplex({
    read() {},
    write(_chunk, _encoding, done) {
      this.push(encodeUnmasked({ opcode: 1, payload: Buffer.from("other") }));
      done();
    },
  });
  assert.match((await findEchoFailure(other)) ?? "", /another message came back/);
  const closing = new Duplex({
    read() {},
    write(_chunk, _encoding, done) {
      this.destroy();
      done();
    },
  });
  assert.match((await findEchoFailure(closing)) ?? "", /closed instead of echoing/);
});

test("frames of every length survive encoding", () => {
  for (const size of [0, 125, 126, 65_535, 65_536]) {
    const payload = Buffer.alloc(size, "x");
    for (const encoded of [encodeMasked({ opcode: 2, payload }), encodeUnmasked({ opcode: 2, payload })]) {
      const reader = new FrameReader();
      assert.deepEqual(reader.push(encoded.subarray(0, encoded.length - 1)), []);
      assert.deepEqual(reader.push(encoded.subarray(encoded.length - 1)), [{ opcode: 2, payload }]);
    }
  }
});

test("an nginx that cannot run is reported, and one that runs ends when asked", async (t) => {
  const nginx = await nginxOrSkip(t);
  if (nginx === undefined) return;
  const start = async (text: string) => {
    const listener = await openListener();
    const ports = { listenPort: () => listener.port, backends: new Map() };
    const copy = writeCopy(makeFixture("inline", "inline.conf", new Map([["inline.conf", text]])), nginx, ports);
    const server = startNginx(nginx, copy.prefix, "inline.conf", [listener]);
    // An nginx that has ended takes its socket with it: the connection may be refused or reset.
    const request = get({ port: listener.port, tls: false, host: "localhost", path: "/" });
    const status = await request.then(
      (answer) => answer.status,
      () => undefined,
    );
    const failure = await server.stop();
    copy.remove();
    return { status, failure };
  };
  assert.match((await start("serverr {}")).failure ?? "", /nginx ended by itself \(code 1\).*unknown directive/);
  assert.deepEqual(await start("server { return 204; }"), { status: 204, failure: undefined });
});

const commented = `#: handshake /ws 426
server { # the only one
    location /ws { proxy_pass http://127.0.0.1:8080; }
#                  ^^^^^^^^^^ error some-rule
}
`;

function findingAt(start: number, length: number, severity: Severity, fixes: readonly Fix[] = []): Finding {
  const file = "/etc/nginx/inline.conf";
  return { rule: "some-rule", severity, span: { file, start, end: start + length }, message: "m", related: [], fixes };
}

test("markers and findings must match one to one", () => {
  const fixture = makeFixture("inline", "inline.conf", new Map([["inline.conf", commented]]));
  const compare = (...findings: Finding[]): string =>
    compareToMarkers(fixture, new Map([["inline.conf", findings]]), "some-rule")
      .map(({ message }) => message)
      .join("\n");
  const at = commented.indexOf("proxy_pass");
  assert.equal(compare(findingAt(at, 10, "error")), "");
  assert.match(
    compare(),
    /line 3: the fixture expects error some-rule at columns 19 to 29, the analyser reports nothing/,
  );
  assert.match(compare(findingAt(at, 10, "warning")), /expects error .* reports warning/);
  assert.match(compare(findingAt(at, 11, "error")), /columns 19 to 29, .* columns 19 to 30/);
  assert.match(compare(findingAt(at, 10, "error"), findingAt(0, 1, "hint")), /line 1: the fixture expects nothing/);
  const other = (severity: Severity): Finding => ({ ...findingAt(0, 1, severity), rule: "other-rule" });
  assert.match(compare(findingAt(at, 10, "error"), other("warning")), /line 1: the fixture expects nothing/);
  assert.equal(compare(findingAt(at, 10, "error"), other("information")), "");
  assert.match(
    compare(findingAt(at, 10, "error"), findingAt(at, 10, "error")),
    /expects nothing, the analyser reports/,
  );
  const text = "a;\n#< 0 1 hint x\n  b;\n# ^ error y\n# ^^ eror z\n";
  const { markers, mistakes } = readMarkers(text);
  assert.deepEqual(
    markers.map(({ line, start, length, rule }) => [line, start, length, rule]),
    [
      [1, 0, 1, "x"],
      [3, 2, 1, "y"],
    ],
  );
  assert.match(mistakes.join(), /line 5: .* looks like a marker and is none/);
  assert.equal(withoutMarkers(text), "a;\n  b;\n");
  assert.deepEqual(readMarkers(withMarkers("a;\n  b;\n", [markers[0]!, { ...markers[1]!, line: 2 }])).markers, markers);
});

test("the fix oracle notices edits that are wrong", () => {
  const file = "/etc/nginx/inline.conf";
  const texts = new Map([["inline.conf", commented]]);
  const at = commented.indexOf("# the only one");
  const complain = (...edits: { start: number; end: number; newText: string }[]): string => {
    const fix: Fix = { title: "t", applicability: "safe", edits: edits.map((edit) => ({ file, ...edit })) };
    return findEditMistakes(findingAt(0, 1, "error", [fix]), texts).join();
  };
  assert.equal(complain({ start: at, end: at, newText: "x" }), "");
  assert.match(complain(), /has no edits/);
  assert.match(complain({ start: at, end: at, newText: "" }), /change nothing/);
  assert.match(complain({ start: 0, end: 9_999, newText: "" }), /outside of its file/);
  assert.match(complain({ start: 0, end: 9, newText: "" }, { start: 8, end: 10, newText: "" }), /overlap/);
  const edit = { file, start: at, end: at + 14, newText: "" };
  const cut = commented.replace("# the only one", "");
  assert.match(findTextMistakes("f", commented, [edit], cut).join(), /the comment "# the only one" is lost/);
  assert.match(findTextMistakes("f", commented, [], `${commented} `).join(), /outside of the edits changed/);
  assert.deepEqual(
    findTextMistakes("f", commented, [{ ...edit, end: at, newText: "a;" }], commented.replace("# the", "a;# the")),
    [],
  );
});

test("the fixed copy states what follows from its source", () => {
  const source = `#: handshake /ws 426
#: handshake /ws 200 http
#: handshake /plain 426
#: fixed handshake /plain 426
#: get / 200 http
#: receives /ws Connection: close
#: receives-get / Connection: close
#: closes /idle 2
#: nginx >= 1.20.0
#: nginx fails never
#: upgrade h2c /h2c 400
#: post / 10 200 http
#: receives-line /line GET / HTTP/1.1
#: answers /answers Upgrade:
#: answers-get / Upgrade:
#: refused /answers 'Upgrade' header is missing
#: subprotocol /chat mqtt
#: connections / 4 4
#: spread /spread 4 1 ws
#: tunnels /uwsgi 1 503
#: events /e held
#: events /f prompt
#: socketio /s/ fails
#: sockjs-polling /s connects
#: logs error text
#: warns text
#: post /big 10 413
#: fixed post /big 10 200
#: handshake /ws 502 reset
# text`;
  const expected = `#: handshake /ws 101
#: handshake /ws 200 http
#: handshake /plain 426
#: get / 200 http
#: handshake /idle 101
#: nginx >= 1.20.0
#: handshake /h2c 101
#: post / 10 200 http
#: handshake /line 101
#: handshake /answers 101
#: answers-get / Upgrade:
#: subprotocol /chat mqtt
#: handshake /spread 101 ws
#: handshake /uwsgi 101
#: events /e prompt
#: events /f prompt
#: socketio /s/ connects
#: sockjs-polling /s connects
#: post /big 10 200
#: handshake /ws 502 reset
# text`;
  assert.equal(restateTruths(source), expected);
  const unproven = (text: string): string | undefined => findUnprovenFix(makeFixture("x", "x", new Map([["x", text]])));
  assert.match(unproven("#: get / 200") ?? "", /no handshake proves/);
  assert.equal(unproven("#: handshake / 101"), undefined);
});

test("examples of the rule pages are found with their truths", () => {
  const info =
    'nginx broken context=server version=1.28.0 nginx=<1.29.7 handshake=/a:b:426:lenient get=/:200 fails="two words" ' +
    "receives=/ws:Host:a:1 closes=/ws:1.5 stays=/ws:2 get=http://a.b:81/x:200 upgrade=h2c:/ws:101:ws post=/p:10:413 " +
    "answers-get=/ws:Upgrade: refused=\"https://a.b/ws:'Upgrade' header: missing\" " +
    'receives-line="/a?b:GET /a HTTP/1.1" spread=/ws:4:2 events=/e:held socketio=/s/:fails logs="error:two: words"';
  const page = `# x\n\n\`\`\`${info}\nlocation / { }\n\`\`\`\n\n\`\`\`text\nx\n\`\`\`\n\n\`\`\`nginx\n\`\`\`\n`;
  const [first, second, ...others] = findExamples("docs/rules/some-rule.md", page);
  assert.deepEqual(others, []);
  assert.deepEqual(
    [first?.rule, first?.claim, first?.fixture.name],
    ["some-rule", "broken", "docs/rules/some-rule.md:3"],
  );
  assert.deepEqual([...first!.fixture.files.values()], ["location / { }\n"]);
  const { truths, mistakes, ...statement } = first!.fixture.statement;
  assert.match(mistakes.join(), /nothing can be asked of an nginx that does not start/);
  const limits = [{ comparison: "<", version: "1.29.7" }];
  assert.deepEqual(statement, { context: "server", version: "1.28.0", limits, withMap: false, fails: "two words" });
  assert.deepEqual(truths.map(sayTruth), [
    "handshake /a:b 426 lenient",
    "get / 200",
    "receives /ws Host: a:1",
    "closes /ws 1.5",
    "stays /ws 2",
    "get http://a.b:81/x 200",
    "upgrade h2c /ws 101 ws",
    "post /p 10 413",
    "answers-get /ws Upgrade:",
    "refused https://a.b/ws 'Upgrade' header: missing",
    "receives-line /a?b GET /a HTTP/1.1",
    "spread /ws 4 2",
    "events /e held",
    "socketio /s/ fails",
    "logs error two: words",
  ]);
  assert.equal(second?.claim, undefined);
  assert.match(
    findExamples("a.md", "```nginx brokn\n```")[0]!.fixture.statement.mistakes.join(),
    /"#: brokn" is no truth/,
  );
  assert.throws(() => findExamples("a.md", "```nginx\n"), /has no end/);
});
