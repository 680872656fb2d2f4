import assert from "node:assert/strict";
import { test } from "node:test";
import type { Directive } from "../server/core/syntax/directive.ts";
import { Document } from "../server/core/syntax/document.ts";

// One mistake gives one error, at the place a person would point to, and everything after it is understood.

const SOUND = `map $http_upgrade $connection_upgrade {
    default upgrade;
    '' close;
}
events {
    worker_connections 64;
}
http {
    upstream chat {
        server 127.0.0.1:9001;
        server 127.0.0.1:9002;
    }
    server {
        listen 80;
        server_name one.test;
        location /a {
            proxy_pass http://chat;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection "upgrade";
        }
        location /b {
            if ($x = "y") {
                return 204;
            }
            root /b;
        }
    }
    server {
        listen 81;
        location /c {
            root /c;
        }
    }
}
`;

/** The names of all directives, blocks with their bodies in parentheses. */
function outline(directives: readonly Directive[]): string {
  const parts = directives.map((directive) => {
    const words = directive.words.map((word) => word.raw).join(" ");
    return directive.isBlock ? `${words} (${outline(directive.children())})` : words;
  });
  return parts.join("; ");
}

interface Mistake {
  readonly title: string;
  readonly replace: readonly [string, string];
  /** The underlined piece, and the line (from 1) it is on. */
  readonly at: readonly [string, number];
  readonly says: string;
  /** The line nginx reports. */
  readonly line: number;
  /** What the outline has instead of that of the sound text. */
  readonly outline?: readonly [string, string];
}

const mistakes: readonly Mistake[] = [
  {
    title: "a missing ; before another directive",
    replace: ["proxy_pass http://chat;", "proxy_pass http://chat"],
    at: ["proxy_pass http://chat", 17],
    says: 'invalid number of arguments in "proxy_pass" directive',
    line: 18,
  },
  {
    title: "a missing ; before a block",
    replace: ["server_name one.test;\n        location /a", "root /srv\n        location /a"],
    at: ["root /srv", 15],
    says: 'directive "root" is not terminated by ";"',
    line: 16,
    outline: ["server_name one.test", "root /srv"],
  },
  {
    title: "a missing ; before }",
    replace: ['"upgrade";', '"upgrade"'],
    at: ['proxy_set_header Connection "upgrade"', 19],
    says: 'unexpected "}"',
    line: 20,
  },
  {
    title: "a missing ; right before }",
    replace: ["return 204;\n            }", 'return 204 "x"}'],
    at: ['return 204 "x"', 23],
    says: 'unexpected "}"',
    line: 23,
    outline: ["return 204", 'return 204 "x"'],
  },
  {
    title: "a missing ; in a map",
    replace: ["default upgrade;", "default upgrade"],
    at: ["default upgrade", 2],
    says: "invalid number of the map parameters",
    line: 3,
  },
  {
    title: "a missing ; in an upstream",
    replace: ["9001;", "9001"],
    at: ["server 127.0.0.1:9001", 10],
    says: 'invalid parameter "server"',
    line: 11,
  },
  {
    title: "a missing ; after listen",
    replace: ["listen 81;", "listen 81"],
    at: ["listen 81", 29],
    says: 'directive "listen" is not terminated by ";"',
    line: 30,
  },
  {
    title: "a missing } of a location",
    replace: ['"upgrade";\n        }', '"upgrade";'],
    at: ["location", 16],
    says: '"server" directive is not allowed here',
    line: 27,
    outline: [
      '"upgrade"); location /b (if ($x = "y" ) (return 204); root /b))',
      '"upgrade"; location /b (if ($x = "y" ) (return 204); root /b)))',
    ],
  },
  {
    title: "a missing } of a server",
    replace: ["            root /b;\n        }\n    }", "            root /b;\n        }"],
    at: ["server", 13],
    says: '"server" directive is not allowed here',
    line: 27,
  },
  {
    title: "a missing } of an upstream",
    replace: ["9002;\n    }", "9002;"],
    at: ["upstream", 9],
    says: 'directive "server" is not terminated by ";"',
    line: 12,
  },
  {
    title: "a missing } of a map",
    replace: ["'' close;\n}", "'' close;"],
    at: ["map", 1],
    says: 'unexpected "{"',
    line: 4,
  },
  {
    title: "a missing } of the last location",
    replace: ["root /c;\n        }", "root /c;"],
    at: ["location", 30],
    says: 'unexpected end of file, expecting "}"',
    line: 34,
  },
  {
    title: "a missing } of the last server",
    replace: ["root /c;\n        }\n    }", "root /c;\n        }"],
    at: ["server", 28],
    says: 'unexpected end of file, expecting "}"',
    line: 34,
  },
  {
    title: "a missing } of http",
    replace: ["root /c;\n        }\n    }\n}", "root /c;\n        }\n    }"],
    at: ["http", 8],
    says: 'unexpected end of file, expecting "}"',
    line: 34,
  },
  {
    title: "a } too many in a location",
    replace: ["return 204;\n            }", "return 204;\n            }\n            }"],
    at: ["}", 25],
    says: '"server" directive is not allowed here',
    line: 29,
    outline: ["(return 204); root /b))", "(return 204)); root /b)"],
  },
  {
    title: "a } too many in a server",
    replace: ['"upgrade";\n        }', '"upgrade";\n        }\n        }'],
    at: ["}", 21],
    says: '"location" directive is not allowed here',
    line: 22,
  },
  {
    title: "a } too many in http",
    replace: ["root /b;\n        }\n    }", "root /b;\n        }\n    }\n    }"],
    at: ["}", 28],
    says: '"server" directive is not allowed here',
    line: 29,
  },
  {
    title: "a } too many at the end",
    replace: ["root /c;\n        }\n    }\n}", "root /c;\n        }\n    }\n}\n}"],
    at: ["}", 35],
    says: 'unexpected "}"',
    line: 35,
  },
  {
    title: "an unclosed quote",
    replace: ['Connection "upgrade";', 'Connection "upgrade;'],
    at: ['"upgrade', 19],
    says: 'unexpected "y"',
    line: 22,
    outline: ['Connection "upgrade"', 'Connection "upgrade'],
  },
  {
    title: "an unclosed quote before {",
    replace: ['if ($x = "y") {', 'if ($x = "y) {'],
    at: ['"y)', 22],
    says: 'unexpected end of file, expecting ";" or "}"',
    line: 35,
    outline: ['"y" )', '"y)'],
  },
  {
    title: "a quote that nothing closes",
    replace: ["'' close;", "' close;"],
    at: ["' close", 3],
    says: 'unexpected end of file, expecting ";" or "}"',
    line: 35,
    outline: ["'' close", "' close"],
  },
  {
    title: "a missing {",
    replace: ["location /a {", "location /a"],
    at: ["location /a", 16],
    says: 'directive "location" has no opening "{"',
    line: 17,
  },
  {
    title: "a doubled {",
    replace: ["location /a {", "location /a {{"],
    at: ["{", 16],
    says: 'unexpected "{"',
    line: 16,
  },
  {
    title: "a doubled quote",
    replace: ['"upgrade";', '"upgrade"";'],
    at: ['"upgrade""', 19],
    says: 'unexpected """',
    line: 19,
    outline: ['"upgrade"', '"upgrade""'],
  },
  { title: "a doubled ;", replace: ["listen 81;", "listen 81;;"], at: [";", 29], says: 'unexpected ";"', line: 29 },
  {
    title: "a byte order mark",
    replace: ["map $http_upgrade", "\ufeffmap $http_upgrade"],
    at: ["\ufeff", 1],
    says: 'unknown directive "\ufeffmap"',
    line: 1,
  },
];

for (const { title, replace, at, says, line, outline: change } of mistakes) {
  test(`${title} is one error at its place`, () => {
    const text = SOUND.replace(...(replace as [string, string]));
    assert.notEqual(text, SOUND);
    const document = new Document("/a", text);
    const errors = document.syntaxErrors();
    assert.deepEqual(
      errors.map(({ error, segment: { offset, text: source } }) => ({
        message: error.message,
        line: document.positionAt(offset + error.stop).line + 1,
        at: [source.slice(error.start, error.end), document.positionAt(offset + error.start).line + 1],
      })),
      [{ message: says, line, at }],
    );
    const sound = outline(new Document("/b", SOUND).directives());
    const expected = change ? sound.replace(...(change as [string, string])) : sound;
    assert.equal(outline(document.directives()), expected);
    for (const { error, segment } of errors) {
      if (!error.insert) continue;
      const { at: where, text: added } = error.insert;
      const repaired = text.slice(0, segment.offset + where) + added + text.slice(segment.offset + where);
      assert.deepEqual(new Document("/c", repaired).syntaxErrors(), [], "the insertion repairs it");
    }
  });
}

test("a piece of a server with braces in odd places is left to nginx", () => {
  const text = "location / {\n    root /x;\n\n    }\n    if ($a) {\n        return 418;\n    }\n";
  assert.deepEqual(new Document("/a", text).syntaxErrors(), []);
});
