import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { analyse } from "./analyse.ts";
import { compare } from "./compare.ts";
import { readCorpus } from "./corpus.ts";
import { repairAll } from "./repair.ts";
import { countUp, renderReport } from "./report.ts";

// Exit code 0: no crash, no bad repair and no disagreement that nobody has decided; 1: there are some; 2: a wrong call.

const usage = `npm run corpus -- DIR [--nginx-version VERSION] [--sample N] [--json FILE]

Measures the analyser on a corpus of real configurations: DIR holds files/ and the tables manifest.jsonl, labels.jsonl,
truth.jsonl and fixblocks.jsonl. Disagreements that have been read and decided are in corpus/decisions.json.

  --nginx-version  the version to judge for; unknown if not given
  --sample         how many places to print of each kind (3)
  --json           writes everything that was found and compared
`;

async function main(): Promise<0 | 1 | 2> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      "nginx-version": { type: "string", default: "" },
      sample: { type: "string", default: "3" },
      json: { type: "string" },
    },
  });
  const [folder] = positionals;
  const sample = Number(values.sample);
  if (folder === undefined || positionals.length > 1 || !Number.isInteger(sample)) {
    process.stderr.write(usage);
    return 2;
  }
  if (!existsSync(join(folder, "manifest.jsonl"))) {
    process.stderr.write(`${folder} holds no corpus: there is no manifest.jsonl in it.\n`);
    return 2;
  }
  const corpus = readCorpus(folder);
  const analysis = await analyse(corpus, values["nginx-version"]);
  const comparison = compare(corpus, analysis);
  const repair = await repairAll(corpus, values["nginx-version"]);
  const figures = countUp(comparison);
  process.stdout.write(`${renderReport(analysis, comparison, repair, sample)}\n`);
  if (values.json !== undefined) {
    writeFileSync(values.json, `${JSON.stringify({ figures, analysis, comparison, repair }, undefined, 1)}\n`);
  }
  return analysis.crashes.length + repair.left.length + repair.worse.length + figures.undecided === 0 ? 0 : 1;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 2;
  },
);
