// What a template adds, leaves out or names in one file decides about the files around it: nothing is missing then, and what
// is wrong by itself is still found.
import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultSettings, Project } from "../server/core/index.ts";
import { filesInMemory } from "./support/analyser.ts";

const MAP = "map $http_upgrade $connection_upgrade {\n  default upgrade;\n  '' close;\n}\n";
const HEADERS = `proxy_http_version 1.1;
proxy_set_header Host $http_host;
proxy_set_header Upgrade $http_upgrade;
proxy_set_header Connection $connection_upgrade;
`;
const PASS = "proxy_pass http://127.0.0.1:8080;\nproxy_read_timeout 3600s;\n";
const site = (body: string) => `server {\nlisten 80;\nlocation /ws {\n${body}}\n}\n`;
const main = (body: string) => `events {}\nhttp {\n${MAP}${body}}\n`;

type Tree = Readonly<Record<string, string>>;

function openTree(tree: Tree): Project {
  const texts = new Map(Object.entries(tree));
  const project = new Project(filesInMemory(texts), defaultSettings, (message) => assert.fail(message));
  return project;
}

/** What is said about the files under nginx.conf, in the form `FILE:LINE RULE`; hints about layout are no claims. */
function findingsOf(project: Project): readonly string[] {
  return project.files().flatMap((file) =>
    project
      .findings(file)
      .filter(({ severity }) => severity === "error" || severity === "warning")
      .map(({ rule, span }) => {
        const line = project.document(file)!.positionAt(span.start).line + 1;
        return `${file.slice("/etc/nginx/".length)}:${line} ${rule}`;
      }),
  );
}

async function judge(tree: Tree): Promise<readonly string[]> {
  const project = openTree(tree);
  await project.load(["/etc/nginx/nginx.conf"]);
  return findingsOf(project);
}

const silent: Readonly<Record<string, Tree>> = {
  "an include that a template names in part": {
    "nginx.conf": main(site(`${PASS}include snippets/{{ item.name }}.conf;\n`)),
  },
  "an include that a template names as a whole": {
    "nginx.conf": main(site(`${PASS}include {{ websocket_snippet }};\n`)),
  },
  "a pattern in a folder that a template names": {
    "nginx.conf": main(site(`${PASS}include {{ nginx_dir }}/ws/*.conf;\n`)),
  },
  "a pattern in a folder that envsubst names": {
    "nginx.conf": main(site(`${PASS}include \${NGINX_DIR}/ws/*.conf;\n`)),
  },
  "a folder of snippets that ERB names": {
    "nginx.conf": main(site(`${PASS}<% @includes.each do |file| %>\ninclude <%= file %>;\n<% end %>\n`)),
  },
  "an include that a condition may leave out": {
    "nginx.conf": main(site(`${PASS}{% if websocket %}\ninclude headers.conf;\n{% endif %}\n`)),
    "headers.conf": HEADERS,
  },
  "a pass that is included beside a loop of headers": {
    "nginx.conf": main(
      site(
        "{% for header in headers %}\nproxy_set_header {{ header.name }} {{ header.value }};\n{% endfor %}\ninclude pass.conf;\n",
      ),
    ),
    "pass.conf": PASS,
  },
  "a pass that is included beside headers that a Helm value writes": {
    "nginx.conf": main(site("{{- toYaml .Values.nginx.headers | nindent 8 }}\ninclude pass.conf;\n")),
    "pass.conf": PASS,
  },
  "an included file in which a loop writes headers": {
    "nginx.conf": main(site(`${PASS}include headers.conf;\n`)),
    "headers.conf":
      "{% for header in headers %}\nproxy_set_header {{ header.name }} {{ header.value }};\n{% endfor %}\n",
  },
  "an included file with a condition, in a file that is included": {
    "nginx.conf": main("include sites/*.conf;\n"),
    "sites/app.conf": site(`${PASS}include headers.conf;\n`),
    "headers.conf": "include more.conf;\n",
    "more.conf": `{% if websocket %}\n${HEADERS}{% endif %}\n`,
  },
  "a file of servers with what a template writes for all of them": {
    "nginx.conf": main("{{ http_options }}\ninclude sites/app.conf;\n"),
    "sites/app.conf": site(PASS),
  },
  "an included file in which a template writes for all servers": {
    "nginx.conf": main(`include options.conf;\n${site(PASS)}`),
    "options.conf": "{{ proxy_defaults }}\n",
  },
  "a map that is left to a file with a condition": {
    "nginx.conf": `events {}\nhttp {\ninclude maps.conf;\n${site(PASS + HEADERS)}}\n`,
    "maps.conf": `{{ if .UpgradeMap }}\n${MAP}{{ end }}\n`,
  },
  "a map that a file of the template's choice defines": {
    "nginx.conf": `events {}\nhttp {\ninclude {{ .Values.dir }}/*.conf;\n${site(PASS + HEADERS)}}\n`,
  },
  "one of two passes": {
    "nginx.conf": main(site("{% if tls %}\ninclude tls.conf;\n{% else %}\ninclude plain.conf;\n{% endif %}\n")),
    "tls.conf": HEADERS + PASS.replace("http://", "https://"),
    "plain.conf": HEADERS + PASS,
  },
  "a file beside a template that is none yet": {
    "nginx.conf": main(
      `# {{ ansible_managed }}\nserver {\nserver_name {{ name }};\ninclude conf.d/none.conf;\n}\ninclude conf.d/a.conf;\n`,
    ),
    "conf.d/a.conf": "server { listen 81; }\n",
  },
};

for (const [what, tree] of Object.entries(silent)) {
  test(`${what}: nothing is said to be missing`, async () => {
    const found = await judge(tree);
    assert.deepEqual(
      found.filter((each) => !each.endsWith(" undefined-upgrade-variable")),
      [],
    );
    assert.deepEqual(
      found.filter((each) => each.includes("undefined")),
      [],
    );
  });
}

test("the same without templates is reported", async () => {
  assert.deepEqual(await judge({ "nginx.conf": main(site("include pass.conf;\n")), "pass.conf": PASS }), [
    "nginx.conf:10 missing-upgrade-headers",
  ]);
  assert.deepEqual(await judge({ "nginx.conf": main("include sites/a.conf;\n"), "sites/a.conf": site(PASS) }), [
    "sites/a.conf:4 missing-upgrade-headers",
  ]);
});

test("mistakes that no template can undo are found, before and behind includes", async () => {
  const wrong = HEADERS.replace("$connection_upgrade", "close");
  const found = await judge({
    "nginx.conf": main(
      "{% for site in sites %}\ninclude sites/{{ site }}.conf;\n{% endfor %}\ninclude sites/app.conf;\n",
    ),
    "sites/app.conf": site(`${PASS.replace("3600s", "3600x")}{% if tls %}\ninclude {{ tls }};\n{% endif %}\n`),
    "sites/none.conf": wrong,
  });
  assert.deepEqual(found, ["sites/app.conf:5 timeout-invalid"]);
  const conditional = await judge({
    "nginx.conf": main("{% if app %}\ninclude sites/app.conf;\n{% endif %}\n"),
    "sites/app.conf": site(PASS),
  });
  assert.deepEqual(
    conditional,
    ["sites/app.conf:4 missing-upgrade-headers"],
    "a server that is there is there as a whole",
  );
});

test("a condition that is typed into an included file, and taken out again, counts from then on", async () => {
  const tree = { "nginx.conf": main("include sites/app.conf;\n"), "sites/app.conf": site("include pass.conf;\n") };
  for (const at of ["pass.conf", "options.conf"]) {
    const project = openTree({
      ...tree,
      "nginx.conf": main("include options.conf;\ninclude sites/app.conf;\n"),
      "options.conf": "server_tokens off;\n",
      "pass.conf": PASS,
    });
    const file = `/etc/nginx/${at}`;
    project.open(file, at === "pass.conf" ? PASS : "server_tokens off;\n");
    await project.load(["/etc/nginx/nginx.conf"]);
    const missing = ["sites/app.conf:4 missing-upgrade-headers"];
    assert.deepEqual(findingsOf(project), missing);
    const insertion = "{{ headers }}\n";
    project.change(file, [{ start: 0, end: 0, text: insertion }]);
    await project.load(["/etc/nginx/nginx.conf"]);
    assert.deepEqual(findingsOf(project), [], at);
    project.change(file, [{ start: 0, end: insertion.length, text: "" }]);
    await project.load(["/etc/nginx/nginx.conf"]);
    assert.deepEqual(findingsOf(project), missing, at);
  }
});
