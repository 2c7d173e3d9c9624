import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";
import { commandProgress } from "../io/progress.ts";
import type { FleetStatus } from "./fleet-status.ts";
import type { NamedPolicies } from "./named-policies.ts";
import { isSettled, type PolicyStatus } from "./policy-status.ts";
import { printStatus } from "./print-status.ts";
import type { StatusQuestion } from "./status-question.ts";
import { type Waited, waitInForce } from "./wait-in-force.ts";

/** Waits until the policies are in force, and says so, or what is missing; gives the exit code. */
export async function runWait(question: StatusQuestion, io: Io, signal: AbortSignal): Promise<number> {
  const started = performance.now();
  const progress = commandProgress(io, {});
  const waited = await waitInForce(question, (part) => progress.show(`waiting: ${part}`), signal).finally(
    () => progress.end(),
  );
  if (waited.missing.length > 0) return giveUp(waited, question, io);
  const { status, waiting } = waited;
  const { output } = question;
  if (output === "table") {
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    io.out(`${successText(status, waiting.named)} (${seconds} s)\n`);
  } else printStatus(status, { output, perNode: false, nowMs: Date.now() }, io);
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

function giveUp({ status, missing }: Waited, { output, timeout }: StatusQuestion, io: Io): number {
  const policies = status.policies.filter((policy) => !isSettled(policy));
  printStatus({ ...status, policies }, { output, perNode: false, nowMs: Date.now() }, io);
  io.err(`${io.errColors.red("error:")} not in force after ${timeout / 1000} s:\n`);
  for (const part of missing.slice(0, told)) io.err(`  ${part}\n`);
  if (missing.length > told) io.err(`  and ${missing.length - told} more\n`);
  return exitCode.finding;
}

/** Sentences about what is missing. */
const told = 10;

function count(number: number, one: string, many: string): string {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}
