import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { agreementStage } from "./agreement-stage.ts";
import type { Mutant } from "./mutant.ts";
import { type Result, reportText } from "./report.ts";
import { allMutants, mutatedFiles, sample } from "./subjects.ts";
import { testStage } from "./test-stage.ts";

const usage = `npm run mutation -- [--only TEXT] [--sample N] [--seed N] [--runs N] [--workers N] [--json FILE]
                           [--survivors FILE] [--list]

  --only TEXT        only files with TEXT in their path
  --sample N         only so many mutants, chosen by the seed
  --seed N           of the sample and of the random clusters (20261123)
  --runs N           pairs of random clusters for each mutant (150)
  --workers N        processes at a time (one for each processor)
  --json FILE        every mutant and its fate, to a file
  --survivors FILE   only what survived in a report that --json wrote
  --list             print the mutants and test none
`;

/** Exit code 0 when it ran to its end, whatever survived: the score is a figure to read, not a gate. */
export async function main(args: readonly string[]): Promise<number> {
  const options = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ only: options, sample: options, seed: options, runs: options, workers: options, json: options },
      survivors: options,
      list: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help) return print(usage);
  const seed = Number(values.seed ?? 20_261_123);
  const runs = Number(values.runs ?? 150);
  const workers = Number(values.workers ?? availableParallelism());
  const files = mutatedFiles().filter((file) => file.includes(values.only ?? ""));
  const all = allMutants(files);
  const asked = values.survivors === undefined ? all : survivorsOf(values.survivors, all);
  const mutants = values.sample === undefined ? asked : sample(asked, Number(values.sample), seed);
  if (values.list)
    return print(
      mutants.map((each) => `${each.file}:${each.line}  ${each.original}  →  ${each.replacement}\n`).join(""),
    );

  // An exit ends the workers; a signal by itself would not.
  process.once("SIGTERM", () => process.exit(143));
  print(`${mutants.length} of ${all.length} mutants in ${files.length} files; seed ${seed}\n`);
  const byAgreement = await agreementStage(mutants, { seed, runs, workers }, counter("agreement", mutants));
  const left = mutants.filter(({ id }) => !byAgreement.has(id));
  const byTests = await testStage(left, workers, counter("tests", left));
  const results = mutants.map((mutant): Result => {
    const agreement = byAgreement.get(mutant.id);
    const how = agreement ?? byTests.get(mutant.id);
    return {
      mutant,
      stage: agreement !== undefined ? "agreement" : how !== undefined ? "tests" : "survived",
      how,
    };
  });
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, undefined, 1)}\n`);
  return print(reportText(results));
}

function survivorsOf(file: string, mutants: readonly Mutant[]): readonly Mutant[] {
  const report = JSON.parse(readFileSync(file, "utf8")) as readonly Result[];
  const identity = ({ file: where, start, replacement }: Mutant) => `${where} ${start} ${replacement}`;
  const left = new Set(
    report.filter(({ stage }) => stage === "survived").map(({ mutant }) => identity(mutant)),
  );
  return mutants.filter((mutant) => left.has(identity(mutant)));
}

function counter(stage: string, all: readonly unknown[]): (done: number) => void {
  const step = Math.max(1, Math.ceil(all.length / 20));
  return (done) => {
    if (done % step === 0 || done === all.length) print(`${stage}: ${done} of ${all.length}\n`);
  };
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}
