// How nginx configuration is told from the other files that are named .conf.
import assert from "node:assert/strict";
import { test } from "node:test";
import { looksLikeNginx } from "../server/core/index.ts";
import table from "../server/core/nginx/directives.json" with { type: "json" };
import { isFamiliarName } from "../server/core/nginx/familiar-names.ts";
import { nginxFiles } from "./association/nginx-files.ts";
import { otherPrograms } from "./association/other-programs.ts";

for (const [name, text] of Object.entries(otherPrograms)) {
  if (name === "comments.conf") continue;
  test(`${name} is left to its own program`, () => assert.equal(looksLikeNginx(text), false));
}

for (const [name, text] of Object.entries(nginxFiles)) {
  test(`${name} is recognised`, () => assert.equal(looksLikeNginx(text), true));
}

test("what stands behind a long comment counts", () => {
  const manual = "# A manual, above the first setting.\n".repeat(900);
  assert.equal(looksLikeNginx(`${manual}acl localnet src 10.0.0.0/8\nhttp_port 3128\n`), false);
  assert.equal(looksLikeNginx(`${manual}server {\n    listen 80;\n}\n`), true);
});

test("the directives of every module that counts in a location are familiar", () => {
  const modules =
    /^(?:proxy|ssl|fastcgi|uwsgi|scgi|grpc|gzip|client|auth|limit|add|log|server|worker|real|zone|keepalive)_/;
  const names = Object.keys(table).filter((name) => modules.test(name));
  assert.ok(names.length > 400, String(names.length));
  assert.deepEqual(
    names.filter((name) => !isFamiliarName(name)),
    [],
  );
});

test("words of other programs are not", () => {
  for (const word of ["path", "hash_algorithm", "exchange_mode", "interface", "virtual_server", "type", "status"]) {
    assert.equal(isFamiliarName(word), false, word);
  }
});
