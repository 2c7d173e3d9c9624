import type { Command } from "commander";
import { exitCode } from "../io/exit-code.ts";
import type { Context } from "./context.ts";
import { examples, sandboxOption } from "./options.ts";

interface Options {
  readonly name: string;
  readonly merge?: boolean;
  readonly print?: boolean;
}

export function registerKubeconfig(program: Command, { io, finish }: Context): void {
  program
    .command("kubeconfig")
    .summary("how kubectl finds a sandbox")
    .description(
      "Print the path of the sandbox's kubeconfig, which only this user can read and which lives as long as the sandbox. " +
        "With --merge its context goes into your own kubeconfig ($KUBECONFIG, or ~/.kube/config), where everything else " +
        "stays as it is; what the file was is kept beside it.",
    )
    .addHelpText(
      "before",
      examples(
        "portcullis kubeconfig",
        "export KUBECONFIG=$(portcullis kubeconfig)",
        "portcullis kubeconfig --print",
        "portcullis kubeconfig --merge --name review",
      ),
    )
    .addOption(sandboxOption())
    .option("--merge", "add its context to your own kubeconfig")
    .option("--print", "print the kubeconfig itself")
    .action(async ({ name, merge, print }: Options) => {
      const [{ attachSandbox }, { readFileSync }] = await Promise.all([
        import("@portcullis/sandbox"),
        import("node:fs"),
      ]);
      const sandbox = await attachSandbox(name);
      const { kubeconfig } = sandbox.info;
      sandbox.close();
      const text = readFileSync(kubeconfig, "utf8");
      if (merge) {
        const { mergeIntoUsers } = await import("../kubeconfig/merge-into-users.ts");
        mergeIntoUsers(kubeconfig, text, io);
      }
      if (print) io.out(text);
      else if (!merge) io.out(`${kubeconfig}\n`);
      finish(exitCode.ok);
    });
}
