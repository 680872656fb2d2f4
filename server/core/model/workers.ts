import type { Directive } from "../syntax/directive.ts";
import type { Environment } from "./config.ts";
import type { Scope } from "./scope.ts";

/** What a worker process may hold (ngx_event_core_module, ngx_core_module). */
export interface Workers {
  /** The `events` block; nginx does not start without one. */
  readonly events: Scope | undefined;
  /** The `worker_connections` directive. */
  readonly connectionsDirective: Directive | undefined;
  /** 512 unless set; undefined when it is no number. */
  readonly connections: number | undefined;
  readonly filesDirective: Directive | undefined;
  /** `worker_rlimit_nofile`; undefined when it is not set and the system decides. */
  readonly files: number | undefined;
}

/** DEFAULT_CONNECTIONS in ngx_event.c. */
const DEFAULT_CONNECTIONS = 512;

/** The limits of a whole configuration; undefined for a part of one. */
export function workersOf({ context, scope }: Environment): Workers | undefined {
  if (context !== "main" || scope.unresolved.some((include) => !/\.load\b|modules/.test(include.arg(0) ?? "")))
    return undefined;
  const events = scope.entries.find((entry) => entry.directive.name === "events")?.scope;
  if (!events || events.unresolved.length > 0) return undefined;
  const connectionsDirective = events.own("worker_connections").at(-1)?.directive;
  const filesDirective = scope.own("worker_rlimit_nofile").at(-1)?.directive;
  return {
    events,
    connectionsDirective,
    connections: connectionsDirective ? numberIn(connectionsDirective) : DEFAULT_CONNECTIONS,
    filesDirective,
    files: filesDirective && numberIn(filesDirective),
  };
}

function numberIn(directive: Directive): number | undefined {
  const text = directive.arg(0) ?? "";
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
