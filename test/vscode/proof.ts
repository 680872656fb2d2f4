import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeFixture } from "../support/fixture.ts";
import { judgeOnNginx } from "../support/judge.ts";
import { findNginx } from "../support/nginx.ts";

// The status that the strict backend gives a request that nginx stripped of its upgrade, and the one everybody wants.
const stages = [
  { name: "broken", status: 426 },
  { name: "fixed", status: 101 },
] as const;

for (const { name, status } of stages) {
  test(`the ${name} file of the editor: the handshake gives ${status}`, async (context) => {
    const binaries = await findNginx();
    if (binaries.length === 0) return context.skip("there is no nginx on this machine");
    const text = readFileSync(join(process.env.NGINX_WEBSOCKET_PROOF!, `${name}.conf`), "utf8");
    const files = new Map([[`${name}.conf`, `#: handshake /ws ${status}\n${text}`]]);
    for (const nginx of binaries) {
      const judgement = await judgeOnNginx(makeFixture(`${name} in the editor`, `${name}.conf`, files), nginx);
      assert.deepEqual(judgement, { disagreements: [], judged: 2, skipped: 0 });
    }
  });
}
