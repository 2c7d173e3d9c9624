import type { Command } from "commander";
import { exitCode } from "../io/exit-code.ts";
import type { WorldOptions } from "../world/world-options.ts";
import type { Context } from "./context.ts";
import { examples, namespaceOption, outputOption } from "./options.ts";
import { addWorldOptions } from "./world-options.ts";

interface Options extends WorldOptions {
  readonly to: string;
  readonly namespace: string;
  readonly output: string;
}

export function registerCan(program: Command, { io, finish }: Context): void {
  const command = program
    .command("can")
    .summary("may one pod reach another, and why (not)")
    .description(
      "Say in one sentence whether a connection is allowed, then why. Exit code 0 when it is, 1 when it is denied.\n\n" +
        "SRC and DST are NAME, NAMESPACE/NAME, svc/NAME, NAMESPACE/KIND/NAME, NAMESPACE/[SELECTOR], an IP address or a " +
        "CIDR. A workload and a selector stand for each of their pods, a Service for the pods behind it, a CIDR for its " +
        "addresses, in the parts that policies cut it into. PORT is a number, a range or a name; PROTOCOL is tcp " +
        "(default), udp or sctp. Flows that are judged alike are told together.\n\n" +
        "With -f the manifests are the cluster, and nothing has to run. Objects with an error are reported and left " +
        "out, as the API server would refuse them; the answer is for the rest.",
    )
    .addHelpText(
      "before",
      examples(
        "portcullis can frontend --to svc/backend:80 -f manifests/",
        "portcullis can first/client --to db:4614",
        "portcullis can 203.0.113.7 --to web/deploy/api:https -f manifests/ -R -o json",
        "portcullis can web --to kube-system/svc/kube-dns:53/udp -f .",
        "portcullis can 'api/[app in (orders,search)]' --to data/db:5000-6000 -f manifests/",
        "portcullis can 10.0.0.0/8 --to web/frontend:http -f manifests/",
      ),
    )
    .argument("<src>", "who connects")
    .requiredOption("--to <dst:port[/protocol]>", "to whom")
    .addOption(namespaceOption())
    .addOption(outputOption("text", "json", "yaml"));
  addWorldOptions(command).action(async (source: string, options: Options) => {
    const [{ parsePeer }, { parseTarget }, { ask }, { printAnswer }, { tellStaged }, { loadWorld }] =
      await Promise.all([
        import("../input/peer.ts"),
        import("../input/target.ts"),
        import("../can/ask.ts"),
        import("../can/print-answer.ts"),
        import("../can/tell-staged.ts"),
        import("../world/load-world.ts"),
      ]);
    const peer = parsePeer(source, options.namespace);
    const target = parseTarget(options.to, options.namespace);
    const { cluster } = await loadWorld(options, io);
    const answer = ask(cluster, peer, target);
    printAnswer(answer, options.output, io);
    tellStaged(cluster, answer, io);
    finish(answer.allowed ? exitCode.ok : exitCode.finding);
  });
}
