import type { CompletionItem, Spotted } from "./completion-item.ts";

type Lines = readonly (readonly [text: string, detail: string])[];

const keys: Readonly<Record<string, Lines>> = {
  map: [
    ["default", "when nothing else matches; without it the value is empty"],
    ["''", "when the source is empty: a plain request, if it is $http_upgrade"],
    ["hostnames", "keys may be names such as *.example.com"],
    ["volatile", "looked up each time anew"],
    ["include", "more lines from a file"],
  ],
  geo: [
    ["default", "when no address matches"],
    ["include", "more lines from a file"],
    ["proxy", "a balancer whose X-Forwarded-For counts"],
    ["proxy_recursive", "the last address that no balancer has"],
    ["ranges", "addresses are written as ranges"],
    ["delete", "takes a network out again"],
  ],
  split_clients: [["*", "all that is left"]],
};

/** What a line of a `map` and the like can be. */
export function dataItems({ cursor }: Spotted): readonly CompletionItem[] {
  const [name = "", source] = cursor.blocks[0]?.words ?? [];
  const lines: Lines =
    cursor.kind === "directive"
      ? (Object.hasOwn(keys, name) && keys[name]) || []
      : name === "map" && source === "$http_upgrade" && cursor.before.length === 1
        ? valuesFor(cursor.before[0] ?? "")
        : [];
  return lines.map(([label, detail], index) => ({ label, kind: "value", detail, rank: index }));
}

/** A map of `$http_upgrade` gives the Connection header: `upgrade` in a handshake, nothing without. */
function valuesFor(key: string): Lines {
  const plain: Lines = [
    ["''", "no Connection header: connections to the backend stay open"],
    ["close", "as nginx does by itself before 1.29.7"],
  ];
  const handshake: Lines = [["upgrade", "what a handshake says"]];
  return key === "" || key === "''" ? plain : [...handshake, ...plain];
}
