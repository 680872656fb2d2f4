// The disk as the core sees it: bounded, read-only, never waiting, in glob(3)'s order.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { nodeFiles, readNodeFile } from "../server/host/files.ts";

const isWindows = process.platform === "win32";

/** What glob(3) of glibc gives in the C locale, where nginx runs, for the files of the test below. */
const globbed: readonly (readonly [string, readonly string[]])[] = [
  [
    "conf.d/*.conf",
    [
      "conf.d/-.conf",
      "conf.d/10.conf",
      "conf.d/9.conf",
      "conf.d/B.conf",
      "conf.d/[x].conf",
      "conf.d/a-b.conf",
      "conf.d/a.conf",
      "conf.d/ab.conf",
      "conf.d/b.conf",
      "conf.d/dangling.conf",
      "conf.d/\u00e9.conf",
      "conf.d/\uff21.conf",
      "conf.d/\ud83d\ude00.conf",
    ],
  ],
  ["conf.d/?.conf", ["conf.d/-.conf", "conf.d/9.conf", "conf.d/B.conf", "conf.d/a.conf", "conf.d/b.conf"]],
  ["conf.d/[ab].conf", ["conf.d/a.conf", "conf.d/b.conf"]],
  ["conf.d/[!ab].conf", ["conf.d/-.conf", "conf.d/9.conf", "conf.d/B.conf"]],
  ["conf.d/[^ab].conf", ["conf.d/-.conf", "conf.d/9.conf", "conf.d/B.conf"]],
  [
    "conf.d/[a-z]*.conf",
    ["conf.d/a-b.conf", "conf.d/a.conf", "conf.d/ab.conf", "conf.d/b.conf", "conf.d/dangling.conf"],
  ],
  ["conf.d/[[:digit:]]*.conf", ["conf.d/10.conf", "conf.d/9.conf"]],
  ["conf.d/[[:upper:]].conf", ["conf.d/B.conf"]],
  ["conf.d/.*.conf", ["conf.d/.hidden.conf"]],
  ["conf.d/\\[x\\].conf*", ["conf.d/[x].conf"]],
  ["conf.d/[[]x].conf", ["conf.d/[x].conf"]],
  ["conf.d/[]x]*", []],
  ["conf.d/[ab", []],
  ["conf.d/*[", []],
  [
    "conf.d/*.c*nf*",
    [
      "conf.d/-.conf",
      "conf.d/10.conf",
      "conf.d/9.conf",
      "conf.d/B.conf",
      "conf.d/[x].conf",
      "conf.d/a-b.conf",
      "conf.d/a.conf",
      "conf.d/a.conf.bak",
      "conf.d/ab.conf",
      "conf.d/b.conf",
      "conf.d/dangling.conf",
      "conf.d/\u00e9.conf",
      "conf.d/\uff21.conf",
      "conf.d/\ud83d\ude00.conf",
    ],
  ],
  ["sites/*/site.conf", ["sites/one/site.conf", "sites/two/site.conf"]],
  ["sites/*/*.conf", ["sites/one/site.conf", "sites/two/site.conf"]],
  ["*/*/site.conf", ["sites/one/site.conf", "sites/two/site.conf"]],
  ["none/*.conf", []],
  ["conf.d/*.none", []],
  ["conf.d/{a,b}.con?", []],
  [
    "loop/loop/conf.d/a*",
    ["loop/loop/conf.d/a-b.conf", "loop/loop/conf.d/a.conf", "loop/loop/conf.d/a.conf.bak", "loop/loop/conf.d/ab.conf"],
  ],
  ["*/loop", ["loop/loop"]],
  ["conf.d//a*.conf", ["conf.d/a-b.conf", "conf.d/a.conf", "conf.d/ab.conf"]],
  ["conf.d/a?b.conf", ["conf.d/a-b.conf"]],
  ["conf.d/[a-].conf", ["conf.d/-.conf", "conf.d/a.conf"]],
  ["conf.d/[--0].conf", ["conf.d/-.conf"]],
  ["conf.d/*a*b*", ["conf.d/a-b.conf", "conf.d/a.conf.bak", "conf.d/ab.conf"]],
  ["conf.d/[[:nope:]].conf", []],
  ["conf.d/[\\a].conf", ["conf.d/a.conf"]],
];

function createFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "nginx-websocket-files-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder.replaceAll("\\", "/");
}

function fill(folder: string, names: readonly string[]): void {
  for (const name of names) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), "");
  }
}

test("bytes become text and the same bytes again", (t) => {
  const folder = createFolder(t);
  const cases: [string, Buffer, "utf8" | "latin1"][] = [
    ["empty", Buffer.alloc(0), "utf8"],
    ["ascii", Buffer.from("events { }\r\n"), "utf8"],
    ["utf8", Buffer.from("# é𝄞\n"), "utf8"],
    ["bom", Buffer.from("\ufeffevents { }\n"), "utf8"],
    ["latin1", Buffer.from([0x23, 0xe9, 0xff, 0x80, 0x0a]), "latin1"],
    ["late", Buffer.concat([Buffer.alloc(9000, 0x20), Buffer.from([0])]), "utf8"],
  ];
  for (const [name, bytes, encoding] of cases) {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    const result = readNodeFile(path);
    assert.ok("text" in result, name);
    assert.equal(result.encoding, encoding, name);
    assert.deepEqual(Buffer.from(result.text, result.encoding), bytes, name);
  }
});

test("what is not a readable text file is refused with a reason", async (t) => {
  const folder = createFolder(t);
  writeFileSync(join(folder, "binary"), Buffer.from([1, 2, 0, 3]));
  const large = openSync(join(folder, "large"), "w");
  ftruncateSync(large, 64 * 1024 * 1024 + 1);
  closeSync(large);
  const cases: Record<string, string> = {
    [folder]: "is a directory",
    [join(folder, "none")]: "does not exist",
    [join(folder, "binary", "below")]: "does not exist",
    [join(folder, "binary")]: "not a text file",
    [join(folder, "large")]: "larger than 64 MB",
    [`${folder}/a\0b`]: "is not a valid path",
    "vscode-vfs://github/o/r/nginx.conf": "is not on this machine’s disk",
  };
  if (!isWindows) {
    execFileSync("mkfifo", [join(folder, "pipe")]);
    symlinkSync("circle", join(folder, "circle"));
    const server = createServer().listen(join(folder, "socket"));
    await once(server, "listening");
    t.after(() => server.close());
    cases[join(folder, "pipe")] = "is a named pipe, not a file";
    cases[join(folder, "circle")] = "is a symbolic link that leads in a circle";
    cases[join(folder, "socket")] = "is a socket, not a file";
    cases["/dev/null"] = "is a device, not a file";
    cases[`/${"x".repeat(5000)}`] = "has a path that is too long";
  }
  for (const [path, error] of Object.entries(cases)) {
    const result = readNodeFile(path);
    assert.equal("error" in result && result.error, error, path.slice(0, 100));
    const isMissing = /^does not exist$|leads in a circle$/.test(error);
    assert.equal("isMissing" in result, isMissing, path.slice(0, 100));
    assert.equal("isFolder" in result, error === "is a directory", path.slice(0, 100));
  }
});

test("a file of exactly 64 MB is read", (t) => {
  const path = join(createFolder(t), "limit");
  writeFileSync(path, Buffer.alloc(64 * 1024 * 1024, 0x20));
  const result = readNodeFile(path);
  assert.ok("text" in result && result.text.length === 64 * 1024 * 1024);
});

test("a file one may not read", {
  skip: isWindows || process.getuid?.() === 0 ? "permissions do not bind this user" : false,
}, (t) => {
  const path = join(createFolder(t), "secret");
  writeFileSync(path, "");
  chmodSync(path, 0);
  assert.deepEqual(readNodeFile(path), { error: "may not be read: permission denied" });
});

test("patterns find what glob(3) finds, in its order", async (t) => {
  const folder = createFolder(t);
  fill(folder, [
    "conf.d/b.conf",
    "conf.d/a.conf",
    "conf.d/B.conf",
    "conf.d/10.conf",
    "conf.d/9.conf",
    "conf.d/.hidden.conf",
    "conf.d/a.conf.bak",
    "conf.d/é.conf",
    "conf.d/-.conf",
    "conf.d/[x].conf",
    "sites/one/site.conf",
    "sites/two/site.conf",
    "sites/.dot/site.conf",
    "sites/plain",
    "conf.d/a-b.conf",
    "conf.d/ab.conf",
    "conf.d/\u{1f600}.conf",
    "conf.d/\uff21.conf",
  ]);
  symlinkSync("nowhere", join(folder, "conf.d", "dangling.conf"));
  symlinkSync(".", join(folder, "loop"));
  const { glob } = nodeFiles();
  for (const [pattern, expected] of globbed) {
    const names = expected.map((name) => `${folder}/${name}`);
    assert.deepEqual(await glob(`${folder}/${pattern}`), names, pattern);
  }
});

test("patterns that are relative, remote or hostile", async (t) => {
  const folder = createFolder(t);
  fill(folder, ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]);
  symlinkSync(".", join(folder, "loop"));
  const { glob } = nodeFiles();
  assert.deepEqual(await glob("*.conf"), []);
  assert.deepEqual(await glob("vscode-vfs://github/o/*.conf"), []);
  assert.deepEqual(await glob(`${folder}/${"*a".repeat(30)}*b`), []);
  assert.deepEqual(await glob(`${folder}/a\0*`), []);
  assert.equal((await glob(`${folder}${"/*".repeat(30)}`)).length, 2);
});

test("reading very many files lets other work through", async (t) => {
  const folder = createFolder(t);
  fill(
    folder,
    Array.from({ length: 3000 }, (_, index) => `${index}.conf`),
  );
  const files = nodeFiles();
  let turns = 0;
  const ticker = setInterval(() => turns++, 1);
  const results = await Promise.all((await files.glob(`${folder}/*`)).map((file) => files.read(file)));
  clearInterval(ticker);
  assert.ok(results.length === 3000 && results.every((result) => "text" in result));
  assert.ok(turns > 0, "the timer ran in between");
});
