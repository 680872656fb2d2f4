import { insertInto, replace } from "../edits/insert.ts";
import { workersOf } from "../model/workers.ts";
import type { DraftFix, Rule } from "./rule.ts";
import { firstWebsocketLocation } from "./websocket-locations.ts";

/** Up to here a busy site meets the limit; the file that comes with nginx says 1024. */
const FEW = 1024;

const RAISED = "8192";

/** Every tunnel holds two connections for hours, and a worker has few. */
export const workerConnections: Rule = {
  id: "worker-connections",
  severity: "information",
  what: "worker_connections is low for tunnels, each of which holds two connections as long as it lives.",
  why: "When a worker has none left, new clients are closed without an answer, pages too.",
  fixable: "suggested",
  isStructural: true,
  check: {
    *config(environment) {
      const workers = workersOf(environment);
      const { connections, connectionsDirective, events } = workers ?? {};
      if (!events?.directive || connections === undefined || connections > FEW) return;
      const location = firstWebsocketLocation(environment);
      if (!location) return;
      const tunnels = Math.floor(connections / 2);
      const said = connectionsDirective
        ? `worker_connections is ${connections}`
        : "worker_connections is 512 by default";
      const title = `Allow ${RAISED} connections in a worker`;
      const word = connectionsDirective?.args[0];
      const edit = word ? replace(word, RAISED) : insertInto(events.directive, [`worker_connections ${RAISED};`]);
      const fix: DraftFix = { title, applicability: "suggested", edits: [edit] };
      yield {
        place: connectionsDirective?.head ?? events.directive.namePlace,
        severity: connections <= 512 ? "information" : "hint",
        message: `New clients are dropped once a worker holds ${tunnels} tunnels: each takes two connections. ${said}. error.log says “worker_connections are not enough”. Raise worker_rlimit_nofile with it.`,
        related: [{ place: location.directive.head, message: "A location for WebSocket." }],
        fixes: [fix],
      };
    },
  },
};
