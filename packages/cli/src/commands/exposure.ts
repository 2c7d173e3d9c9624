import type { Command } from "commander";
import type { WorldOptions } from "../world/world-options.ts";
import type { Context } from "./context.ts";
import { examples, namespaceOption, outputOption } from "./options.ts";
import { addWorldOptions } from "./world-options.ts";

interface Options extends WorldOptions {
  readonly namespace: string;
  readonly ingressController?: string;
  readonly output: string;
}

export function registerExposure(program: Command, { io, finish }: Context): void {
  const command = program
    .command("exposure")
    .summary("what could reach each workload that is not there yet")
    .description(
      "Say for each workload whom its policies would let in and where they would let it go, whoever comes: pods by their " +
        "labels, namespaces by theirs, address ranges, anyone; each with the ports and the rule. Workloads that no policy " +
        "isolates come first. Rules that open nothing beyond another are left out. The policies of the other side are not " +
        "asked, for nobody knows them.\n\n" +
        "Ingress objects are read: for each backend, whether the ingress controller could reach it.\n\n" +
        "Exit code 2 when something had to be left out because of an error, else 0.",
    )
    .addHelpText(
      "before",
      examples(
        "portcullis exposure -f manifests/",
        "portcullis exposure web/frontend data/db -f manifests/ -o wide",
        "portcullis exposure -f manifests/ --ingress-controller ingress-nginx/[app=nginx]",
        "portcullis exposure -f manifests/ -o csv > exposure.csv",
      ),
    )
    .argument("[workload...]", "only these; all by default")
    .option(
      "--ingress-controller <peer>",
      "NAMESPACE/[LABELS] or the name of the pods that take traffic from outside",
    )
    .addOption(namespaceOption())
    .addOption(outputOption("text", "wide", "json", "yaml", "csv", "md"));
  addWorldOptions(command).action(async (workloads: readonly string[], options: Options) => {
    const [{ loadWorld }, { parsePeer }, { exposureOf }, { printExposure }] = await Promise.all([
      import("../world/load-world.ts"),
      import("../input/peer.ts"),
      import("../exposure/exposure-of.ts"),
      import("../exposure/print-exposure.ts"),
    ]);
    const { namespace, ingressController, output } = options;
    const peers = workloads.map((text) => parsePeer(text, namespace));
    const controller = ingressController === undefined ? undefined : parsePeer(ingressController, namespace);
    const { cluster, others, code } = await loadWorld(options, io, { ingresses: true });
    const answer = exposureOf(cluster, others, peers, controller);
    printExposure({ ...answer, ...(ingressController && { controller: ingressController }) }, output, io);
    finish(code);
  });
}
