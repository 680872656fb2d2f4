import assert from "node:assert/strict";
import { test } from "node:test";
import { type FileId, type Files, Project } from "../server/core/index.ts";
import { Config } from "../server/core/model/config.ts";
import { type Entry, Scope } from "../server/core/model/scope.ts";
import { allRules } from "../server/core/rules/index.ts";
import { Judge } from "../server/core/rules/judge.ts";
import { Document } from "../server/core/syntax/document.ts";
import { Random } from "./syntax/mutate.ts";

// A project that lives through edits, new, changed and deleted files says what a new project says that reads the same files.
// Set EDITS for more edits, SEED for others.

const edits = Number(process.env.EDITS ?? 300);
const seed = Number(process.env.SEED ?? 20_265);

const ROOT = "/etc/nginx/nginx.conf";

/** A disk in memory. */
function diskOf(texts: ReadonlyMap<FileId, string>): Files {
  return {
    read: async (file) => {
      const text = texts.get(file);
      return text === undefined ? { error: "does not exist", isMissing: true } : { text };
    },
    glob: async (pattern) => {
      const expression = new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", "[^/]*")}$`);
      return [...texts.keys()].filter((file) => expression.test(file)).sort();
    },
  };
}

const START: readonly (readonly [string, string])[] = [
  [
    "nginx.conf",
    "events {}\nhttp {\n  include conf.d/*.conf;\n  proxy_set_header Host $host;\n  include sites/*.conf;\n}\ninclude streams/*.conf;\n",
  ],
  ["conf.d/map.conf", "map $http_upgrade $connection_upgrade {\n  default upgrade;\n  '' close;\n}\n"],
  ["conf.d/up.conf", "upstream app {\n  server 127.0.0.1:8080;\n}\n"],
  ["snippets/ws.conf", "proxy_set_header Upgrade $http_upgrade;\nproxy_set_header Connection $connection_upgrade;\n"],
  ["snippets/nested.conf", "include snippets/ws.conf;\nproxy_read_timeout 3600s;\n"],
  ["streams/a.conf", "stream {\n  server { listen 1; proxy_pass 127.0.0.1:2; proxy_timeout 10s; }\n}\n"],
  ...Array.from({ length: 4 }, (_, number): readonly [string, string] => [
    `sites/${number}.conf`,
    `server {\n  listen 80;\n  server_name s${number}.example;\n  location /ws/ {\n    proxy_pass http://app;\n    proxy_http_version 1.1;\n    include snippets/${number % 2 ? "ws" : "nested"}.conf;\n  }\n}\n`,
  ]),
];

const PIECES = [
  "",
  "\n",
  "#",
  "}",
  "{",
  ";",
  "x",
  "include snippets/ws.conf;\n",
  "include snippets/nested.conf;\n",
  "include conf.d/*.conf;\n",
  "include sites/*;\n",
  "include none.conf;\n",
  "include snippets/none/*.conf;\n",
  "include conf.d/self.conf;\n",
  "server { location /chat { proxy_pass http://app; include snippets/ws.conf; } }\n",
  "location /ws { proxy_pass http://127.0.0.1:1; }\n",
  "map $http_upgrade $other { default upgrade; }\n",
  "map $http_upgrade $connection_upgrade { default $other; '' close; }\n",
  "upstream app { server 127.0.0.1:8080; keepalive 16; ip_hash; }\n",
  "proxy_set_header Connection $connection_upgrade;\n",
  "set $other upgrade;\n",
  "listen 443 ssl http2;\n",
  "upstream app { server 127.0.0.1:3; }\n",
  "proxy_set_header Connection $other;\n",
  "proxy_read_timeout 5s;\n",
  "proxy_http_version 1.1;\n",
  "http { server { } }\n",
];

const NAMES = [
  "conf.d/self.conf",
  "conf.d/new.conf",
  "sites/9.conf",
  "sites/0.conf",
  "snippets/none/a.conf",
  "none.conf",
];

function changeText(text: string, random: Random): { start: number; end: number; text: string } {
  const lines = [...text.matchAll(/^/gm)].map(({ index }) => index);
  const start = random.below(3) === 0 ? random.below(text.length + 1) : random.pick(lines.length > 0 ? lines : [0]);
  const end = random.below(3) === 0 ? Math.min(text.length, start + random.below(40)) : start;
  return { start, end, text: random.pick(PIECES) };
}

async function describe(project: Project, open: readonly FileId[]): Promise<readonly string[]> {
  await project.load(open);
  return project
    .files()
    .toSorted()
    .flatMap((file) => project.findings(file).map((finding) => JSON.stringify(finding)));
}

// In 8 and 9 braces are typed over again and again.
for (const start of [seed, seed + 1, seed + 2, 8, 9]) {
  test(`after each of ${edits} changes everything is as if it were read anew (seed ${start})`, async () => {
    const random = new Random(start);
    const breaks = new Random(~start);
    const disk = new Map(START.map(([name, text]) => [`/etc/nginx/${name}`, text]));
    const failures: string[] = [];
    const settings = undefined;
    const living = new Project(diskOf(disk), settings, (message) => failures.push(message));
    const open = new Map<FileId, string>([[ROOT, disk.get(ROOT) ?? ""]]);
    living.open(ROOT, disk.get(ROOT) ?? "");
    for (let count = 0; count < edits; count++) {
      const file = random.pick([...disk.keys()]);
      const text = open.get(file) ?? disk.get(file) ?? "";
      const action = random.below(12);
      if (action < 7) {
        if (!open.has(file)) living.open(file, text);
        const change = changeText(text, random);
        living.change(file, [change]);
        open.set(file, text.slice(0, change.start) + change.text + text.slice(change.end));
      } else if (action === 7 && file !== ROOT) {
        disk.delete(file);
        living.invalidate(file);
      } else if (action === 8) {
        const name = `/etc/nginx/${random.pick(NAMES)}`;
        disk.set(name, random.pick(PIECES));
        living.invalidate(name);
      } else if (action === 9 && file !== ROOT && open.delete(file)) living.close(file);
      else if (action === 10 && open.size > 4) {
        // Back to what was right, so that not everything ends in syntax errors.
        for (const [name, original] of START) {
          disk.set(`/etc/nginx/${name}`, original);
          living.invalidate(`/etc/nginx/${name}`);
          if (open.has(`/etc/nginx/${name}`)) {
            living.open(`/etc/nginx/${name}`, original);
            open.set(`/etc/nginx/${name}`, original);
          }
        }
      } else {
        const change = changeText(text, random);
        disk.set(file, text.slice(0, change.start) + change.text + text.slice(change.end));
        living.invalidate(file);
      }
      // Work that was begun and left does no harm, nor several changes before anybody looks.
      if (breaks.below(2) === 0) {
        await living.load([...open.keys()]);
        const begun = living.prepare();
        for (let steps = breaks.below(60); steps > 0; steps--) begun.next();
        if (breaks.below(3) === 0) continue;
      }
      const fresh = new Project(diskOf(disk), settings, (message) => failures.push(message));
      for (const [name, held] of open) fresh.open(name, held);
      const found = await describe(living, [...open.keys()]);
      assert.deepEqual(found, await describe(fresh, [...open.keys()]), `after ${count + 1} changes`);
    }
    assert.deepEqual(failures, []);
  });
}

/** A root that includes many sites, each in a file of its own, with a snippet that all of them include. */
function siteTree(count: number) {
  const documents = new Map<string, Document>();
  const add = (name: string, text: string) => documents.set(name, new Document(`/${name}`, text));
  add("nginx.conf", "events {}\nhttp {\n  include sites/*;\n}\n");
  add("snippet", "proxy_set_header Upgrade $http_upgrade;\n");
  const sites = Array.from({ length: count }, (_, number) => {
    const text = `server {\n  server_name s${number};\n  location /ws/ { proxy_pass http://127.0.0.1:1; include snippet; }\n}\n`;
    add(`site-${number}`, text);
    return documents.get(`site-${number}`) as Document;
  });
  const root = documents.get("nginx.conf") as Document;
  const config = new Config(root, (include) => ({
    documents: include.arg(0) === "snippet" ? [documents.get("snippet") as Document] : sites,
    isAll: true,
  }));
  return { config, sites, snippet: documents.get("snippet") as Document };
}

test("an edit of one site judges one server, an edit of a snippet those that include it", () => {
  const { config, sites, snippet } = siteTree(300);
  const judge = new Judge(allRules, (message) => assert.fail(message));
  const site = sites[150] as Document;
  const edit = (document: Document, care: "prompt" | "complete") => {
    const at = document.text.indexOf("proxy_");
    document.change({ start: at, end: at, text: "\n" });
    config.touch(document);
    const before = judge.judgedServers;
    const environment = config.update("main", undefined);
    judge.judge(environment, care, document);
    const judged = judge.judgedServers - before;
    judge.judge(environment);
    return judged;
  };
  judge.judge(config.update("main", undefined));
  assert.equal(judge.judgedServers, 301);
  assert.equal(edit(site, "prompt"), 1);
  assert.equal(edit(site, "complete"), 1);
  assert.equal(edit(snippet, "complete"), 300);
  // What is typed into a snippet is shown after a glance at a few of the sites.
  assert.equal(edit(snippet, "prompt"), 20);
});

/** A root whose sites bring an upstream each and share a map, in files of their own. */
function upstreamTree(count: number) {
  const documents = new Map<string, Document>();
  const add = (name: string, text: string): Document => {
    const document = new Document(`/${name}`, text);
    documents.set(name, document);
    return document;
  };
  const root = add("nginx.conf", "events {}\nhttp {\n  include maps;\n  include sites/*;\n}\n");
  const maps = add(
    "maps",
    "map $http_upgrade $connection_upgrade { default upgrade; '' close; }\nmap $http_upgrade $other { default upgrade; '' ''; }\n",
  );
  const sites = Array.from({ length: count }, (_, number) =>
    add(
      `sites/${number}`,
      `upstream app_${number} { server 127.0.0.1:8080; keepalive 16; }\nserver {\n  server_name s${number};\n  location /ws/ {\n    proxy_pass http://app_${number};\n    proxy_http_version 1.1;\n    proxy_set_header Upgrade $http_upgrade;\n    proxy_set_header Connection $${number % 10 === 0 ? "other" : "connection_upgrade"};\n    proxy_read_timeout 3600s;\n  }\n}\n`,
    ),
  );
  const config = new Config(root, (include) => ({
    documents: include.arg(0) === "maps" ? [maps] : sites,
    isAll: true,
  }));
  const judge = new Judge(allRules, (message) => assert.fail(message));
  /** How many blocks an edit makes the rules look at. */
  const edit = (document: Document, before: string, text: string): number => {
    const at = document.text.indexOf(before);
    document.change({ start: at, end: at + before.length, text });
    config.touch(document);
    const judged = judge.judgedServers;
    judge.judge(config.update("main", undefined), "prompt", document);
    return judge.judgedServers - judged;
  };
  judge.judge(config.update("main", undefined));
  return { sites, maps, edit, level: config.update("main", undefined).http };
}

test("an edit of an upstream judges it and the servers that pass to it, however many there are", () => {
  for (const count of [50, 250]) {
    const { sites, edit } = upstreamTree(count);
    const site = sites[count / 2] as Document;
    // The upstream, the server, and what stands outside of http.
    assert.equal(edit(site, "keepalive 16", "keepalive 8"), 3, `${count} sites`);
    // Now nobody passes to it, and one server passes to a host.
    assert.equal(edit(site, "upstream app_", "upstream renamed_"), 3, `${count} sites`);
    assert.equal(edit(site, "server 127.0.0.1:8080;", "server 127.0.0.1:8081;"), 2, `${count} sites`);
  }
});

test("an edit of a server judges that server, whatever variables it names", () => {
  const { sites, edit } = upstreamTree(210);
  const site = sites[151] as Document;
  for (const [before, after] of [
    ["$connection_upgrade", "$connection_upgrad"],
    ["$connection_upgrad;", "$connection_upgrade;"],
    ["server_name s151;", "server_name s151; set $mine 1;"],
    ["proxy_read_timeout 3600s;", "proxy_read_timeout 5s;"],
  ] as const)
    assert.ok(edit(site, before, after) <= 2, after);
});

test("an edit of a map judges the maps beside it and the servers that use them", () => {
  const { maps, edit } = upstreamTree(50);
  // Both maps are one segment: all servers use one of them.
  assert.ok(edit(maps, "'' close", "'' ''") <= 53);
  const { sites, maps: own, edit: change } = upstreamTree(50);
  // A map in the file of one site, used there only.
  assert.equal(change(sites[5] as Document, "upstream app_5", "map $uri $mine { default 1; }\nupstream app_5"), 4);
  assert.ok(own.length > 0);
});

test("an edit copies no list of all statements", () => {
  const { sites, edit, level } = upstreamTree(250);
  assert.ok(level);
  let copies = 0;
  const { get } = Object.getOwnPropertyDescriptor(Scope.prototype, "entries") as { get: () => readonly Entry[] };
  Object.defineProperty(level, "entries", {
    get() {
      copies++;
      return get.call(level);
    },
  });
  const site = sites[125] as Document;
  edit(site, "keepalive 16", "keepalive 8");
  edit(site, "proxy_read_timeout 3600s;", "proxy_read_timeout 5s;");
  edit(site, "proxy_set_header Upgrade $http_upgrade;", "");
  assert.equal(copies, 0);
});

test("a configuration is put together in many steps, once", async () => {
  const texts = new Map(START.map(([name, text]) => [`/etc/nginx/${name}`, text]));
  const project = new Project(diskOf(texts));
  const count = () => [...project.assemble()].length;
  await project.load([ROOT]);
  assert.ok(count() > START.length, "at least one for each file");
  assert.equal(project.configurations().length, 1);
  assert.equal(count(), 0, "nothing is left");
  const site = "/etc/nginx/sites/2.conf";
  project.open(site, texts.get(site) ?? "");
  await project.load([ROOT]);
  count();
  project.configurations();
  project.change(site, [{ start: 0, end: 0, text: "# a comment\n" }]);
  await project.load([ROOT]);
  assert.equal(count(), 2, "the segment that was edited, and what it gives to all");
});

/** What a project says about a file before and after an edit of another one, which replaces a piece of its text. */
async function findingsAround(texts: ReadonlyMap<FileId, string>, file: FileId, before: string, after: string) {
  const project = new Project(diskOf(texts));
  const root = texts.get(ROOT) ?? "";
  project.open(ROOT, root);
  await project.load([ROOT]);
  const rules = () => project.findings(file).map(({ rule }) => rule);
  const first = rules();
  const start = root.indexOf(before);
  project.change(ROOT, [{ start, end: start + before.length, text: after }]);
  await project.load([ROOT]);
  return { first, second: rules() };
}

test("what nginx says of a site is not reported while nginx.conf has a mistake, and is again afterwards", async () => {
  const site = "/etc/nginx/sites/a.conf";
  const texts = (end: string) =>
    new Map([
      [ROOT, `events {}\nhttp {\n  include sites/*.conf;\n${end}\n`],
      [site, "server {\n  isten 80;\n}\n"],
    ]);
  const broken = await findingsAround(texts(" }"), site, " }", "#}");
  assert.deepEqual(broken, { first: ["unknown-directive"], second: [] });
  const mended = await findingsAround(texts("# }"), site, "# }", "}");
  assert.deepEqual(mended, { first: [], second: ["unknown-directive"] });
});

test("a second http is judged again when something in it changes", async () => {
  const site = "/etc/nginx/sites/a.conf";
  const texts = new Map([
    [
      ROOT,
      "events {}\nhttp {\n}\nhttp {\n  map $http_upgrade $connection_upgrade {\n    default upgrade;\n    '' close;\n  }\n  include sites/*.conf;\n}\n",
    ],
    [
      site,
      "server {\n  location /ws/ {\n    proxy_pass http://127.0.0.1:1;\n    proxy_http_version 1.1;\n    proxy_set_header Upgrade $http_upgrade;\n    proxy_set_header Connection $connection_upgrade;\n    proxy_set_header Host $host;\n    proxy_read_timeout 1h;\n  }\n}\n",
    ],
  ]);
  const { first, second } = await findingsAround(texts, site, "$connection_upgrade {", "$other {");
  assert.deepEqual([first, second], [[], ["undefined-upgrade-variable"]]);
});

test("after an edit that takes a brace in, the segments are those of the text read anew", () => {
  const text = "upstream app {\n  server 127.0.0.1:3;\n}\n}\nserver {\n}\n";
  const at = text.indexOf("server");
  const document = new Document("/a.conf", text);
  document.change({ start: at, end: at, text: "x {\n" });
  const texts = (each: Document) => each.segments.map((segment) => segment.text);
  assert.deepEqual(texts(document), texts(new Document("/a.conf", document.text)));
});
