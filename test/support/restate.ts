import type { BackendKind } from "./backend.ts";
import type { Fixture } from "./fixture.ts";
import { backendOf, type Field, sayTruth, type Truth, type TruthKind } from "./truth-forms.ts";
import { findTruthLines, readStatement, truthLine } from "./truths.ts";

/** Backends at which no handshake succeeds, whatever nginx is told. */
const neverAccept: ReadonlySet<BackendKind> = new Set(["http", "reset", "fastcgi", "socketio", "sockjs"]);

/**
 * What a safe fix makes of a truth:
 * - `keep`: it goes on to hold, because it speaks of plain requests or says that something works;
 * - `handshake`: it gives way to a handshake that succeeds on the same path;
 * - `drop`: nothing follows;
 * - otherwise, the words that replace its last ones: what failed now works.
 */
const afterFix: { readonly [K in TruthKind]: string } = {
  handshake: "101",
  upgrade: "handshake",
  get: "keep",
  post: "keep",
  receives: "handshake",
  "receives-get": "drop",
  "receives-line": "handshake",
  answers: "handshake",
  "answers-get": "keep",
  refused: "handshake",
  subprotocol: "keep",
  connections: "drop",
  spread: "handshake",
  "spread-same": "handshake",
  tunnels: "handshake",
  closes: "handshake",
  stays: "keep",
  events: "prompt",
  socketio: "connects",
  "socketio-ws": "connects",
  sockjs: "connects",
  "sockjs-polling": "connects",
  logs: "drop",
  warns: "drop",
};

/**
 * Gives a fixed text the truths that follow from those of the broken one: a handshake that reaches a backend which
 * speaks WebSocket now gives 101, and so does every path that was spoken of; a plain request is answered as before, as
 * it must be after a safe fix; nginx accepts the text. `#: fixed TRUTH` says what follows from nothing else, and wins
 * over what would follow for the same path.
 */
export function restateTruths(text: string): string {
  const stated = findTruthLines(text).map(({ words }) => words);
  const explicit = readTruths(stated.flatMap((words) => fixedOnly(words) ?? []));
  const said = new Set([...explicit, ...readTruths(stated)].map(topicOf));
  const isExplicit = (truth: Truth): boolean => explicit.some((each) => topicOf(each) === topicOf(truth));
  const lines = text.split("\n").flatMap((line) => {
    const words = truthLine.exec(line)?.[1];
    if (words === undefined) return [line];
    const only = fixedOnly(words);
    if (only !== undefined) return [`#: ${only}`];
    const [truth] = readTruths([words]);
    if (truth === undefined) return words.startsWith("nginx fails") ? [] : [line];
    if (isExplicit(truth)) return [];
    const after = afterFix[truth.kind];
    if (after === "keep" || (neverAccept.has(backendOf(truth)) && truth.kind === "handshake")) return [line];
    if (truth.kind === "handshake") return [line.replace(/\s\d{3}(?=\s|$)/, " 101")];
    if (after !== "handshake") return after === "drop" ? [] : [line.replace(/\S+\s*$/, after)];
    if (!("target" in truth) || neverAccept.has(backendOf(truth))) return [];
    const { line: at, target } = truth;
    const proof: Truth = { kind: "handshake", line: at, target, status: 101, backend: backendOf(truth) };
    if (said.has(topicOf(proof))) return [];
    said.add(topicOf(proof));
    return [`#: ${sayTruth(proof)}`];
  });
  return lines.join("\n");
}

function fixedOnly(words: string): string | undefined {
  return words.startsWith("fixed ") ? words.slice("fixed ".length) : undefined;
}

function readTruths(lines: readonly string[]): readonly Truth[] {
  return readStatement(lines.map((words) => ({ words, line: 1 }))).truths;
}

/** The parts of a truth that say what comes of it. */
const outcomes: ReadonlySet<string> = new Set([
  "line",
  "status",
  "count",
  "seconds",
  "delivery",
  "outcome",
  "requestLine",
]);

/** What a truth is about: two with the same topic cannot both hold. */
function topicOf(truth: Truth): string {
  const topic = Object.entries(truth).filter(([name]) => !outcomes.has(name));
  return topic.map(([name, value]) => (name === "field" ? (value as Field).name.toLowerCase() : value)).join(" ");
}

/** The kinds of truths that show that a fixed text works. */
const proofs: ReadonlySet<TruthKind> = new Set([
  "handshake",
  "subprotocol",
  "events",
  "socketio",
  "socketio-ws",
  "sockjs",
  "sockjs-polling",
]);

/** What is wrong with a fixed fixture that says too little. */
export function findUnprovenFix(fixture: Fixture): string | undefined {
  const proven = fixture.statement.truths.some(({ kind }) => proofs.has(kind));
  if (proven) return undefined;
  return 'no handshake proves the fixed text: write "#: fixed handshake PATH 101" into the fixture it is made from';
}
