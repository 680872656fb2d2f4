import { insertBefore, insertInto, replace } from "../edits/insert.ts";
import { type Workers, workersOf } from "../model/workers.ts";
import type { DraftEdit, DraftFix, Rule } from "./rule.ts";
import { firstWebsocketLocation } from "./websocket-locations.ts";

/** What holds without the directive. Files that are in use as a rule say 768 or 1024, enough for a small site. */
const FEW = 512;

/** What a worker takes for itself: a listening socket and the channel to the master process. */
const OWN = 2;

const RAISED = 8192;

/** Two for each connection: a request may open a file or a second connection as well. */
const FILES = RAISED * 2;

/** Every tunnel holds two connections for hours, and a worker has few. */
export const workerConnections: Rule = {
  id: "worker-connections",
  severity: "information",
  what: "A worker has few connections (worker_connections) for tunnels, each of which holds two as long as it lives.",
  why: "When a worker has none left, new clients get 500 or are closed without an answer, also those who want pages.",
  fixable: "suggested",
  isStructural: true,
  check: {
    *config(environment) {
      const workers = workersOf(environment);
      const { connections, connectionsDirective, events } = workers ?? {};
      if (!workers || !events?.directive || connections === undefined || connections > FEW) return;
      const location = firstWebsocketLocation(environment);
      if (!location) return;
      const tunnels = Math.max(1, Math.floor((connections - OWN) / 2));
      const said = connectionsDirective
        ? `worker_connections is ${connections}`
        : "worker_connections is 512 by default";
      yield {
        place: connectionsDirective?.head ?? events.directive.namePlace,
        severity: "information",
        message: `New clients are dropped once a worker holds about ${tunnels} tunnels: each takes two connections. ${said}. error.log says “worker_connections are not enough”.`,
        related: [{ place: location.directive.head, message: "A location for WebSocket." }],
        fixes: raise(workers),
      };
    },
  },
};

/** More connections, and as many files as they need: the system allows a process 1024 as a rule. */
function raise({ events, connectionsDirective, files, filesDirective }: Workers): readonly DraftFix[] {
  if (!events?.directive) return [];
  const word = connectionsDirective?.args[0];
  const edits: DraftEdit[] = [
    word ? replace(word, String(RAISED)) : insertInto(events.directive, [`worker_connections ${RAISED};`]),
  ];
  const filesWord = filesDirective?.args[0];
  const isEnough = filesDirective !== undefined && (files === undefined || files >= RAISED);
  if (filesWord && !isEnough) edits.unshift(replace(filesWord, String(FILES)));
  if (!filesDirective) edits.unshift(insertBefore(events.directive, [`worker_rlimit_nofile ${FILES};`]));
  const [first] = edits;
  if (!edits.every(({ place }) => place.segment.document === first?.place.segment.document)) return [];
  const title = isEnough
    ? `Allow ${RAISED} connections in a worker`
    : `Allow ${RAISED} connections and ${FILES} files in a worker`;
  return [{ title, applicability: "suggested", edits }];
}
