import { readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { type ColorChoice, type Invocation, parseArguments } from "./arguments.ts";
import { runCheck } from "./check.ts";
import { runExplain } from "./explain.ts";
import { helpText } from "./help.ts";
import { choosePaint } from "./paint.ts";
import { listRules } from "./rule-pages.ts";
import { quoteForShell } from "./shell.ts";
import { runShow } from "./show.ts";
import type { Terminal } from "./terminal.ts";

// The bundle is dist/cli.cjs; package.json and the rule pages lie beside dist.
const root = join(__dirname, "..");

function openTerminal(color: ColorChoice): Terminal {
  const program = nameProgram();
  return {
    program,
    version: readVersion(),
    // Beyond 100 columns lines of prose are hard to read; below 40 nothing is.
    columns: Math.min(100, Math.max(40, process.stdout.columns ?? 100)),
    paint: choosePaint(color, process.stdout, process.env),
    print: (data) => void process.stdout.write(data),
    printAside: (text) => void process.stderr.write(text),
    complain: (reason) => void process.stderr.write(`${program}: ${reason.replaceAll("\n", " ")}\n`),
  };
}

/** What the user typed to get here, so that suggested commands can be pasted. */
function nameProgram(): string {
  const script = process.argv[1] ?? "nginx-websocket";
  if (basename(script) !== "cli.cjs") return basename(script);
  const near = relative(".", script);
  return `node ${quoteForShell(near.startsWith("..") ? script : near)}`;
}

function readVersion(): string {
  return (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string }).version;
}

async function run(invocation: Invocation): Promise<0 | 1 | 2> {
  const terminal = openTerminal("color" in invocation ? invocation.color : "auto");
  switch (invocation.command) {
    case "help":
      terminal.print(helpText(terminal.program));
      return 0;
    case "version":
      terminal.print(`${terminal.version}\n`);
      return 0;
    case "rules":
      return listRules(terminal);
    case "explain":
      return runExplain(invocation.options, join(root, "docs", "rules"), openTerminal(invocation.options.color));
    case "show":
      return runShow(invocation.options, openTerminal(invocation.options.color));
    case "check":
      return runCheck(invocation.options, { ...terminal, paint: openTerminal(invocation.options.color).paint });
    case "usage":
      terminal.complain(`${invocation.reason} (${terminal.program} --help says more)`);
      return 2;
  }
}

// A reader that has seen enough (`| head -1`) is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    process.exit(error.code === "EPIPE" ? (process.exitCode ?? 0) : 2);
  });
}

run(parseArguments(process.argv.slice(2))).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`nginx-websocket: internal error, please report it: ${String(error)}\n`);
    process.exitCode = 2;
  },
);
