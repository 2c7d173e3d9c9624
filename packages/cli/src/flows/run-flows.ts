import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type FlowRecord, FlowTable, flowLine, plural, tableCsv, tableText } from "@portcullis/engine";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import { interruptible } from "../io/interrupt.ts";
import type { Io } from "../io/io.ts";
import { reportStyle } from "../text/report-style.ts";
import { AgentApi } from "./agent-api.ts";
import { flowLineText, flowsTable } from "./print-flows.ts";
import { recentFlows, recordOf } from "./recent-flows.ts";

export interface FlowsCommandOptions {
  readonly agent?: readonly string[];
  readonly name: string;
  readonly follow?: boolean;
  readonly namespace?: readonly string[];
  readonly pod?: readonly string[];
  readonly policy?: readonly string[];
  readonly verdict?: readonly string[];
  readonly output: "text" | "wide" | "json" | "csv";
}

/** Prints what agents saw lately, or with --follow what they see from now on; gives the exit code. */
export async function runFlows(options: FlowsCommandOptions, io: Io): Promise<number> {
  if (options.follow === true && options.output === "csv")
    throw new CliError(exitCode.usage, "-o csv is for what was seen; with --follow use json");
  const agents = await agentsOf(options);
  if (options.follow === true) return follow(agents, options, io);
  const table = new FlowTable();
  const query = queryOf(options);
  for (const { api } of agents) for (const record of await recentFlows(api, query)) table.add(record);
  print(table.list(), options, io);
  return exitCode.ok;
}

interface FollowedAgent {
  readonly api: AgentApi;
  /** Whether it is there at all: a sandbox that has ended does not come again. */
  readonly exists: () => boolean;
}

async function agentsOf({ agent, name }: FlowsCommandOptions): Promise<readonly FollowedAgent[]> {
  if (agent !== undefined)
    return agent.map((url) => ({ api: new AgentApi({ url }, `the agent at ${url}`), exists: () => true }));
  const { attachSandbox } = await import("@portcullis/sandbox");
  const { info } = await attachSandbox(name);
  const { agentSocket: socketPath } = info;
  const api = new AgentApi({ socketPath }, `the agent of sandbox ${name}`);
  return [{ api, exists: () => existsSync(socketPath) }];
}

function queryOf({ namespace, pod, policy, verdict }: FlowsCommandOptions): string {
  const query = new URLSearchParams();
  for (const [key, values = []] of Object.entries({ namespace, pod, policy, verdict }))
    for (const value of values) query.append(key, value);
  return query.size === 0 ? "" : `?${query}`;
}

function print(records: readonly FlowRecord[], { output, verdict }: FlowsCommandOptions, io: Io): void {
  if (output === "json") for (const record of records) io.out(flowLine(record));
  else if (output === "csv") io.out(tableCsv(flowsTable(records, true)));
  else if (records.length > 0)
    io.out(tableText(flowsTable(records, output === "wide"), reportStyle(io.outColors)));
  if (records.length === 0) io.err("no flow of these was seen in the last ten minutes\n");
  else io.err(`${plural(records.length, "flow")} of the last ten minutes\n`);
  // Nothing that passed, though it was asked for: it may be that nobody writes it down.
  if (verdict?.every((each) => each === "denied") || records.some((each) => each.verdict !== "denied"))
    return;
  io.err("Allowed connections are recorded by agents with --flows, and by a sandbox without --no-flows.\n");
}

/** Until Ctrl-C, or until the sandbox has ended. */
function follow(agents: readonly FollowedAgent[], options: FlowsCommandOptions, io: Io): Promise<number> {
  return interruptible(async (signal) => {
    await Promise.all(agents.map((agent) => followOne(agent, options, io, signal)));
    signal.throwIfAborted();
    return exitCode.ok;
  });
}

async function followOne(
  { api, exists }: FollowedAgent,
  options: FlowsCommandOptions,
  io: Io,
  signal: AbortSignal,
): Promise<void> {
  const query = queryOf(options);
  const path = `/v1/events${query}${query === "" ? "?" : "&"}type=drop,flow,rest`;
  for (let first = true; !signal.aborted; first = false) {
    try {
      for await (const { type, data } of api.events(path, signal)) tell(api, type, data, options, io);
    } catch (error) {
      if (signal.aborted) return;
      // A question that is refused stays refused, and an address where nobody is may be a mistake.
      if (first || (error as CliError).exitCode === exitCode.usage) throw error;
    }
    if (signal.aborted) return;
    if (!exists()) {
      io.err(`${api.where} is gone\n`);
      return;
    }
    if (first) io.err(`${api.where} is away; waiting for it\n`);
    await sleep(api.retryMs, undefined, { signal }).catch(() => {});
  }
}

function tell(api: AgentApi, type: string, data: unknown, { output }: FlowsCommandOptions, io: Io): void {
  if (type === "drop" || type === "flow") {
    const record = recordOf(api, data);
    io.out(output === "json" ? flowLine(record) : `${flowLineText(record, reportStyle(io.outColors))}\n`);
  } else if (type === "rest") {
    const { flows = 0, verdict = "" } = data as { readonly flows?: number; readonly verdict?: string };
    io.err(`${api.where}: ${plural(flows, "more flow")} ${verdict}, counted and not told one by one\n`);
  } else if (type === "dropped") {
    const { events = 0 } = data as { readonly events?: number };
    io.err(`${api.where}: ${plural(events, "event")} left out: they came faster than they were read\n`);
  }
}
