import {
  type Assertion,
  AssertionJudge,
  type AssertionOutcome,
  type AssertionReport,
  type NetworkPolicy,
  type Observation,
  statusOf,
} from "@portcullis/engine";
import { exitCode } from "../io/exit-code.ts";
import { interruptible, unlessAborted } from "../io/interrupt.ts";
import type { Io } from "../io/io.ts";
import { loadWorld, type World } from "../world/load-world.ts";
import type { WorldOptions } from "../world/world-options.ts";
import { loadAssertions } from "./load-assertions.ts";
import { printReport } from "./print-report.ts";

export interface TestOptions extends WorldOptions {
  readonly files: readonly string[];
  readonly live?: boolean;
  readonly init?: boolean;
  readonly force?: boolean;
  readonly failFast?: boolean;
  readonly exitZero?: boolean;
  readonly watch?: boolean;
  readonly output: string;
}

/** The whole command. Gives the exit code: 1 when an assertion does not hold, else 2 when something could not be read. */
export async function runTest(options: TestOptions, io: Io): Promise<number> {
  if (options.init) {
    const { runInit } = await import("./run-init.ts");
    return runInit(options, io);
  }
  return interruptible(async (signal) => {
    if (!options.watch) return testOnce(options, io, signal);
    const { watchTest } = await import("./watch-test.ts");
    // What was read is counted when a command ends; a watch would count every save.
    const quiet = { ...options, quiet: true };
    return watchTest(options, io, signal, () => testOnce(quiet, io, signal));
  });
}

async function testOnce(options: TestOptions, io: Io, signal: AbortSignal): Promise<number> {
  const { files, recursive = false, failFast = false, output } = options;
  const world = await loadWorld(options, io);
  const loaded = await loadAssertions(files, world.manifests?.texts, recursive, io);
  const observed = options.live ? await observe(options, world, loaded.assertions, signal) : undefined;
  const { outcomes, notRun } = judgeAll(world, loaded.assertions, observed, failFast);
  const texts = new Map([...(world.manifests?.texts ?? []), ...loaded.texts]);
  printReport({ outcomes, notRun, texts }, output, io);
  const failed = outcomes.some((outcome) => statusOf(outcome) !== "pass");
  if (failed && options.exitZero !== true) return exitCode.finding;
  return Math.max(world.code, loaded.code);
}

function judgeAll(
  { cluster }: World,
  assertions: readonly Assertion[],
  observed: readonly Observation[] | undefined,
  failFast: boolean,
): Pick<AssertionReport, "outcomes" | "notRun"> {
  const judge = new AssertionJudge(cluster);
  const outcomes: AssertionOutcome[] = [];
  for (const [index, assertion] of assertions.entries()) {
    const observation = observed?.[index];
    const outcome = { ...judge.judge(assertion), ...(observation && { observed: observation }) };
    outcomes.push(outcome);
    if (failFast && statusOf(outcome) !== "pass") return { outcomes, notRun: assertions.slice(index + 1) };
  }
  return { outcomes, notRun: [] };
}

/** Packets in the running sandbox; what it holds now decides which, whatever files say. */
async function observe(
  { name }: TestOptions,
  { cluster: written }: World,
  assertions: readonly Assertion[],
  signal: AbortSignal,
): Promise<readonly Observation[]> {
  const [{ attachSandbox }, { clusterFromApi }, { observeAssertions }] = await Promise.all([
    import("@portcullis/sandbox"),
    import("../world/cluster-from-api.ts"),
    import("./observe.ts"),
  ]);
  const sandbox = await attachSandbox(name);
  try {
    const policies: readonly NetworkPolicy[] = written.policies();
    const { cluster } = await unlessAborted(signal, clusterFromApi(sandbox.client, policies));
    return await unlessAborted(signal, observeAssertions(sandbox, assertions, cluster, signal));
  } finally {
    sandbox.close();
  }
}
