// The command line as users and CI meet it: the built bundle in a process of its own.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { rules } from "../server/core/index.ts";

const commandLine = resolve("dist/cli.cjs");
const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

const broken = `server {
    location /ws {
        proxy_pass http://127.0.0.1:8080;
    }
}
`;
const sound = `server {
    location /ws {
        proxy_pass http://127.0.0.1:8080;
        proxy_http_version 1.1;
        proxy_set_header Host $host;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection upgrade;
        proxy_read_timeout 3600s;
    }
}
`;
const withMap = (http: string) => `events {}
http {
    map $http_upgrade $connection_upgrade {
        default upgrade;
        '' '';
    }
    ${http}
}
`;
const brokenRule = "missing-upgrade-headers";

let folder: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "nginx-cli-"));
});

after(() => rmSync(folder, { recursive: true, force: true }));

interface Result {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line in the test's folder. */
function run(args: readonly string[], options: { input?: string | Buffer; env?: NodeJS.ProcessEnv } = {}): Result {
  const { NO_COLOR: _, FORCE_COLOR: __, ...env } = process.env;
  const result = spawnSync(process.execPath, [commandLine, ...args], {
    cwd: folder,
    input: options.input ?? "",
    env: { ...env, ...options.env },
    maxBuffer: 256 * 1024 * 1024,
  });
  const err = result.stderr.toString("utf8");
  assert.doesNotMatch(err, /^ {4}at /m, "a stack trace is for nobody");
  return { code: result.status, out: result.stdout.toString("utf8"), err };
}

/** Root may read and write everything, so root becomes nobody, with a copy of the program where nobody can reach it. */
function runUnprivileged(args: readonly string[]): Result {
  const copy = join(folder, "program/dist/cli.cjs");
  chmodSync(folder, 0o755);
  mkdirSync(dirname(copy), { recursive: true });
  copyFileSync(commandLine, copy);
  copyFileSync("package.json", join(folder, "program/package.json"));
  const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  const result = spawnSync(process.execPath, [copy, ...args], { cwd: folder, encoding: "utf8", ...nobody });
  return { code: result.status, out: result.stdout, err: result.stderr };
}

function put(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

function read(name: string): Buffer {
  return readFileSync(join(folder, name));
}

interface JsonReport {
  readonly version: string;
  readonly files: number;
  readonly findings: readonly {
    readonly file: string;
    readonly rule: string;
    readonly severity: string;
    readonly fixes: readonly { readonly applicability: string; readonly edits: readonly { readonly file: string }[] }[];
  }[];
}

function checkJson(...args: string[]): JsonReport & { readonly code: number | null } {
  const { code, out, err } = run(["check", "--format", "json", ...args]);
  assert.notEqual(out, "", err);
  return { code, ...(JSON.parse(out) as JsonReport) };
}

test("a sound file: exit code 0 and one line", () => {
  put("sound.conf", sound);
  const { code, out, err } = run(["check", "sound.conf"]);
  assert.deepEqual({ code, out, err }, { code: 0, out: "1 file checked: nothing found.\n", err: "" });
});

test("a broken file: exit code 1, place, rule, source line, marks, fix and next steps", () => {
  put("broken.conf", broken);
  const { code, out, err } = run(["check", "broken.conf"]);
  assert.equal(code, 1);
  assert.equal(err, "");
  assert.match(out, new RegExp(`^broken\\.conf:3:9: (?:error|warning) ${brokenRule}$`, "m"));
  assert.match(out, /^ 3 \| {9}proxy_pass http:\/\/127\.0\.0\.1:8080;\n {3}\| {9}\^{10}$/m);
  assert.match(out, /^ {2}Why: /m);
  assert.match(out, /^ {4}@@ -\d+,\d+ \+\d+,\d+ @@$/m);
  assert.match(out, /^ {4}\+ +proxy_set_header Upgrade \$http_upgrade;$/m);
  assert.match(out, /check --fix broken\.conf$/m);
  assert.match(out, /explain [a-z-]+$/m);
  assert.match(out, /code --goto broken\.conf:\d+:\d+$/m);
});

test("the first argument may be a path", () => {
  put("broken.conf", broken);
  assert.equal(run(["broken.conf"]).code, 1);
  assert.equal(run(["--format", "json", "broken.conf"]).code, 1);
});

test("--fail-on sets from which severity on findings fail", () => {
  put("hint.conf", sound.replace("        proxy_read_timeout 3600s;\n", ""));
  const { findings } = checkJson("hint.conf");
  assert.deepEqual(new Set(findings.map(({ severity }) => severity)), new Set(["information"]));
  assert.equal(run(["check", "hint.conf"]).code, 1);
  assert.equal(run(["check", "--fail-on", "hint", "hint.conf"]).code, 1);
  assert.equal(run(["check", "--fail-on", "information", "hint.conf"]).code, 1);
  assert.equal(run(["check", "--fail-on", "warning", "hint.conf"]).code, 0);
});

test("bad usage: exit code 2, one line, nothing on standard output", () => {
  put("sound.conf", sound);
  const cases: readonly (readonly [args: readonly string[], says: RegExp])[] = [
    [[], /name a file or a folder/],
    [["check"], /name a file or a folder/],
    [["check", "--nonsense", "sound.conf"], /unknown option '--nonsense'/],
    [["check", "--format", "xml", "sound.conf"], /--format takes text, json/],
    [["check", "--format"], /'--format <value>' argument missing/],
    [["check", "--color", "blue", "sound.conf"], /--color takes auto, always, never/],
    [["check", "--fail-on", "fatal", "sound.conf"], /--fail-on takes error, warning/],
    [["check", "--nginx-version", "latest", "sound.conf"], /--nginx-version takes a version such as 1\.28\.0/],
    [["check", "--include-root", "/etc/nginx", "sound.conf"], /--include-root takes FROM=TO/],
    [["check", "--include-root", "/etc/nginx=absent", "sound.conf"], /absent is not a folder/],
    [["check", "--rule", "no-such-rule=off", "sound.conf"], /there is no rule "no-such-rule"/],
    [["check", "--rule", "timeout-unit=loud", "sound.conf"], /--rule takes RULE=SEVERITY with one of error, warning/],
    [["explain", "400", "--rule", "timeout-unit=off"], /--rule belongs to check/],
    [["check", ""], /a path is empty/],
    [["explain"], /explain takes one rule/],
    [["explain", "missing-upgrade-header", "--fix"], /--fix belongs to check/],
    [["explain", "no-such-rule"], /there is no rule "no-such-rule"/],
    [["explain", "400", "--in", "-"], /--in takes a file or a folder/],
    [["explain", "400", "--fail-on", "hint"], /--fail-on belongs to check/],
    [["check", "sound.conf", "--in", "sound.conf"], /--in belongs to explain/],
    [["rules", "extra"], /rules takes no arguments/],
  ];
  for (const [args, says] of cases) {
    const { code, out, err } = run(args);
    assert.equal(code, 2, args.join(" "));
    assert.equal(out, "", args.join(" "));
    assert.match(err, says);
    assert.match(err, /^[^\n]+\n$/, `one line: ${err}`);
  }
});

test("what cannot be read: exit code 2, path and reason in one line each, the other files are checked", () => {
  put("broken.conf", broken);
  put("binary.conf", Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3]));
  mkdirSync(join(folder, "empty"), { recursive: true });
  symlinkSync("nowhere.conf", join(folder, "dangling.conf"));
  symlinkSync("loop-b.conf", join(folder, "loop-a.conf"));
  symlinkSync("loop-a.conf", join(folder, "loop-b.conf"));
  execFileSync("mkfifo", [join(folder, "pipe.conf")]);
  truncateSync(put("huge.conf", ""), 65 * 1024 * 1024);
  const cases: readonly (readonly [path: string, reason: RegExp])[] = [
    ["absent.conf", /no such file/],
    ["empty", /no nginx configuration in this folder/],
    ["binary.conf", /not a text file/],
    ["dangling.conf", /symbolic link to nothing/],
    ["loop-a.conf", /circle/],
    ["pipe.conf", /named pipe/],
    ["huge.conf", /larger than 64 MB/],
    ["broken.conf/below", /not a folder/],
    [`${"x".repeat(300)}.conf`, /too long/],
  ];
  for (const [path, reason] of cases) {
    const { code, out, err } = run(["check", path, "broken.conf"]);
    assert.equal(code, 2, path);
    assert.match(out, new RegExp(`broken\\.conf:3:9: .*${brokenRule}`), path);
    assert.match(err, reason);
    assert.ok(err.includes(`${path}: `), err);
    assert.match(err, /^[^\n]+\n$/, `one line: ${err}`);
    assert.equal(run(["check", path]).code, 2, path);
  }
  assert.match(run(["chek", "broken.conf"]).err, /^.*chek: no such file or folder; did you mean .* check\?\n$/);
  assert.doesNotMatch(run(["check", "chek"]).err, /did you mean/);
  const report = checkJson("absent.conf");
  assert.deepEqual(
    { code: report.code, files: report.files, findings: report.findings },
    { code: 2, files: 0, findings: [] },
  );
});

test("files that may not be read are named", () => {
  chmodSync(put("closed/secret.conf", broken), 0);
  for (const path of ["closed/secret.conf", "closed"]) {
    const { code, err } = runUnprivileged(["check", path]);
    assert.equal(code, 2, err);
    assert.match(err, /^[^\n]*secret\.conf: [^\n]*permission denied\n$/);
  }
});

test("--fix where nothing may be written: the file stays as it is, the reason is told", () => {
  const path = put("readonly/a.conf", broken);
  chmodSync(dirname(path), 0o555);
  const { code, out, err } = runUnprivileged(["check", "--fix", "readonly/a.conf"]);
  chmodSync(dirname(path), 0o755);
  assert.equal(code, 2);
  assert.match(err, /^[^\n]*readonly\/a\.conf: could not be repaired: permission denied\n$/);
  assert.match(out, new RegExp(`readonly/a\\.conf:3:9: .*${brokenRule}`));
  assert.doesNotMatch(out, /Repaired/);
  assert.equal(read("readonly/a.conf").toString(), broken);
});

test("JSON has the documented shape", () => {
  put("shape/nginx.conf", `events {}\nhttp {\n  # Grüße 😀 \n  include sites/*.conf;\n}\n`);
  put("shape/sites/a.conf", broken.replace("proxy_pass", "/* 😀 */ proxy_pass").replace("/* 😀 */", "set $a 😀;"));
  const { code, out } = run(["check", "--format", "json", "shape/nginx.conf"]);
  const report = JSON.parse(out) as unknown;
  assert.equal(code, 1);
  assert.ok(isRecord(report));
  assert.deepEqual(Object.keys(report).sort(), ["files", "findings", "projectFiles", "version"]);
  assert.equal(report.version, version);
  assert.equal(report.files, 2);
  assert.ok(Array.isArray(report.findings) && report.findings.length > 0);
  for (const finding of report.findings as unknown[]) checkFindingShape(finding);
  const missing = (report.findings as Record<string, unknown>[]).find(({ rule }) => rule === brokenRule);
  // 😀 counts as two UTF-16 units.
  const start = { line: 2, character: 8 + "set $a 😀; ".length };
  assert.equal(missing?.file, "shape/sites/a.conf");
  assert.deepEqual(missing?.range, { start, end: { line: 2, character: start.character + "proxy_pass".length } });
});

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function checkFindingShape(finding: unknown): void {
  assert.ok(isRecord(finding));
  const keys = new Set(["file", "range", "rule", "severity", "message", "cause", "related", "fixes"]);
  for (const key of Object.keys(finding)) assert.ok(keys.has(key), key);
  checkPlace(finding);
  assert.ok(typeof finding.rule === "string");
  assert.ok(["error", "warning", "information", "hint"].includes(String(finding.severity)));
  assert.ok(typeof finding.message === "string" && finding.message.length > 0);
  if (finding.cause !== undefined) assert.ok(Number.isInteger(finding.cause));
  if (finding.related !== undefined) {
    assert.ok(Array.isArray(finding.related) && finding.related.length > 0);
    for (const related of finding.related as unknown[]) checkPlace(related, "message");
  }
  assert.ok(Array.isArray(finding.fixes));
  for (const fix of finding.fixes as unknown[]) {
    assert.ok(isRecord(fix));
    assert.deepEqual(Object.keys(fix), ["title", "applicability", "edits"]);
    assert.ok(["safe", "suggested"].includes(String(fix.applicability)));
    assert.ok(Array.isArray(fix.edits) && fix.edits.length > 0);
    for (const edit of fix.edits as unknown[]) checkPlace(edit, "newText");
  }
}

function checkPlace(value: unknown, text?: string): void {
  assert.ok(isRecord(value) && typeof value.file === "string" && isRecord(value.range));
  if (text !== undefined) assert.equal(typeof value[text], "string");
  for (const end of [value.range.start, value.range.end]) {
    assert.ok(isRecord(end) && Number.isInteger(end.line) && Number.isInteger(end.character));
  }
}

test("--fix repairs, reports what is left, and the second time changes nothing", () => {
  const path = put("fix/nginx.conf", withMap("include sites/*.conf;"));
  put("fix/sites/a.conf", broken);
  const first = run(["check", "--fix", "fix/nginx.conf"]);
  assert.match(first.out, /^Repaired \d+ findings? in \d+ files?\.$/m);
  const { findings } = checkJson("fix/nginx.conf");
  assert.deepEqual(
    findings.filter(({ fixes }) => fixes[0]?.applicability === "safe"),
    [],
  );
  assert.ok(!findings.some(({ rule }) => rule === brokenRule));
  assert.equal(first.code, findings.length > 0 ? 1 : 0);
  assert.match(read("fix/sites/a.conf").toString(), /proxy_set_header +Upgrade +\$http_upgrade;/);

  const before = [statSync(path), statSync(join(folder, "fix/sites/a.conf"))];
  const second = run(["check", "--fix", "fix/nginx.conf"]);
  assert.doesNotMatch(second.out, /Repaired/);
  const now = [statSync(path), statSync(join(folder, "fix/sites/a.conf"))];
  assert.deepEqual(
    now.map(({ ino, mtimeMs }) => ({ ino, mtimeMs })),
    before.map(({ ino, mtimeMs }) => ({ ino, mtimeMs })),
  );
  assert.deepEqual(readdirSync(join(folder, "fix/sites")), ["a.conf"]);
});

test("--fix keeps line ends, encoding, byte order mark, mode, links, and every byte it does not mean", () => {
  const lines = broken.split("\n");
  const cases: Readonly<Record<string, Buffer>> = {
    "crlf.conf": Buffer.from(lines.join("\r\n")),
    "latin1.conf": Buffer.concat([Buffer.from("# caf\xe9 \xfc\xa0\n", "latin1"), Buffer.from(broken)]),
    "utf8.conf": Buffer.from(`# Grüße, 漢字, 😀\n${broken}`),
    "no-final-line-feed.conf": Buffer.from(broken.trimEnd()),
    "tabs.conf": Buffer.from(broken.replaceAll("    ", "\t")),
    // For nginx the mark is a part of the first directive's name, which it then does not know.
    "bom.conf": Buffer.from(`\ufeffserver_tokens off;\n${broken}`),
  };
  for (const [name, bytes] of Object.entries(cases)) {
    const path = put(`bytes/${name}`, bytes);
    chmodSync(path, 0o640);
    run(["check", "--fix", `bytes/${name}`]);
    const after = readFileSync(path);
    assert.ok(after.length > bytes.length, `${name} was not repaired`);
    assert.ok(isSubsequence(bytes, after), `${name}: a byte was lost or changed`);
    assert.equal(statSync(path).mode & 0o777, 0o640, name);
    if (name === "crlf.conf") assert.doesNotMatch(after.toString(), /[^\r]\n/);
    if (name === "tabs.conf") assert.doesNotMatch(after.toString(), /^ /m);
    if (name === "bom.conf") assert.deepEqual([...after.subarray(0, 4)], [0xef, 0xbb, 0xbf, 0x73]);
  }
  assert.deepEqual(readdirSync(join(folder, "bytes")).sort(), Object.keys(cases).sort());
});

/** Whether all of these bytes still stand there, in order: insertions only. */
function isSubsequence(bytes: Buffer, within: Buffer): boolean {
  let index = 0;
  for (const byte of within) if (index < bytes.length && byte === bytes[index]) index++;
  return index === bytes.length;
}

test("--fix writes through a link and leaves it a link; a file with two names is checked and repaired once", () => {
  put("linked/sites-available/app", broken);
  mkdirSync(join(folder, "linked/sites-enabled"));
  symlinkSync("../sites-available/app", join(folder, "linked/sites-enabled/app"));
  put("linked/nginx.conf", withMap("include sites-enabled/*;"));
  const { files, findings } = checkJson("linked");
  assert.equal(files, 2);
  assert.deepEqual(
    findings.filter(({ rule }) => rule === brokenRule).map(({ file }) => file),
    ["linked/sites-enabled/app"],
  );
  run(["check", "--fix", "linked"]);
  assert.ok(lstatSync(join(folder, "linked/sites-enabled/app")).isSymbolicLink());
  assert.equal(
    read("linked/sites-available/app")
      .toString()
      .match(/Upgrade +\$http_upgrade/g)?.length,
    1,
  );
});

test("a folder: templates and samples of any usual kind", () => {
  const endings = [
    "j2",
    "erb",
    "epp",
    "tt",
    "ftl",
    "master",
    "tmpl",
    "gotmpl",
    "ctmpl",
    "hbs",
    "in",
    "sample",
    "example",
  ];
  for (const ending of endings) put(`kinds/site.conf.${ending}`, broken);
  for (const ending of ["bak", "orig", "md"]) put(`kinds/site.conf.${ending}`, broken);
  assert.equal(checkJson("kinds").files, endings.length);
});

test("a folder: nginx files of any usual name, other programs' *.conf and node_modules left out", () => {
  put("tree/nginx.conf", "events {}\nhttp { include nowhere/*.conf; }\n");
  put("tree/conf.d/chat.conf", broken);
  put("tree/conf.d/redis.conf", "bind 127.0.0.1\nport 6379\nsave 900 1\n");
  put("tree/conf.d/apache.conf", "<VirtualHost *:80>\n  ServerName a\n</VirtualHost>\n");
  put("tree/conf.d/named.conf", 'options {\n  directory "/var/named";\n  listen-on port 53 { any; };\n};\n');
  put("tree/sites-available/shop", broken);
  put("tree/deploy/app.nginx", broken);
  put("tree/deploy/app.vhost", broken);
  put("tree/deploy/default.conf.template", broken);
  put("tree/node_modules/x/nginx.conf", broken);
  put("tree/.git/nginx.conf", broken);
  put("tree/notes.txt", broken);
  const { files, findings } = checkJson("tree");
  assert.equal(files, 6);
  assert.deepEqual(
    findings
      .filter(({ rule }) => rule === brokenRule)
      .map(({ file }) => file)
      .sort(),
    [
      "tree/conf.d/chat.conf",
      "tree/deploy/app.nginx",
      "tree/deploy/app.vhost",
      "tree/deploy/default.conf.template",
      "tree/sites-available/shop",
    ],
  );
});

test("paths are named as they were given", () => {
  const path = put("names/a.conf", broken);
  assert.equal(checkJson("names").findings[0]?.file, "names/a.conf");
  assert.equal(checkJson("./names/../names/a.conf").findings[0]?.file, "names/a.conf");
  assert.equal(checkJson(path).findings[0]?.file, path);
  assert.equal(checkJson("names/a.conf", "names", path).findings.filter(({ rule }) => rule === brokenRule).length, 1);
});

test("--include-root and --nginx-version reach the analysis", () => {
  put("roots/site.conf", "server {\n    location /ws {\n        include /srv/nginx/proxy.conf;\n    }\n}\n");
  put("roots/here/proxy.conf", "proxy_pass http://127.0.0.1:8080;\n");
  const report = checkJson("--include-root", "/srv/nginx=roots/here", "roots/site.conf");
  assert.equal(report.files, 2);

  put("version.conf", sound.replace("        proxy_http_version 1.1;\n", ""));
  const rulesOf = (nginxVersion: string) =>
    checkJson("--nginx-version", nginxVersion, "version.conf").findings.map(({ rule }) => rule);
  assert.ok(rulesOf("1.28.0").includes("http-version-1-0"));
  assert.ok(!rulesOf("1.30.0").includes("http-version-1-0"));
});

test("--rule changes severities, and switches rules off and on", () => {
  put("chosen.conf", broken);
  const severityOf = (...options: string[]) =>
    checkJson(...options, "chosen.conf").findings.find(({ rule }) => rule === brokenRule)?.severity;
  assert.equal(severityOf("--rule", `${brokenRule}=hint`), "hint");
  assert.equal(severityOf("--rule", `${brokenRule}=off`), undefined);
  put(
    "quiet.conf",
    "upstream app { ip_hash; server 127.0.0.1:8080; }\nserver { location / { proxy_pass http://app; } }\n",
  );
  const rulesOf = (...options: string[]) => checkJson(...options, "quiet.conf").findings.map(({ rule }) => rule);
  assert.deepEqual(rulesOf(), []);
  assert.deepEqual(rulesOf("--rule", "affinity-not-needed=warning"), ["affinity-not-needed"]);
});

test("standard input: checked as a file of this folder, repaired onto standard output", () => {
  const checked = run(["check", "-"], { input: broken });
  assert.equal(checked.code, 1);
  assert.match(checked.out, new RegExp(`^<stdin>:3:9: .*${brokenRule}$`, "m"));
  assert.doesNotMatch(checked.out, /code --goto/);

  const latin1 = Buffer.concat([Buffer.from("# caf\xe9\n", "latin1"), Buffer.from(broken)]);
  const repaired = spawnSync(process.execPath, [commandLine, "check", "--fix", "-"], { cwd: folder, input: latin1 });
  assert.ok(isSubsequence(latin1, repaired.stdout));
  assert.match(repaired.stdout.toString("latin1"), /proxy_set_header +Upgrade/);
  assert.match(repaired.stderr.toString(), /Repaired/);

  const binary = run(["check", "-"], { input: Buffer.from([1, 0, 2]) });
  assert.equal(binary.code, 2);
  assert.match(binary.err, /<stdin>: not a text file\n$/);
});

test("a reader that stops early is no failure", () => {
  put("many.conf", `server {\n${"location /ws { proxy_pass http://127.0.0.1:8080; }\n".repeat(900)}}\n`);
  for (const format of ["text", "json"]) {
    const script = `${process.execPath} ${commandLine} check --format ${format} many.conf | head -1; echo "code \${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync("bash", ["-c", script], { cwd: folder, encoding: "utf8" });
    assert.equal(stderr, "");
    assert.match(stdout, /^[^\n]+\ncode [01]\n$/);
  }
});

test("a file of 50 MB is checked", () => {
  const server = `${sound.replaceAll("\n", " ")}\n`;
  const size = 50 * 1024 * 1024;
  put("big.conf", server.repeat(Math.floor((size - broken.length) / server.length)) + broken);
  const { code, files, findings } = checkJson("big.conf");
  rmSync(join(folder, "big.conf"));
  assert.equal(code, 1);
  assert.equal(files, 1);
  assert.equal(findings.filter(({ rule }) => rule === brokenRule).length, 1);
});

test("colours: only on request or on a terminal, never against NO_COLOR", () => {
  put("broken.conf", broken);
  const hasColor = (args: string[], env: NodeJS.ProcessEnv = {}) =>
    run(["check", ...args, "broken.conf"], { env }).out.includes("\u001b[");
  assert.equal(hasColor([]), false);
  assert.equal(hasColor(["--color", "always"]), true);
  assert.equal(hasColor([], { FORCE_COLOR: "1" }), true);
  assert.equal(hasColor([], { FORCE_COLOR: "1", NO_COLOR: "1" }), false);
  assert.equal(hasColor(["--color", "never"], { FORCE_COLOR: "1" }), false);
});

test("a configuration cannot send escape sequences to the terminal", () => {
  put("escape.conf", broken.replace("proxy_pass", "set $a '\u001b[2J\u202e'; proxy_pass"));
  const { out } = run(["check", "escape.conf"]);
  assert.doesNotMatch(out, /[\u001b\u202e]/);
  assert.match(out, /␛\[2J/);
});

test("rules, explain, --help and --version", () => {
  const list = run(["rules"]);
  assert.equal(list.code, 0);
  assert.deepEqual(
    list.out
      .trimEnd()
      .split("\n")
      .map((line) => line.split(" ")[0]),
    rules.map(({ id }) => id),
  );
  for (const { id } of rules) {
    const page = run(["explain", id]);
    assert.equal(page.code, 0, id);
    assert.ok(page.out.startsWith(id), `${id}: ${page.out.slice(0, 80)}`);
    assert.doesNotMatch(page.out, /```/);
  }
  assert.match(run(["explain", "missing-upgrade-heders"]).err, /did you mean missing-upgrade-headers\?/);
  for (const written of ["Missing-Upgrade-Headers", "ws/missing-upgrade-headers"]) {
    assert.match(run(["explain", written]).out, /^missing-upgrade-headers\n/);
    assert.equal(JSON.parse(run(["explain", "--format", "json", written]).out).rule.id, "missing-upgrade-headers");
  }
  assert.deepEqual(run(["--version"]), { code: 0, out: `${version}\n`, err: "" });
  for (const args of [["--help"], ["check", "--help"], ["help"]]) {
    const { code, out } = run(args);
    assert.equal(code, 0);
    assert.match(out, /Exit codes/);
  }
});

test("explain says what a symptom means, and a rule's own name still means the rule", () => {
  const { code, out, err } = run(["explain", "Unexpected response code:", "400"]);
  assert.deepEqual({ code, err }, { code: 0, err: "" });
  assert.match(out, /^The handshake is answered with 400\n/);
  assert.match(out, /^1\. The Upgrade and Connection headers do not reach the backend\./m);
  assert.match(out, /- Rules: missing-upgrade-headers, /);
  assert.match(out, /--in PATH looks for these causes in your configuration\.$/m);
  for (const line of out.split("\n")) assert.ok(line.length <= 100, line);
  assert.match(run(["explain", brokenRule]).out, new RegExp(`^${brokenRule}\n`));
});

test("explain does not pretend: 1 for what it does not know, with a list of what it does", () => {
  const { code, out, err } = run(["explain", "it does not work"]);
  assert.deepEqual({ code, err }, { code: 1, err: "" });
  assert.match(out, /^Not recognised\n/);
  assert.ok(out.trimEnd().split("\n").length <= 12, out);
  const near = run(["explain", "certificate error"]);
  assert.match(near.out, /^Nearest to it:\n- /m);
  assert.ok(near.out.trimEnd().split("\n").length <= 12, near.out);
  assert.equal(run(["explain", "-"], { input: "" }).code, 1);
});

test("explain --in puts the causes first that are there, with file and line", () => {
  put("explained/site.conf", broken);
  const { code, out } = run(["explain", "404", "--in", "explained"]);
  assert.equal(code, 0);
  assert.match(out, /^1\. The Upgrade and Connection headers do not reach/m);
  assert.match(out, new RegExp(`In your configuration: explained/site\\.conf:3: ${brokenRule}: `));
  put("explained/75.conf", sound.replace("3600s", "75s"));
  const timed = run(["explain", "after 75 seconds", "--in", "explained/75.conf"]);
  assert.match(timed.out, /In your configuration: explained\/75\.conf:8: proxy_read_timeout 75s, that is 75 s/);
  const absent = run(["explain", "404", "--in", "not-there"]);
  assert.equal(absent.code, 2);
  assert.match(absent.err, /not-there: /);
});

test("explain reads a log from standard input", () => {
  const input = [
    '2026/11/25 07:14:36 [error] 7#7: *2 connect() failed (111: Connection refused) while connecting to upstream, client: 127.0.0.1, server: chat.example.com, request: "GET /ws HTTP/1.1", upstream: "http://127.0.0.1:8080/ws", host: "chat.example.com"',
    '127.0.0.1 - - [25/Nov/2026:07:14:36 +0000] "GET /ws HTTP/1.1" 502 157 "-" "-" 0.000',
  ].join("\n");
  const { code, out } = run(["explain", "-"], { input });
  assert.equal(code, 0);
  assert.match(out, /^connect\(\) failed \(111: Connection refused\) while connecting to upstream\n/);
  assert.match(out, /^The handshake is answered with 502$/m);
  assert.match(run(["explain", "-"], { input: Buffer.from([0, 1, 2]) }).err, /not a text file/);
  assert.doesNotMatch(run(["explain", "-"], { input: `[error] ${"\u001b[2J"}no live upstreams` }).out, /\u001b/);
});

test("explain --format json", () => {
  put("explained/site.conf", broken);
  const { code, out } = run(["explain", "--format", "json", "426", "--in", "explained/site.conf"]);
  assert.equal(code, 0);
  const report = JSON.parse(out);
  assert.equal(report.version, version);
  assert.equal(report.recognised, true);
  assert.equal(report.symptoms[0].id, "handshake-426");
  const [finding] = report.symptoms[0].causes[0].findings;
  assert.deepEqual([finding.file, finding.range.start.line, finding.rule], ["explained/site.conf", 2, brokenRule]);
  const unknown = run(["explain", "--format", "json", "hm"]);
  assert.equal(unknown.code, 1);
  assert.deepEqual(JSON.parse(unknown.out), { version, recognised: false, symptoms: [] });
  assert.equal(JSON.parse(run(["explain", "--format", "json", brokenRule]).out).rule.id, brokenRule);
});
