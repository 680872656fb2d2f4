// Dumps of `nginx -T`: what nginx prints is read back byte for byte, and judged as the files themselves are.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { readDump, refusalIn } from "../server/core/dump.ts";
import { applyEdits, defaultSettings, type Finding, Project } from "../server/core/index.ts";
import { nodeFiles } from "../server/host/files.ts";
import { findNginx } from "./support/nginx.ts";

const commandLine = resolve("dist/cli.cjs");

/** A configuration with all that a dump can get wrong; `NGINX` is its folder. */
const tree: Readonly<Record<string, string>> = {
  "nginx.conf": `events { worker_connections 20000; }
worker_rlimit_nofile 40000;
http {
    include snippets/map.conf;
    include NGINX/conf.d/*.conf;
    include NGINX/elsewhere/*.conf;
    include "sites-enabled/[a-c]?";
}
`,
  // Without a line feed at its end.
  "snippets/map.conf": "map $http_upgrade $connection_upgrade { default upgrade; '' close; }",
  "snippets/headers.conf": "proxy_set_header Host $http_host;",
  // Twice under one name, once under another.
  "conf.d/b.conf": `server {
    listen 127.0.0.1:8098;
    location /ws {
        proxy_pass http://127.0.0.1:8080;
        proxy_http_version 1.1;
        proxy_read_timeout 1h;
        include snippets/headers.conf;
    }
    location /live/ws {
        proxy_pass http://127.0.0.1:8080;
        proxy_http_version 1.1;
        proxy_read_timeout 1h;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $connection_upgrade;
        include ./snippets/headers.conf;
        include snippets/headers.conf;
    }
}


`,
  // A file that holds such lines itself, and CR LF.
  "conf.d/a.conf":
    "# configuration file /etc/other.conf:\nserver {\r\n    listen 127.0.0.1:8097;\r\n# configuration file NGINX/nginx.confs:\n    location /ws { proxy_pass http://127.0.0.1:8080; proxy_http_version 1.0; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade; }\r\n}\r\n",
  "conf.d/empty.conf": "",
  "conf.d/Z ü.conf": "server { listen 127.0.0.1:8096; }\n\n",
  "sites-enabled/b1":
    "server {\n    listen 127.0.0.1:8095;\n    location /ws {\n        proxy_pass http://127.0.0.1:8080;\n    }\n}",
  "sites-enabled/z1": "this is not read",
};

function plant(t: TestContext, files: Readonly<Record<string, string>> = tree): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "nginx-dump-")));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text.replaceAll("NGINX", folder));
  }
  mkdirSync(join(folder, "logs"), { recursive: true });
  return folder;
}

/** What `nginx -T 2>&1` prints for this folder. */
async function dump(t: TestContext, folder: string, ...options: readonly string[]): Promise<string | undefined> {
  const [nginx] = await findNginx();
  if (!nginx) {
    t.skip("no nginx here to print a dump");
    return undefined;
  }
  // Both streams go to one file, as `> dump.txt 2>&1` does it.
  const script = 'exec "$0" "$@" 2>&1';
  const main = ["-p", `${folder}/`, "-c", "nginx.conf", "-g", `error_log ${folder}/logs/e; pid ${folder}/logs/p;`];
  const run = spawnSync("sh", ["-c", script, nginx.path, "-T", ...main, ...options], { encoding: "utf8" });
  return run.stdout;
}

const summary = (findings: readonly Finding[], project: Project) =>
  findings.map(({ rule, severity, span }) => {
    const { line, character } = project.document(span.file)!.positionAt(span.start);
    return `${line + 1}:${character + 1} ${severity} ${rule}`;
  });

test("every file of a dump is read back byte for byte, whatever is in it", async (t) => {
  const folder = plant(t);
  const text = await dump(t, folder);
  if (text === undefined) return;
  const read = readDump(text, "dump.txt");
  assert.ok(read, text);
  assert.ok(read.isWhole);
  assert.deepEqual(
    read.parts.map(({ name }) => name.slice(folder.length + 1)),
    [
      "nginx.conf",
      "snippets/map.conf",
      "conf.d/Z ü.conf",
      "conf.d/a.conf",
      "conf.d/b.conf",
      "snippets/headers.conf",
      "./snippets/headers.conf",
      "conf.d/empty.conf",
      "sites-enabled/b1",
    ],
  );
  for (const { name, start, end } of read.parts) assert.equal(text.slice(start, end), readFileSync(name, "utf8"), name);
});

test("a terminal's CR LF, late messages and what a container says change nothing", async (t) => {
  const folder = plant(t);
  const text = await dump(t, folder);
  if (text === undefined) return;
  const names = readDump(text, "x")?.parts.map(({ name }) => name);
  const first = text.indexOf("# configuration file");
  const messages = text.slice(0, first);
  assert.match(messages, /syntax is ok/);
  const container = "/docker-entrypoint.sh: Configuration complete; ready for start up\n";
  const version =
    "nginx version: nginx/1.22.1\nbuilt with OpenSSL 3.0.9\nconfigure arguments: --with-debug --x='a;b'\n";
  for (const variant of [
    text.slice(first),
    text.slice(first) + messages,
    container + text,
    version + text,
    text.replaceAll(/\r?\n/g, "\r\n"),
    `\uFEFF${text.slice(first)}`,
    // A second dump behind it.
    text + text,
  ]) {
    const read = readDump(variant, "x");
    assert.ok(read, variant.slice(0, 200));
    assert.deepEqual(
      read.parts.map(({ name }) => name),
      names,
      variant.slice(0, 200),
    );
    assert.equal(read.version, variant.startsWith(version) ? "1.22.1" : undefined);
    const { start, end } = read.parts.at(-1)!;
    assert.equal(variant.slice(start, end).replaceAll("\r", ""), tree["sites-enabled/b1"]);
  }
});

test("what is no dump stays a file", () => {
  const site = "server { listen 80; }\n";
  for (const text of [
    site,
    `# configuration file /etc/nginx/conf.d/x.conf:\n${site}`,
    `# configuration file /etc/nginx/nginx.conf:\nevents {}\nhttp {\n    include /etc/nginx/mime.types;\n}\n`,
    `${site}# configuration file /etc/nginx/conf.d/x.conf:\n${site}`,
    "# configuration file /etc/nginx/nginx.conf\nevents {}\n",
    "",
  ]) {
    assert.equal(readDump(text, "x"), undefined, text);
  }
});

test("a piece of a dump is a dump too: nobody knows what its first file includes", () => {
  const text = `# configuration file /etc/nginx/conf.d/a.conf:
server { listen 80; include snippets/x.conf; }

# configuration file /etc/nginx/snippets/x.conf:
proxy_read_timeout 1h;

`;
  const read = readDump(text, "x");
  assert.ok(read);
  assert.deepEqual(
    read.parts.map(({ name }) => name),
    ["/etc/nginx/conf.d/a.conf", "/etc/nginx/snippets/x.conf"],
  );
  assert.equal(read.isWhole, false);
});

test("when nginx refuses its files, it says why and prints none of them", async (t) => {
  const folder = plant(t, { "nginx.conf": "events {}\nhttp {\n    proxy_pass x;\n}\n" });
  const text = await dump(t, folder);
  if (text === undefined) return;
  assert.equal(readDump(text, "x"), undefined);
  assert.match(refusalIn(text) ?? "", /^"proxy_pass" directive is not allowed here in .*nginx\.conf:3$/);
  assert.equal(refusalIn("nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\n"), undefined);
  const { status, stderr } = spawnSync(process.execPath, [commandLine, "check", "-"], {
    input: text,
    encoding: "utf8",
  });
  assert.equal(status, 2);
  assert.match(stderr, /<stdin>: nginx printed no configuration: "proxy_pass" directive is not allowed here/);
});

test("a dump is judged as its files are, and every place leads back to them", async (t) => {
  const folder = plant(t);
  const text = await dump(t, folder);
  if (text === undefined) return;
  const onDisk = new Project(nodeFiles(), { ...defaultSettings });
  await onDisk.load([join(folder, "nginx.conf")]);
  const project = new Project(nodeFiles(), { ...defaultSettings });
  const file = join(folder, "dump.txt");
  project.open(file, text);
  await project.load([file]);
  const view = project.dump(file)!;
  let count = 0;
  for (const inner of view.files()) {
    const name = view.nameOf(inner)!;
    const expected = onDisk.findings(name);
    const found = view.project.findings(inner);
    assert.deepEqual(summary(found, view.project), summary(expected, onDisk), name);
    assert.deepEqual(
      found.map(({ related }) => related.map(({ span, message }) => [view.nameOf(span.file), span.start, message])),
      expected.map(({ related }) => related.map(({ span, message }) => [span.file, span.start, message])),
    );
    count += found.length;
  }
  assert.ok(count >= 3, `${count} findings`);

  const inDump = project.findings(file);
  assert.equal(inDump.length, count);
  for (const { span, related } of inDump) {
    for (const { file: where } of [span, ...related.map((each) => each.span)]) assert.equal(where, file);
  }
  const version = inDump.find(({ rule }) => rule === "http-version-1-0");
  assert.equal(text.slice(version!.span.start, version!.span.end), "1.0");
  // The fixes repair the dump itself, and an edit is judged like a new dump.
  let repaired = text;
  for (const finding of inDump.toReversed()) {
    const [fix] = finding.fixes;
    if (fix?.applicability === "safe") repaired = applyEdits(repaired, fix.edits);
  }
  const before = project.document(file)!.length;
  project.change(file, [{ start: 0, end: before, text: repaired }]);
  await project.load([file]);
  const left = project.findings(file);
  assert.ok(
    left.every(({ fixes }) => fixes[0]?.applicability !== "safe"),
    summary(left, project).join("\n"),
  );
  const fresh = new Project(nodeFiles(), { ...defaultSettings });
  fresh.open(file, repaired);
  await fresh.load([file]);
  assert.deepEqual(summary(left, project), summary(fresh.findings(file), fresh));
});

test("an edit that ends a dump, and one that begins it", async () => {
  const file = "/tmp/dump.txt";
  const project = new Project(nodeFiles());
  const text =
    "# configuration file /n/nginx.conf:\nevents {}\nhttp { include a.conf; }\n\n# configuration file /n/a.conf:\nmap a b c;\n\n";
  project.open(file, text);
  await project.load([file]);
  assert.deepEqual(project.files(), [file]);
  assert.equal(project.dump(file)?.files().length, 2);
  project.change(file, [{ start: 0, end: 0, text: "user x;\n" }]);
  await project.load([file]);
  assert.equal(project.dump(file), undefined);
  project.change(file, [{ start: 0, end: 8, text: "" }]);
  await project.load([file]);
  assert.equal(project.dump(file)?.files().length, 2);
  project.close(file);
  assert.equal(project.dump(file), undefined);
});

test("the command line names the original files and the line of the dump", async (t) => {
  const folder = plant(t);
  const text = await dump(t, folder);
  if (text === undefined) return;
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, [commandLine, "check", ...args], { input: text, encoding: "utf8", cwd: folder });
  const line = text.slice(0, text.indexOf("proxy_http_version 1.0")).split("\n").length;
  const { status, stdout } = run("-");
  assert.equal(status, 1, stdout);
  assert.match(
    stdout,
    new RegExp(`^${folder}/conf\\.d/a\\.conf:5:\\d+: warning http-version-1-0 \\(<stdin>:${line}:`, "m"),
  );
  assert.match(stdout, /^8 files checked/m);

  const { findings } = JSON.parse(run("--format", "json", "-").stdout) as { findings: JsonFinding[] };
  const found = findings.find(({ rule }) => rule === "http-version-1-0")!;
  assert.equal(found.file, `${folder}/conf.d/a.conf`);
  assert.equal(found.range.start.line, 4);
  assert.deepEqual([found.dump.file, found.dump.range.start.line], ["<stdin>", line - 1]);
});

interface JsonPlace {
  readonly file: string;
  readonly range: { readonly start: { readonly line: number } };
}
interface JsonFinding extends JsonPlace {
  readonly rule: string;
  readonly dump: JsonPlace;
}

test("--fix on a dump changes nothing and writes a patch that repairs the original files", async (t) => {
  const folder = plant(t);
  cpSync(join(folder, "sites-enabled/b1"), join(folder, "b1"));
  rmSync(join(folder, "sites-enabled/b1"));
  symlinkSync("../b1", join(folder, "sites-enabled/b1"));
  const text = await dump(t, folder);
  if (text === undefined) return;
  const file = join(folder, "dump.txt");
  writeFileSync(file, text);
  const cli = (...args: readonly string[]) => {
    const run = spawnSync(process.execPath, [commandLine, "check", ...args], { input: text, encoding: "utf8" });
    return { ...run, patch: run.stdout };
  };
  const { patch, stderr } = cli("--fix", file);
  assert.equal(cli("--fix", "-").patch, patch);
  assert.equal(readFileSync(file, "utf8"), text);
  for (const [name, content] of Object.entries(tree)) {
    assert.equal(readFileSync(join(folder, name), "utf8"), content.replaceAll("NGINX", folder), name);
  }
  assert.match(stderr, /Wrote a patch that repairs \d+ findings in 3 files of the dump\./);
  assert.match(stderr, /Nothing has been changed/);

  const applied = spawnSync("patch", ["--follow-symlinks", "-d", "/", "-p1"], { input: patch, encoding: "utf8" });
  if (applied.error) return t.skip("no patch here to apply what was written");
  assert.equal(applied.status, 0, applied.stdout + applied.stderr);
  const again = cli("--fix", join(folder, "nginx.conf"));
  assert.doesNotMatch(again.stdout, /Repaired/, "a safe fix was not in the patch");
  assert.match((await dump(t, folder)) ?? "", /test is successful/);
});
