import { replace } from "../edits/insert.ts";
import { workersOf } from "../model/workers.ts";
import type { Rule } from "./rule.ts";
import { firstWebsocketLocation } from "./websocket-locations.ts";

/** Fewer files than connections: the system stops a worker before its own limit does. */
export const rlimitNofile: Rule = {
  id: "rlimit-nofile",
  severity: "warning",
  what: "A worker may open fewer files (worker_rlimit_nofile) than it may have connections.",
  why: "Every connection is a file. Handshakes get 500 or no answer, and error.log says “Too many open files”.",
  fixable: "suggested",
  isStructural: true,
  check: {
    *config(environment) {
      const workers = workersOf(environment);
      const { connections, files, filesDirective } = workers ?? {};
      const word = filesDirective?.args[0];
      if (!word || files === undefined || connections === undefined || files >= connections) return;
      if (!firstWebsocketLocation(environment)) return;
      const enough = String(connections * 2);
      yield {
        place: word,
        severity: "warning",
        message: `Handshakes get 500 or no answer once a worker has ${files} files open. Each tunnel takes two, and worker_connections allows ${connections}; error.log says “Too many open files”.`,
        related: workers?.connectionsDirective
          ? [{ place: workers.connectionsDirective.head, message: "As many connections are allowed." }]
          : [],
        fixes: [{ title: `Allow ${enough} files`, applicability: "suggested", edits: [replace(word, enough)] }],
      };
    },
  },
};
