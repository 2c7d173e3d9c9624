import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { type RunAgentOptions, runAgent } from "@portcullis/agent";
import { parseCidr } from "@portcullis/engine";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";
import { version } from "../version.ts";
import { type AgentClientOptions, agentClient } from "./agent-client.ts";
import type { ListenAddress } from "./listen-address.ts";
import { untilSignal } from "./until-signal.ts";

export interface AgentCommandOptions extends AgentClientOptions {
  readonly nodeName?: string;
  readonly namespace?: string;
  readonly podCidr?: readonly string[];
  readonly established: "cut" | "keep";
  readonly denied: "drop" | "reject";
  readonly flows: boolean;
  readonly stateDir: string;
  readonly coldStartAfter: number;
  readonly driftInterval: number;
  readonly apiAddress: ListenAddress | "off";
  readonly metricsAddress: ListenAddress | "off";
  readonly logLevel: RunAgentOptions["logLevel"];
}

/** Runs a node agent until a signal ends it; gives the exit code. */
export async function runAgentCommand(options: AgentCommandOptions, io: Io): Promise<number> {
  const nodeName = nodeNameFrom(options, io);
  const podCidrs = options.podCidr && podCidrsOf(options.podCidr);
  const { client } = agentClient(options, io, `portcullis-agent/${version()}`);
  const namespace = options.namespace ?? io.env.POD_NAMESPACE;
  const { apiAddress: api, metricsAddress: metrics } = options;
  const agent = await runAgent(
    {
      client,
      nodeName,
      version: version(),
      established: options.established,
      denied: options.denied,
      flows: options.flows,
      stateDirectory: options.stateDir,
      coldStartAfterMs: options.coldStartAfter,
      driftCheckMs: options.driftInterval,
      logLevel: options.logLevel,
      api: api !== "off" && onHost(api),
      ...(metrics === "off" ? {} : { metrics: onHost(metrics) }),
      ...(namespace ? { namespace } : {}),
      ...(podCidrs === undefined ? {} : { podCidrs }),
    },
    { log: (line) => io.err(`${line}\n`) },
  );
  try {
    return await untilSignal(agent.ended, () => agent.stop());
  } catch (error) {
    throw new CliError(exitCode.unavailable, (error as Error).message);
  } finally {
    client.close();
  }
}

/** As a kubelet names its Node when nobody names it: after the machine. */
function nodeNameFrom({ nodeName }: AgentCommandOptions, io: Io): string {
  const name = nodeName || io.env.NODE_NAME || hostname().toLowerCase();
  // RFC 1123 subdomain, as metadata.name of a Node is.
  if (name.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(name))
    return name;
  throw new CliError(
    exitCode.usage,
    `"${name}" is no name of a Node`,
    "Give its metadata.name with --node-name or $NODE_NAME.",
  );
}

/** `none` alone is for nodes whose pods have no prefix of their own: nothing is closed before it is known. */
function podCidrsOf(texts: readonly string[]): readonly string[] {
  return texts.length === 1 && texts[0] === "none" ? [] : texts.map(canonicalCidr);
}

function canonicalCidr(text: string): string {
  const cidr = parseCidr(text.trim());
  if (cidr !== undefined) return cidr.text;
  throw new CliError(
    exitCode.usage,
    `--pod-cidr ${text}: not a prefix`,
    "Use a form such as 10.244.1.0/24 or fd00:10:244:1::/64, or none alone.",
  );
}

/** Every address is IPv6's, which takes IPv4 along, where the kernel has it. */
function onHost({ host, port }: ListenAddress): { readonly host: string; readonly port: number } {
  return { host: host ?? (existsSync("/proc/net/if_inet6") ? "::" : "0.0.0.0"), port };
}
