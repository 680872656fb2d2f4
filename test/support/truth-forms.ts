import { type BackendKind, backendKinds } from "./backend.ts";

/** A header as a truth states it; an empty value means that it is absent or empty. */
export interface Field {
  readonly name: string;
  readonly value: string;
}

interface Part<T> {
  /** What is written for it, without groups. */
  readonly pattern: string;
  read(written: string): T;
  say(value: T): string;
}

const number: Part<number> = { pattern: "\\d+", read: Number, say: String };
const word: Part<string> = { pattern: "[\\w.-]+", read: String, say: String };
const rest: Part<string> = { pattern: "\\S.*", read: String, say: String };

function oneOf<T extends string>(...words: readonly T[]): Part<T> {
  return { pattern: words.join("|"), read: (written) => written as T, say: String };
}

/** The parts that truths are made of: how each is written, and what it means. */
const parts = {
  target: { pattern: "(?:https?://[^/\\s]+)?/\\S*?", read: String, say: String } as Part<string>,
  status: { pattern: "\\d{3}", read: Number, say: String } as Part<number>,
  // The one part that may be left out.
  backend: oneOf<BackendKind>(...backendKinds),
  field: {
    pattern: "[\\w-]+:.*",
    read: (written) => {
      const colon = written.indexOf(":");
      return { name: written.slice(0, colon), value: written.slice(colon + 1).trim() };
    },
    say: ({ name, value }) => `${name}: ${value}`.trimEnd(),
  } as Part<Field>,
  seconds: { pattern: "\\d+(?:\\.\\d+)?", read: Number, say: String } as Part<number>,
  bytes: number,
  clients: number,
  count: number,
  requests: number,
  tunnels: number,
  name: word,
  token: word,
  delivery: oneOf("prompt", "held"),
  outcome: oneOf("connects", "fails"),
  level: oneOf("debug", "info", "notice", "warn", "error", "crit", "alert", "emerg"),
  requestLine: rest,
  text: rest,
};

/** Every kind of truth: what stands behind its name, in order. How each is judged is said in judge-kinds.ts. */
const forms = {
  handshake: ["target", "status", "backend"],
  upgrade: ["token", "target", "status", "backend"],
  get: ["target", "status", "backend"],
  post: ["target", "bytes", "status", "backend"],
  receives: ["target", "field"],
  "receives-get": ["target", "field"],
  "receives-line": ["target", "requestLine"],
  answers: ["target", "field"],
  "answers-get": ["target", "field"],
  refused: ["target", "text"],
  subprotocol: ["target", "name"],
  connections: ["target", "requests", "count"],
  spread: ["target", "clients", "count", "backend"],
  "spread-same": ["target", "requests", "count", "backend"],
  tunnels: ["target", "tunnels", "status"],
  closes: ["target", "seconds"],
  stays: ["target", "seconds"],
  events: ["target", "delivery"],
  socketio: ["target", "outcome"],
  "socketio-ws": ["target", "outcome"],
  sockjs: ["target", "outcome"],
  "sockjs-polling": ["target", "outcome"],
  logs: ["level", "text"],
  warns: ["text"],
} as const satisfies Readonly<Record<string, readonly (keyof typeof parts)[]>>;

type PartName = keyof typeof parts;

/** The first word of a truth. */
export type TruthKind = keyof typeof forms;

/** A truth of one kind; `line` is 1-based. */
export type TruthOf<K extends TruthKind> = { readonly kind: K; readonly line: number } & {
  readonly [P in (typeof forms)[K][number]]: ReturnType<(typeof parts)[P]["read"]>;
};

/** Something that can be observed on a running nginx. */
export type Truth = { [K in TruthKind]: TruthOf<K> }[TruthKind];

/** A truth that asks nginx for something. */
export type Question = Extract<Truth, { readonly target: string }>;

/** What stands between the parts: a fixture writes spaces, the info string of a page's example colons. */
export type Separator = " " | ":";

function patternOf(names: readonly PartName[], separator: Separator): RegExp {
  const between = separator === " " ? "\\s+" : ":";
  const groups = names.map((name, index) => {
    const part = `${index === 0 ? "" : between}(${parts[name].pattern})`;
    return name === "backend" ? `(?:${part})?` : part;
  });
  return new RegExp(`^${groups.join("")}$`);
}

function isTruthKind(name: string): name is TruthKind {
  return Object.hasOwn(forms, name);
}

/** Understands what stands behind the name of a truth; nothing when there is no such truth. */
export function readTruth(name: string, written: string, separator: Separator, line: number): Truth | undefined {
  if (!isTruthKind(name)) return undefined;
  const names: readonly PartName[] = forms[name];
  const found = patternOf(names, separator).exec(written);
  if (found === null) return undefined;
  const values = names.map((part, index) => [part, parts[part].read(found[index + 1] ?? "strict")]);
  return { kind: name, line, ...Object.fromEntries(values) } as Truth;
}

/** Says a truth as its fixture says it. */
export function sayTruth(truth: Truth): string {
  const names: readonly PartName[] = forms[truth.kind];
  const values = truth as unknown as Readonly<Record<PartName, unknown>>;
  const said = names
    .filter((name) => name !== "backend" || values.backend !== "strict")
    .map((name) => (parts[name] as Part<unknown>).say(values[name]));
  return [truth.kind, ...said].join(" ");
}

/** The backends of truths that name none and need another than the strict one. */
const ownBackends: Partial<Readonly<Record<TruthKind, BackendKind>>> = {
  events: "events",
  socketio: "socketio",
  "socketio-ws": "socketio",
  sockjs: "sockjs",
  "sockjs-polling": "sockjs",
};

/** The backend a truth needs. */
export function backendOf(truth: Truth): BackendKind {
  return "backend" in truth ? truth.backend : (ownBackends[truth.kind] ?? "strict");
}
