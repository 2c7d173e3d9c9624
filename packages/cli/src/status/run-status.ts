import { ApiError, Unreachable } from "@portcullis/kube";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import { interruptible, unlessAborted } from "../io/interrupt.ts";
import type { Io } from "../io/io.ts";
import { connect } from "../world/connect.ts";
import { defaultNamespace } from "../world/default-namespace.ts";
import { worldSource } from "../world/world-source.ts";
import { type FleetFacts, type FleetStatus, fleetStatus, podsInDoubt } from "./fleet-status.ts";
import { type NamedPolicies, namedPolicies } from "./named-policies.ts";
import { isSettled } from "./policy-status.ts";
import { printStatus } from "./print-status.ts";
import { readNodes, readRecords } from "./read-nodes.ts";
import { readPolicies } from "./read-policies.ts";
import { runWait } from "./run-wait.ts";
import type { StatusOptions, StatusQuestion } from "./status-question.ts";

/** Shows which policies are in force, or waits until they are; gives the exit code. */
export async function runStatus(options: StatusOptions, io: Io): Promise<number> {
  if (options.allNamespaces === true && options.namespace !== undefined)
    throw new CliError(exitCode.usage, "-n and -A contradict each other");
  const source = worldSource(options);
  if (source.kind === "files") throw new Error("status has no files");
  const { client, where, close } = await connect(source, io, { files: false });
  const question = { ...options, client, where, defaultNamespace: defaultNamespace(options) ?? "default" };
  try {
    return await interruptible((signal) =>
      options.wait === true ? runWait(question, io, signal) : unlessAborted(signal, show(question, io)),
    );
  } catch (error) {
    throw refused(error, where);
  } finally {
    close();
  }
}

async function show(question: StatusQuestion, io: Io): Promise<number> {
  const { client, where, agentNamespace, names, output } = question;
  const [read, nodes] = await Promise.all([readPolicies(client, question.namespace), readNodes(client)]);
  const named = namedPolicies(read, names, question);
  // After the policies: what the records say must not be older than what they are held against.
  const records = await readRecords(client, agentNamespace);
  if (records.size === 0) throw noAgents(where);
  const facts: FleetFacts = { read, gone: named.gone, nodes, records, nowMs: Date.now() };
  const status = fleetStatus(facts, named.asked, await podsInDoubt(client, facts, named.asked));
  const perNode = names.length === 1 && named.asked.length === 1;
  printStatus(status, { output, perNode, nowMs: facts.nowMs }, io);
  if (names.length === 0 && named.asked.length === 0)
    io.err(
      question.namespace === undefined
        ? "No policies found.\n"
        : `No policies found in ${question.namespace} namespace.\n`,
    );
  tellMissing(named, io);
  if (named.missing.length > 0) return exitCode.usage;
  return isFine(status, names) || question.exitZero === true ? exitCode.ok : exitCode.finding;
}

function tellMissing({ missing }: NamedPolicies, io: Io): void {
  for (const key of missing) io.err(`${io.errColors.red("error:")} there is no policy ${key}\n`);
}

/** Deleted policies that are still in force have no names; they matter where all policies were asked about. */
function isFine({ policies, leftOvers }: FleetStatus, names: readonly string[]): boolean {
  return policies.every(isSettled) && (names.length > 0 || leftOvers.length === 0);
}

function noAgents(where: string): CliError {
  return new CliError(
    exitCode.unavailable,
    `no agent of Portcullis has published anything in ${where}`,
    "Policies are in force by its agents, which `portcullis agent` and docs/agent/install.md are about.",
  );
}

/** What a cluster refuses is its matter, not the command line's. */
function refused(error: unknown, where: string): unknown {
  if (error instanceof Unreachable) return new CliError(exitCode.unavailable, `${where}: ${error.message}`);
  if (!(error instanceof ApiError)) return error;
  const known = error.code === 401 ? "does not know this user" : "refused";
  const mend =
    error.code === 403 ? "`portcullis rbac --for status` prints the rights that are needed." : undefined;
  return new CliError(exitCode.unavailable, `${where} ${known}: ${error.message}`, mend);
}
