import type { Command } from "commander";
import type { Context } from "./context.ts";
import { examples, sandboxOption } from "./options.ts";

export function registerKubectl(program: Command, { io, finish }: Context): void {
  program
    .command("kubectl")
    .summary("run kubectl on a sandbox")
    .description(
      "Run the kubectl on your PATH with the sandbox's kubeconfig. Everything after `kubectl` (and --name, when it comes " +
        "first) is kubectl's own, `--help` too; the exit code is kubectl's.",
    )
    .addHelpText(
      "before",
      examples(
        "portcullis kubectl get pods -A",
        "portcullis kubectl exec -it frontend -- sh",
        "portcullis kubectl --name review apply -f policy.yaml",
      ),
    )
    .argument("[arguments...]", "what kubectl is to do")
    .addOption(sandboxOption())
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (args: readonly string[], { name }: { readonly name: string }) => {
      const [{ attachSandbox }, { findKubectl }, { passThrough }] = await Promise.all([
        import("@portcullis/sandbox"),
        import("../kubeconfig/find-kubectl.ts"),
        import("../io/pass-through.ts"),
      ]);
      const kubectl = findKubectl(io.env);
      const sandbox = await attachSandbox(name);
      sandbox.close();
      const env = { ...io.env, KUBECONFIG: sandbox.info.kubeconfig };
      finish(await passThrough([kubectl, ...args], env));
    });
}
