// npm run bench -w bench -- [NAME…] [--json] [--pods 10,1000] [--policies 200] [--seed 1]

import { parseArgs } from "node:util";
import type { BenchmarkOptions } from "./lib/benchmark.ts";
import { formatReport } from "./lib/format-report.ts";
import { machineLine } from "./lib/machine.ts";
import { registry } from "./lib/registry.ts";
import type { Report } from "./lib/report.ts";
import { runBenchmark } from "./lib/run-benchmark.ts";

const usage = `usage: npm run bench -w bench -- [NAME…] [--json] [--pods N,N] [--policies N] [--seed N]
benchmarks: ${[...registry.keys()].join(", ")}`;

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    stop.abort();
    process.exitCode = 130;
  });
}
await main();

async function main(): Promise<void> {
  const request = readArguments();
  if (request === undefined) {
    console.error(usage);
    process.exitCode = 2;
    return;
  }
  const { names, options, json } = request;
  const reports: Report[] = [];
  for (const name of names) {
    if (stop.signal.aborted) return;
    try {
      const report = await runBenchmark(name, options, stop.signal);
      reports.push(report);
      if (!json) console.log(formatReport(report));
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = process.exitCode ?? 1;
    }
  }
  if (json) console.log(JSON.stringify({ machine: machineLine(), seed: options.seed, reports }, null, 2));
  else console.log(`${machineLine()}; seed ${options.seed}`);
}

function readArguments(): { names: string[]; options: BenchmarkOptions; json: boolean } | undefined {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        json: { type: "boolean", default: false },
        pods: { type: "string" },
        policies: { type: "string" },
        seed: { type: "string", default: "1" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    const seed = Number(values.seed);
    const pods = values.pods?.split(",").map(Number);
    const policies = values.policies === undefined ? undefined : Number(values.policies);
    const counts = [...(pods ?? []), policies ?? 1];
    const isValid = Number.isInteger(seed) && counts.every((each) => Number.isInteger(each) && each > 0);
    if (values.help || !isValid || positionals.some((name) => !registry.has(name))) return undefined;
    const names = positionals.length > 0 ? positionals : [...registry.keys()];
    const sizes = { ...(pods && { pods }), ...(policies !== undefined && { policies }) };
    return { names, options: { seed, ...sizes }, json: values.json };
  } catch {
    return undefined;
  }
}
