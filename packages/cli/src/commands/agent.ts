import { type Command, Option } from "commander";
import type { CleanUpCommandOptions } from "../agent/clean-up.ts";
import { parseDuration } from "../agent/duration.ts";
import { parseListenAddress, parseLoopbackAddress } from "../agent/listen-address.ts";
import type { AgentCommandOptions } from "../agent/run.ts";
import type { Context } from "./context.ts";
import { collect, examples } from "./options.ts";

const stateDirectory = "/var/lib/portcullis";

export function registerAgent(program: Command, { io, finish }: Context): void {
  const agent = program
    .command("agent")
    .summary("enforce a cluster's policies on this node")
    .description(
      "Watch a cluster's NetworkPolicies and enforce those that concern this node's pods, until SIGTERM. What is in force " +
        "stays in force when the agent ends, however it ends; `portcullis agent cleanup` takes it away. Needs CAP_NET_ADMIN " +
        "in the node's network namespace. Logs are JSON lines on stderr.\n\n" +
        "Exit code 0 after SIGTERM, 130 after SIGINT, 2 for wrong usage, 3 when it cannot begin or go on.",
    )
    .addHelpText(
      "before",
      examples(
        "portcullis agent                                   # in the DaemonSet of deploy/",
        "portcullis agent --context prod --node-name worker-1 --pod-cidr 10.244.1.0/24",
        "portcullis agent cleanup                           # after uninstalling",
      ),
    );
  addRunOptions(agent).action(async (options: AgentCommandOptions) => {
    const { runAgentCommand } = await import("../agent/run.ts");
    finish(await runAgentCommand(options, io));
  });
  agent
    .command("cleanup")
    .summary("remove what an agent left on this node")
    .description(
      "Remove Portcullis' nftables table and its state on disk, and nothing else. What policies isolated on this node is open " +
        "from then on. Refuses while an agent runs here.",
    )
    .addHelpText("before", examples("portcullis agent cleanup"))
    .addOption(stateOption())
    .option("--force", "even while an agent runs, which then writes everything again", false)
    .action(async (options: CleanUpCommandOptions) => {
      const { cleanUpCommand } = await import("../agent/clean-up.ts");
      finish(await cleanUpCommand(options, io));
    });
}

function addRunOptions(command: Command): Command {
  return command
    .option("--node-name <name>", "metadata.name of this node's Node (default: $NODE_NAME, or the hostname)")
    .option(
      "--namespace <name>",
      "where to publish what is in force (default: $POD_NAMESPACE; without, nowhere)",
    )
    .option(
      "--kubeconfig <file>",
      "the kubeconfig to use (default: $KUBECONFIG, ~/.kube/config, or the pod's own cluster)",
    )
    .option("--context <name>", "the context of the kubeconfig")
    .option("--server <url>", "the API at this URL or Unix socket, without credentials")
    .option(
      "--pod-cidr <prefix>",
      "of this node's pods, or none; may be repeated (default: the Node's spec.podCIDRs)",
      collect,
    )
    .addOption(
      new Option("--established <what>", "connections that a change denies: cut them, or keep them")
        .choices(["cut", "keep"])
        .default("cut"),
    )
    .addOption(
      new Option("--denied <what>", "packets that are denied: drop them, or reject them with an answer")
        .choices(["drop", "reject"])
        .default("drop"),
    )
    .option("--flows", "record new connections that are allowed, too", false)
    .addOption(stateOption())
    .addOption(
      durationOption(
        "--cold-start-after <time>",
        "how long to wait for the API before the disk is believed",
        "5s",
      ),
    )
    .addOption(
      durationOption(
        "--drift-interval <time>",
        "how often to compare the kernel with what was written; 0 is never",
        "30s",
      ),
    )
    .addOption(
      addressOption(
        "--api-address <host:port>",
        "probes, metrics, drops, flows and events, on the loopback only",
        "127.0.0.1:9753",
        parseLoopbackAddress,
      ),
    )
    .addOption(addressOption("--metrics-address <host:port>", "probes and metrics for others", "off"))
    .addOption(
      new Option("--log-level <level>", "the least serious lines to log")
        .choices(["debug", "info", "warn", "error"])
        .default("info"),
    );
}

function stateOption(): Option {
  return new Option("--state-dir <dir>", "where the program in force is kept").default(stateDirectory);
}

function durationOption(flags: string, description: string, value: string): Option {
  return new Option(flags, description).argParser(parseDuration).default(parseDuration(value), value);
}

function addressOption(flags: string, serves: string, value: string, parse = parseListenAddress): Option {
  return new Option(flags, `where to serve ${serves}, or off`).argParser(parse).default(parse(value), value);
}
