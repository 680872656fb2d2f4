import { parseTime, timeText } from "../nginx/time.ts";
import type { Rule } from "./rule.ts";
import { firstTunnel } from "./tunnels.ts";

/** Above this nobody is surprised, in milliseconds. */
const SHORT_MS = 60_000;

/** A reload ends every open WebSocket after a short time. */
export const reloadDropsOrPins: Rule = {
  id: "reload-drops-or-pins",
  severity: "information",
  cause: 3,
  what: "A short worker_shutdown_timeout makes every reload cut all open WebSockets, active ones too.",
  why: "The old workers end when that time is over and close what they hold: browsers report 1006, all at once.",
  fixable: "none",
  check: {
    *config(environment) {
      const { scope } = environment;
      const word = scope.kind === "main" ? scope.own("worker_shutdown_timeout").at(-1)?.directive.args[0] : undefined;
      const limit = word ? parseTime(word.value) : undefined;
      // 0 is no limit here.
      if (!word || !limit || limit > SHORT_MS) return;
      const tunnel = firstTunnel(environment);
      if (!tunnel) return;
      yield {
        place: word,
        severity: "information",
        message: `Every reload cuts all open WebSockets after ${timeText(limit)}, active ones too. Browsers report 1006 and come back all at once: let them wait a random time first, or give the old workers longer here. Without this line old workers stay until their last tunnel ends.`,
        related: [{ place: tunnel.directive.namePlace, message: "A WebSocket location." }],
      };
    },
  },
};
