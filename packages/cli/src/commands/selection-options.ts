import { type Command, Option } from "commander";

/** The options that say which connections are shown. Read by `listOptions`. */
export function addSelectionOptions(command: Command): Command {
  return command
    .option("--pods", "every pod for itself, in place of workloads")
    .option(
      "--focus <peer>",
      "only connections of NAME, NAMESPACE/NAME, NAMESPACE/KIND/NAME, NAMESPACE/[app=web] or svc/NAME; may be repeated",
      collect,
    )
    .addOption(
      new Option(
        "--direction <direction>",
        "only connections to (ingress) or from (egress) the workloads in focus",
      ).choices(["ingress", "egress"]),
    )
    .option(
      "--peer <peer>",
      "only connections with this other side: as for --focus, or an address, a CIDR, or `outside`; may be repeated",
      collect,
    )
    .option(
      "--port <port>",
      "only these ports: 8080, tcp/8080, udp/53, tcp/8000-8010, http, tcp, icmp; may be repeated",
      collect,
    )
    .option("-n, --namespace <name>", "only connections of this namespace's workloads")
    .option("-A, --all-namespaces", "all namespaces (the default)");
}

function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}
