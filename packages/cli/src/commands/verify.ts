import { type Command, InvalidArgumentError } from "commander";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import { collectPort, type ProbePort } from "../verify/port-spec.ts";
import type { Context } from "./context.ts";
import { examples, filesOption, outputOption, recursiveOption } from "./options.ts";

interface Options {
  readonly filename?: readonly string[];
  readonly recursive?: boolean;
  readonly assert?: readonly string[];
  readonly maxReplicas: number;
  readonly port?: readonly ProbePort[];
  readonly pods?: boolean;
  readonly output: string;
}

export function registerVerify(program: Command, { io, finish }: Context): void {
  program
    .command("verify")
    .summary("prove with real packets what manifests mean")
    .description(
      "Bring the pods and Services of manifests up in a sandbox of their own, apply the policies, send a packet from every " +
        "pod to every port of every other, and hold each against the engine's prediction. No image of yours runs: every " +
        "container becomes a small server on its containerPorts.\n\n" +
        "Exit code 0 when everything is confirmed, 1 for a disagreement or an assertion that fails, 2 when something " +
        "cannot be read (objects with an error are left out, as the API server would), 3 when no sandbox can start here.",
    )
    .addHelpText(
      "before",
      examples(
        "portcullis verify -f manifests/",
        "portcullis verify -f manifests/ -R --assert assertions.yaml",
        "kustomize build . | portcullis verify -f - -o junit > report.xml",
        "portcullis verify -f manifests/ --port 80 --port 53/udp --pods -o html > report.html",
      ),
    )
    .addOption(filesOption("manifest, directory of manifests, or - for standard input; may be repeated"))
    .addOption(recursiveOption())
    .option("--assert <file>", "try these assertions with packets too; may be repeated", collect)
    .option("--max-replicas <n>", "run at most so many pods of each workload", positive, 2)
    .option("--port <port[/protocol]>", "probe pods on these ports only; may be repeated", collectPort)
    .option("--pods", "show every pod instead of summing up by workload")
    .addOption(outputOption("text", "json", "junit", "html"))
    .action(async (options: Options) => {
      if (options.filename === undefined)
        throw new CliError(exitCode.usage, "nothing to verify: give -f FILE");
      const { verify } = await import("../verify/verify.ts");
      const { filename, assert = [], port = [] } = options;
      finish(await verify({ ...options, filename, assert, port }, io));
    });
}

function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

function positive(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Use a number from 1 to 9999.");
}
