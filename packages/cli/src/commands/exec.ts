import type { Command } from "commander";
import type { Context } from "./context.ts";
import { examples, namespaceOption, sandboxOption } from "./options.ts";

interface Options {
  readonly namespace: string;
  readonly name: string;
}

export function registerExec(program: Command, { finish }: Context): void {
  program
    .command("exec")
    .summary("run a command in a pod")
    .description(
      "Run a command in a pod of the sandbox, on this terminal. The exit code is the command's own; 128 + N when " +
        "signal N ended it.",
    )
    .addHelpText(
      "before",
      examples(
        "portcullis exec frontend -- curl -m 1 http://10.96.0.10",
        "portcullis exec -it frontend -- sh",
        "portcullis exec -n first client -- ip address",
      ),
    )
    .argument("<pod>", "name, or namespace/name")
    .argument("<command...>", "what to run, after --")
    .addOption(namespaceOption())
    .option("-i, --stdin", "as with kubectl; standard input is always passed on")
    .option("-t, --tty", "as with kubectl; a terminal is always passed on")
    .addOption(sandboxOption())
    .action(async (pod: string, command: readonly string[], options: Options) => {
      const [{ attachSandbox }, { parsePodRef }] = await Promise.all([
        import("@portcullis/sandbox"),
        import("../input/pod-ref.ts"),
      ]);
      const sandbox = await attachSandbox(options.name);
      const ref = parsePodRef(pod, options.namespace);
      // A shell needs a terminal that is the pod's own; for output alone ours is as good.
      if (process.stdin.isTTY && process.stdout.isTTY) {
        const { joinTerminal } = await import("../io/join-terminal.ts");
        return finish(await joinTerminal(await sandbox.terminal(ref, command)));
      }
      const { passThrough } = await import("../io/pass-through.ts");
      finish(await passThrough(await sandbox.execCommand(ref, command)));
    });
}
