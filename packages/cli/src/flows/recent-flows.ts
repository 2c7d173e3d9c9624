import { type FlowRecord, readFlowLine } from "@portcullis/engine";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import type { AgentApi } from "./agent-api.ts";

/**
 * What an agent saw lately, drops first and the one seen last first. Fails with CliError (exit code 3) when it does not
 * answer, and when what it answers is no flows.
 *
 * @param query with its question mark, as docs/agent/events.md has it.
 */
export async function recentFlows(api: AgentApi, query = ""): Promise<readonly FlowRecord[]> {
  const lists = await Promise.all([api.get(`/v1/drops${query}`), api.get(`/v1/flows${query}`)]);
  return lists.flatMap((list) => {
    const flows = (list as { readonly flows?: unknown } | null)?.flows;
    if (!Array.isArray(flows))
      throw new CliError(exitCode.unavailable, `${api.where}: not an agent's answer`);
    return flows.map((flow) => recordOf(api, flow));
  });
}

/** A flow that an agent tells; CliError (exit code 3) when it is none. */
export function recordOf({ where }: AgentApi, value: unknown): FlowRecord {
  const read = readFlowLine(JSON.stringify(value));
  if ("record" in read) return read.record;
  const what = "problem" in read ? `${read.problem.field} ${read.problem.message}` : "it is no flow";
  throw new CliError(exitCode.unavailable, `${where} tells a flow that cannot be read: ${what}`);
}
