import type { Environment } from "../model/config.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import type { Entry } from "../model/scope.ts";
import { isSetFor } from "../model/set-scopes.ts";
import { variableName } from "../model/variables.ts";
import type { Directive, Word } from "../syntax/directive.ts";

/** A header whose variable is empty, because only other servers or locations set it. */
export interface EmptyHeader {
  readonly entry: Entry;
  readonly word: Word;
  readonly name: string;
  /** Where else it is set. */
  readonly set: Directive;
}

/** The headers of the handshake whose variable nothing gives a value on the way to a location. */
export function emptyHeaders(proxy: ProxyBlock, environment: Environment): readonly EmptyHeader[] {
  const server = proxy.scope.nearest("server");
  // In a fragment the server around it may set the variable, and so may an include or code.
  if (!server || !environment.http || proxy.headers.certainty === "doubtful") return [];
  if (server.unresolved.length > 0 || (proxy.location?.unresolved.length ?? 0) > 0) return [];
  return [...proxy.setters("upgrade"), ...proxy.setters("connection")].flatMap((entry) => {
    const word = entry.directive.args[1];
    const name = variableName(word?.value);
    const definition = name === undefined ? undefined : environment.definitions.get(name);
    const set = name === undefined ? undefined : environment.definitions.firstSet(name);
    if (!word || name === undefined || !set || !definition) return [];
    if (definition.maps.length > 0 || definition.isFromModule || definition.isCaptured || isSetFor(proxy.scope, name))
      return [];
    const values = proxy.evaluation("websocket").variable(name);
    return values?.length === 1 && values[0] === "" ? [{ entry, word, name, set }] : [];
  });
}
