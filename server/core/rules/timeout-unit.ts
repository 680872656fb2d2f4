import { replace } from "../edits/insert.ts";
import { timeText } from "../nginx/time.ts";
import { isMeant, pathText } from "./handshake.ts";
import type { Rule } from "./rule.ts";
import { readTimeout, seemsToMeanSeconds } from "./timeouts.ts";

/** Milliseconds were written where seconds were meant. */
export const timeoutUnit: Rule = {
  id: "timeout-unit",
  severity: "warning",
  cause: 3,
  what: "The read time-out is written in milliseconds, but the number makes sense only in seconds.",
  why: "3600ms is 3.6 seconds, not an hour: idle tunnels are cut almost at once.",
  fixable: "suggested",
  check: {
    *proxy(proxy) {
      if (!isMeant(proxy)) return;
      const timeout = readTimeout(proxy);
      if (!timeout || !seemsToMeanSeconds(timeout.word.value)) return;
      const seconds = timeout.word.value.replace(/ms$/, "s");
      yield {
        place: timeout.word,
        severity: "warning",
        message: `A WebSocket on ${pathText(proxy)} is cut after ${timeText(timeout.milliseconds)} without traffic: ms are milliseconds. ${seconds} is probably meant.`,
        fixes: [{ title: `Write ${seconds}`, applicability: "suggested", edits: [replace(timeout.word, seconds)] }],
      };
    },
  },
};
