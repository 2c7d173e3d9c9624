import { setTimeout as sleep } from "node:timers/promises";
import { policyId } from "@portcullis/agent";
import { exitCode } from "../io/exit-code.ts";
import { unlessAborted } from "../io/interrupt.ts";
import type { Io } from "../io/io.ts";
import { commandProgress } from "../io/progress.ts";
import { type FleetFacts, type FleetStatus, fleetStatus, podsInDoubt } from "./fleet-status.ts";
import { FleetWatch } from "./fleet-watch.ts";
import { type NamedPolicies, namedPolicies } from "./named-policies.ts";
import { isSettled, namesOf, type PolicyStatus } from "./policy-status.ts";
import { printStatus } from "./print-status.ts";
import { readNodeNames } from "./read-nodes.ts";
import { readPolicies } from "./read-policies.ts";
import type { StatusQuestion } from "./run-status.ts";

/** How often nodes and pods are looked at again while something is missing, in milliseconds. */
const rereadMs = 3000;

/** How long the first answer may take, however short the time-out is, in milliseconds. */
const firstAnswerMs = 5000;

/** Between two judgements passes as many times as long as a judgement takes: in a large cluster, records come all the time. */
const restRatio = 4;

/**
 * Waits until the policies are in force as the API has them now, and none that was deleted is in force any more; gives the
 * exit code. Changes that are made from now on are not waited for.
 */
export async function runWait(question: StatusQuestion, io: Io, signal: AbortSignal): Promise<number> {
  const started = performance.now();
  const leftMs = () => question.timeout - (performance.now() - started);
  const progress = commandProgress(io, {});
  const ended = new AbortController();
  const either = AbortSignal.any([signal, ended.signal]);
  const { client } = question;
  const watch = new FleetWatch(client, question.agentNamespace, (error) => ended.abort(error));
  try {
    const read = await unlessAborted(either, readPolicies(client, question.namespace));
    const named = namedPolicies(read, question.names, question);
    const waiting = { named, question, revision: read.revision };
    await unlessAborted(either, Promise.race([watch.synced, pause(Math.max(leftMs(), firstAnswerMs))]));
    for (;;) {
      const nodeNames = await unlessAborted(either, readNodeNames(client));
      const facts = (): FleetFacts => ({ read, nodeNames, records: watch.records(), nowMs: Date.now() });
      const pods = await unlessAborted(either, podsInDoubt(client, facts(), named.asked));
      const rereadAt = performance.now() + rereadMs;
      while (performance.now() < rereadAt) {
        const began = performance.now();
        const status = fleetStatus(facts(), named.asked, pods);
        const missing = missingParts(status, waiting);
        if (missing.length === 0) return succeed(status, waiting, started, io);
        if (leftMs() <= 0) return giveUp(status, missing, { watch, question, io });
        progress.show(`waiting: ${missing[0]}`);
        await unlessAborted(either, pause(restRatio * (performance.now() - began)));
        await unlessAborted(either, watch.change(Math.max(0, Math.min(leftMs(), rereadMs))));
      }
    }
  } finally {
    progress.end();
    watch.stop();
  }
}

interface Waiting {
  readonly named: NamedPolicies;
  readonly question: StatusQuestion;
  /** Of the policies that were read. */
  readonly revision: bigint;
}

/** What is not as it has to be, a sentence each. */
function missingParts({ policies, nodes, leftOvers }: FleetStatus, waiting: Waiting): readonly string[] {
  const { named, question, revision } = waiting;
  const parts = policies
    .filter((policy) => !isSettled(policy))
    .map(({ policy, state, inForce, nodes: needing, reason = "" }) => {
      const count = `${inForce} of ${needing.length} node${needing.length === 1 ? "" : "s"}`;
      return `${policy.key}: ${state} (${count}): ${reason}`;
    });
  const gone = new Set(named.missing.map(policyId));
  const about = (id: number) =>
    question.names.length === 0 ? question.namespace === undefined : gone.has(id);
  const names = new Map(named.missing.map((key) => [policyId(key), key]));
  for (const { id, nodes: having } of leftOvers) {
    if (!about(id)) continue;
    const where = namesOf(having.map(({ name }) => name));
    parts.push(`${names.get(id) ?? "a policy"} that was deleted is still in force on ${where}`);
  }
  // Their records do not name all that is in force, so that only the revision tells that a deletion has come.
  const vague = nodes.filter(
    ({ record, revision: has }) => (record?.moreSelected ?? 0) > 0 && has < revision,
  );
  if (vague.length > 0 && (question.names.length === 0 || gone.size > 0))
    parts.push(`deletions may not have come to ${namesOf(vague.map(({ name }) => name))}`);
  return parts;
}

function succeed(status: FleetStatus, { named, question }: Waiting, started: number, io: Io): number {
  const { output } = question;
  if (output === "table")
    io.out(`${successText(status, named)} (${((performance.now() - started) / 1000).toFixed(1)} s)\n`);
  else printStatus(status, { output, perNode: false, nowMs: Date.now() }, io);
  return exitCode.ok;
}

/** `2 policies are in force on 3 nodes; 1 selects no pod; 1 is staged`. */
function successText({ policies }: FleetStatus, { missing }: NamedPolicies): string {
  const having = (state: PolicyStatus["state"]) => policies.filter((policy) => policy.state === state);
  const inForce = having("InForce");
  const nodes = new Set(inForce.flatMap((policy) => policy.nodes.map(({ node }) => node.name)));
  const idle = having("NothingToDo").length;
  const staged = having("Staged").length;
  const parts: readonly (string | false)[] = [
    inForce.length > 0 &&
      `${count(inForce.length, "policy is", "policies are")} in force on ${count(nodes.size, "node", "nodes")}`,
    idle > 0 && count(idle, "policy selects no pod", "policies select no pod"),
    staged > 0 && count(staged, "policy is staged", "policies are staged"),
    missing.length > 0 && `${missing.join(", ")}: not there, and in force nowhere`,
  ];
  return parts.filter((part) => part !== false).join("; ") || "there are no policies, and none is in force";
}

interface GivingUp {
  readonly watch: FleetWatch;
  readonly question: StatusQuestion;
  readonly io: Io;
}

function giveUp(status: FleetStatus, missing: readonly string[], { watch, question, io }: GivingUp): number {
  if (watch.trouble !== undefined) throw watch.trouble;
  const unsettled = { ...status, policies: status.policies.filter((policy) => !isSettled(policy)) };
  printStatus(unsettled, { output: question.output, perNode: false, nowMs: Date.now() }, io);
  const seconds = question.timeout / 1000;
  io.err(`${io.errColors.red("error:")} not in force after ${seconds} s:\n`);
  for (const part of missing.slice(0, told)) io.err(`  ${part}\n`);
  if (missing.length > told) io.err(`  and ${missing.length - told} more\n`);
  return exitCode.finding;
}

/** Sentences about what is missing. */
const told = 10;

function count(number: number, one: string, many: string): string {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

function pause(milliseconds: number): Promise<unknown> {
  return sleep(milliseconds, undefined, { ref: false });
}
