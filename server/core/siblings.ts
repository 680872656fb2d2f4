import type { FileId } from "./finding.ts";
import { sameItems } from "./model/changes.ts";
import { Config, type Environment } from "./model/config.ts";
import { contextOf } from "./model/shape.ts";
import { Evaluation, type Value } from "./model/values.ts";
import { Definitions, type ValuesBeside, type VariablesBeside } from "./model/variables.ts";
import type { Document } from "./syntax/document.ts";
import { baseName, folderOf } from "./text/path.ts";

/** Folders whose files are usually included into one `http`, all of them. */
const sharedFolder = /^(?:(?:conf|http|vhosts?|servers|sites)\.d|sites(?:-.+)?|vhosts)$/;

/** Whether the files beside this one usually stand in the same `http`. */
export function sharesItsFolder(file: FileId): boolean {
  return sharedFolder.test(baseName(folderOf(file)));
}

const known = new WeakMap<Document, { readonly version: number; readonly variables: VariablesBeside }>();

/** A fragment for the http level by itself, without what it includes. */
export function fragmentOf(document: Document): Environment {
  return new Config(document, () => undefined).update("http", undefined);
}

/** The variables that a fragment for the http level defines. */
function variablesIn(document: Document): VariablesBeside {
  const before = known.get(document);
  if (before?.version === document.version) return before.variables;
  const variables = new Map<string, ValuesBeside>();
  if (contextOf(document) === "http") {
    const { definitions, scope } = fragmentOf(document);
    const websocket = new Evaluation(definitions, scope, "websocket");
    const plain = new Evaluation(definitions, scope, "plain");
    const own = new Definitions();
    own.addAll(scope);
    for (const [name, { sets }] of own.entries()) {
      // What a location sets is known in that location only.
      const isMap = sets.length === 0;
      variables.set(name, isMap ? { websocket: websocket.variable(name), plain: plain.variable(name) } : {});
    }
  }
  known.set(document, { version: document.version, variables });
  return variables;
}

/** The variables that some fragments define, in one map that stays the same object as long as its content does. */
export function variablesBeside(documents: readonly Document[], before: VariablesBeside): VariablesBeside {
  const variables = new Map<string, ValuesBeside>();
  for (const document of documents) {
    for (const [name, values] of variablesIn(document)) {
      const other = variables.get(name);
      // Which of two files comes last is not known.
      variables.set(name, !other || isSame(values, other) ? values : {});
    }
  }
  const isUnchanged =
    variables.size === before.size && [...variables].every(([name, values]) => isSame(values, before.get(name)));
  return isUnchanged ? before : variables;
}

function isSame(left: ValuesBeside, right: ValuesBeside | undefined): boolean {
  return right !== undefined && isSameValue(left.websocket, right.websocket) && isSameValue(left.plain, right.plain);
}

function isSameValue(left: Value, right: Value): boolean {
  return left && right ? sameItems(left, right) : left === right;
}

/** Candidates for the root of a file, the nearest ones first: those that share most folders with it. */
export function nearestFirst(file: FileId, candidates: readonly FileId[]): readonly FileId[] {
  const folders = file.split("/");
  const nearness = (candidate: FileId) => {
    const parts = candidate.split("/");
    let shared = 0;
    while (shared < parts.length && parts[shared] === folders[shared]) shared++;
    return shared - parts.length / 1000;
  };
  return candidates
    .map((candidate) => ({ candidate, nearness: nearness(candidate) }))
    .sort((a, b) => b.nearness - a.nearness || (a.candidate < b.candidate ? -1 : 1))
    .map(({ candidate }) => candidate);
}
