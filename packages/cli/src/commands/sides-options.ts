import { type Command, Option } from "commander";
import { collect, filesOption } from "./options.ts";
import { addWorldOptions } from "./world-options.ts";

/** The options that say what two states consist of; `-f` is what they share. Read by `readSides`. */
export function addSidesOptions(command: Command): Command {
  command
    .addOption(filesOption("manifests that A and B share, the workloads say; may be repeated"))
    .option("-R, --recursive", "with directories: their subdirectories too")
    .option("--cluster", "B is the cluster of the kubeconfig's current context");
  return addWorldOptions(command);
}

/** The options that narrow a comparison. Read by `focusOf`. */
export function addFocusOptions(command: Command, what: "changes" | "connections"): Command {
  return command
    .option(
      "--focus <peer>",
      `only ${what} of NAME, NAMESPACE/NAME, NAMESPACE/KIND/NAME, NAMESPACE/[app=web] or svc/NAME; may be repeated`,
      collect,
    )
    .option("-n, --namespace <name>", `only ${what} of this namespace's workloads`)
    .addOption(
      new Option(
        "--direction <direction>",
        `only ${what} to (ingress) or from (egress) the workloads in focus`,
      ).choices(["ingress", "egress"]),
    )
    .option("--port <port>", "only these ports: 8080, udp/53, tcp/8000-8010, icmp; may be repeated", collect);
}
