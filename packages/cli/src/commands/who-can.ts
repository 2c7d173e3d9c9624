import type { Command } from "commander";
import type { WorldOptions } from "../world/world-options.ts";
import type { Context } from "./context.ts";
import { examples, namespaceOption, outputOption } from "./options.ts";
import { addWorldOptions } from "./world-options.ts";

interface Options extends WorldOptions {
  readonly namespace: string;
  readonly pods?: boolean;
  readonly output: string;
}

const peers =
  "NAME, NAMESPACE/NAME, svc/NAME, NAMESPACE/KIND/NAME, NAMESPACE/[SELECTOR], an IP address or a CIDR";

/** `who-can reach` and `who-can be-reached-from`. */
export function registerWhoCan(program: Command, context: Context): void {
  const command = program
    .command("who-can")
    .summary("who can reach a workload, or whom it can reach, and by which rule")
    .description("List everybody who can reach a destination, or whom a source can reach.")
    .addHelpText(
      "before",
      examples(
        "portcullis who-can reach data/db:5432 -f manifests/",
        "portcullis who-can reach web/svc/frontend:http -f manifests/ -o wide",
        "portcullis who-can be-reached-from api/orders -f manifests/ --pods",
        "portcullis who-can be-reached-from 203.0.113.0/24 -f manifests/ -o csv",
      ),
    );
  registerOne(command, context, {
    name: "reach",
    argument: "<dst:port[/protocol]>",
    summary: "who can reach it",
    description:
      `List everybody who can reach DST on PORT, under the rule that lets them in. DST is ${peers}. PORT is a number, a ` +
      "range or a name; PROTOCOL is tcp (default), udp or sctp.\n\nA pod that reaches itself, and a node that reaches " +
      "its own pods for health checks, are not listed.",
    example: "portcullis who-can reach data/db:5432 -f manifests/",
  });
  registerOne(command, context, {
    name: "be-reached-from",
    argument: "<src>",
    summary: "whom it can reach, and on which ports",
    description: `List everybody whom SRC can reach, with the ports, under the rule that lets it out. SRC is ${peers}.`,
    example: "portcullis who-can be-reached-from api/orders -f manifests/",
  });
}

interface Question {
  readonly name: "reach" | "be-reached-from";
  readonly argument: string;
  readonly summary: string;
  readonly description: string;
  readonly example: string;
}

function registerOne(parent: Command, { io, finish }: Context, question: Question): void {
  const command = parent
    .command(question.name)
    .summary(question.summary)
    .description(
      `${question.description}\n\nExit code 2 when something had to be left out because of an error, else 0.`,
    )
    .addHelpText("before", examples(question.example))
    .argument(question.argument, "who is asked about")
    .addOption(namespaceOption())
    .option("--pods", "list pods, not workloads")
    .addOption(outputOption("text", "wide", "json", "yaml", "csv", "md"));
  addWorldOptions(command).action(async (asked: string, options: Options) => {
    const [{ loadWorld }, { whoCan }, { printWhoCan }] = await Promise.all([
      import("../world/load-world.ts"),
      import("../can/who-can.ts"),
      import("../can/print-who-can.ts"),
    ]);
    const { namespace, pods = false, output } = options;
    const ask = whoCan(question.name, asked, namespace);
    const { cluster, code } = await loadWorld(options, io);
    printWhoCan(ask(cluster, pods), output, io);
    finish(code);
  });
}
