// Every snippet, with its defaults taken, in the place where people insert it: nginx accepts it, a handshake gives 101
// and the tunnel works, plain requests stay plain, and the analyser has nothing to say against it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { expandSnippet } from "./snippets/expand.ts";
import { analyse } from "./support/analyser.ts";
import { makeFixture } from "./support/fixture.ts";
import { judgeOnNginx } from "./support/judge.ts";
import { findNginx } from "./support/nginx.ts";

interface Snippet {
  readonly prefix: string;
  readonly description: string;
  readonly body: readonly string[];
}

interface Place {
  /** Puts the expansion, and others by their prefix, where they belong. */
  readonly around: (text: string, other: (prefix: string) => string) => string;
  /** What then holds; the format is that of the fixtures. */
  readonly truths: readonly string[];
}

const snippets = Object.entries(JSON.parse(readFileSync("snippets/nginx.json", "utf8")) as Record<string, Snippet>);
const byPrefix = new Map(snippets.map(([, snippet]) => [snippet.prefix, snippet]));
const nginxes = findNginx();

const forwarded = (path: string): string[] => [
  `receives ${path} Host: localhost`,
  `receives ${path} X-Forwarded-For: 127.0.0.1`,
  `receives ${path} X-Forwarded-Proto: http`,
];
const plainStaysPlain = (path: string): string[] => [
  `receives-get ${path} Connection:`,
  `receives-get ${path} Upgrade:`,
];

/** Prefix → where it is inserted. */
const places: Readonly<Record<string, Place>> = {
  "ws-location": {
    around: (text) => text,
    truths: ["context server", "handshake /ws 101", "stays /ws 1", ...forwarded("/ws")],
  },
  "ws-location-map": {
    around: (text, other) => `${other("ws-map")}\nserver {\n\tlisten 80;\n${text}\n}`,
    truths: ["context http", "handshake / 101", ...forwarded("/"), ...plainStaysPlain("/")],
  },
  "ws-map": {
    around: (text, other) => `${text}\nserver {\n\tlisten 80;\n${other("ws-location-map")}\n}`,
    truths: ["context http", "handshake / 101", ...plainStaysPlain("/")],
  },
  "ws-upstream": {
    around: (text, other) => {
      const location = other("ws-location").replace("127.0.0.1:8080", "backend");
      return `${text}\nserver {\n\tlisten 80;\n${location}\n}`;
    },
    truths: ["context http", "handshake /ws 101"],
  },
  "ws-server-tls": {
    around: (text) => text,
    truths: [
      "context http",
      "handshake https://example.com/ws 101",
      "receives https://example.com/ws X-Forwarded-Proto: https",
      "get http://example.com/ws 301",
    ],
  },
  "ws-socketio": {
    around: (text) => text,
    truths: [
      "context server",
      "handshake /socket.io/?EIO=4&transport=websocket 101",
      ...forwarded("/socket.io/"),
      ...plainStaysPlain("/socket.io/?EIO=4&transport=polling"),
    ],
  },
  "ws-location-fallbacks": {
    around: (text, other) => `${other("ws-map")}\nserver {\n\tlisten 80;\n${text}\n}`,
    truths: ["context http", "handshake /live/ 101", ...forwarded("/live/"), ...plainStaysPlain("/live/")],
  },
  "ws-location-https": {
    // The backend of the tests has no name of its own: what is looked up in DNS becomes its address.
    around: (text) => text.replace("https://backend.example.com", "https://127.0.0.1:8080"),
    truths: ["context server", "handshake /ws 101", "receives /ws Host: backend.example.com"],
  },
  "ws-upstream-sticky": {
    around: (text, other) => {
      const location = other("ws-socketio").replace("127.0.0.1:8080", "backend");
      return `${text}\nserver {\n\tlisten 80;\n${location}\n}`;
    },
    truths: ["context http", "handshake /socket.io/?EIO=4&transport=websocket 101"],
  },
  "ws-map-strict": {
    around: (text, other) => {
      const location = other("ws-location-map").replace("$http_upgrade", "$ws_upgrade");
      return `${text}\nserver {\n\tlisten 80;\n${location}\n}`;
    },
    truths: ["context http", "handshake / 101", ...plainStaysPlain("/")],
  },
  "ws-auth-request": {
    around: (text) => text.replace("proxy_pass http://127.0.0.1:8081", "return 204; proxy_pass http://127.0.0.1:8081"),
    truths: ["context server", "handshake /ws 101", ...forwarded("/ws")],
  },
  "ws-csp": {
    around: (text, other) => `${text}\n${other("ws-location")}`,
    truths: ["context server", "handshake /ws 101"],
  },
  "ws-complete": {
    around: (text) => text,
    truths: [
      "context http",
      "handshake https://example.com/ws 101",
      "get https://example.com/ 200 http",
      "get http://example.com/ 301",
      "receives https://example.com/ws X-Forwarded-Proto: https",
      ...plainStaysPlain("https://example.com/ws"),
      ...plainStaysPlain("https://example.com/"),
    ],
  },
  "ws-complete-http": {
    around: (text) => text,
    truths: ["context http", "handshake /ws 101", "get / 200 http", ...plainStaysPlain("/ws"), ...plainStaysPlain("/")],
  },
  "ws-nginx-conf": {
    around: (text) => text,
    truths: ["context main", "handshake /ws 101", "get / 200 http", ...plainStaysPlain("/ws"), ...plainStaysPlain("/")],
  },
};

/** Directives that guides add against WebSocket trouble and that do nothing for a tunnel. */
const folklore =
  /proxy_buffering|proxy_request_buffering|proxy_send_timeout|proxy_connect_timeout|keepalive_timeout|client_max_body_size|proxy_cache_bypass|proxy_redirect|Sec-WebSocket|X-NginX-Proxy|Access-Control/i;

/** Where a fallback without WebSocket shares the location, some of them do something. */
const withFallbacks = new Set(["ws-location-fallbacks"]);

function expand(prefix: string): string {
  const snippet = byPrefix.get(prefix);
  assert.ok(snippet, `no snippet ${prefix}`);
  return expandSnippet(snippet.body.join("\n")).text;
}

test("every snippet has its place, and every place its snippet", () => {
  assert.deepEqual(Object.keys(places).sort(), [...byPrefix.keys()].sort());
});

for (const [name, { prefix, description, body }] of snippets) {
  test(`${prefix}: ${name}`, async (t) => {
    const source = body.join("\n");
    const { text, tabStops } = expandSnippet(source);
    const numbers = [...tabStops.keys()].sort((a, b) => a - b);
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => index),
      "tab stops are numbered from 1 without gaps, and $0 says where to go on",
    );
    assert.ok(description.length > 0);
    if (!withFallbacks.has(prefix)) assert.doesNotMatch(text, folklore);

    const { around, truths } = places[prefix]!;
    const whole = [...truths.map((truth) => `#: ${truth}`), around(text, expand), ""].join("\n");
    const fixture = makeFixture(prefix, "nginx.conf", new Map([["nginx.conf", whole]]));

    await t.test("is clean", async () => {
      const findings = (await analyse(fixture, fixture.files)).get("nginx.conf") ?? [];
      const grave = findings.filter(({ severity }) => severity === "error" || severity === "warning");
      assert.deepEqual(
        grave.map(({ rule, message }) => `${rule}: ${message}`),
        [],
      );
    });

    const available = await nginxes;
    if (available.length === 0) await t.test("nginx", (s) => s.skip("no nginx on this machine"));
    for (const nginx of available) {
      await t.test(`nginx ${nginx.version}`, async () => {
        const { disagreements, judged } = await judgeOnNginx(fixture, nginx);
        assert.deepEqual(
          disagreements.map(({ judge, message }) => `${judge}: ${message}`),
          [],
        );
        assert.equal(judged, fixture.statement.truths.length + 1);
      });
    }
  });
}

test("the expander takes defaults, mirrors them, and refuses what an editor would read differently", () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: snippets write tab stops like this.
  const { text, tabStops } = expandSnippet("a $2 ${1:b${2:c}} \\$d \\} ${3|e,f|} $0");
  assert.equal(text, "a c bc $d } e ");
  assert.deepEqual([...tabStops.keys()].sort(), [0, 1, 2, 3]);
  assert.throws(() => expandSnippet("proxy_set_header Host $host;"), /lacks its backslash/);
  assert.throws(() => expandSnippet("${1:a"), /not closed/);
});
