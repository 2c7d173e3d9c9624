import type { Command } from "commander";
import type { Context } from "./context.ts";
import { examples, filesOption, namespaceOption, recursiveOption, sandboxOption } from "./options.ts";

interface Options {
  readonly filename?: readonly string[];
  readonly recursive?: boolean;
  readonly namespace: string;
  readonly name: string;
}

export function registerDelete(program: Command, { io, finish }: Context): void {
  program
    .command("delete")
    .summary("delete objects from the sandbox")
    .description("Delete objects of the running sandbox, by type and name or as manifests name them.")
    .addHelpText(
      "before",
      examples(
        "portcullis delete networkpolicy default-deny",
        "portcullis delete -n first pods client guest",
        "portcullis delete -f examples/tutorial/default-deny.yaml",
      ),
    )
    .argument("[type]", "pod, service, networkpolicy or namespace")
    .argument("[names...]", "which ones")
    .addOption(filesOption("delete what these manifests name; may be repeated"))
    .addOption(recursiveOption())
    .addOption(namespaceOption())
    .addOption(sandboxOption())
    .action(async (type: string | undefined, names: readonly string[], options: Options) => {
      const [{ attachSandbox }, { deleteObjects }, { deletionsOf }, { waitEnforced }] = await Promise.all([
        import("@portcullis/sandbox"),
        import("../resources/delete-objects.ts"),
        import("../resources/deletions.ts"),
        import("../world/wait-enforced.ts"),
      ]);
      const { deletions, code } = await deletionsOf({ type, names, ...options }, io);
      const sandbox = await attachSandbox(options.name);
      const deleted = await deleteObjects(sandbox.client, deletions, io);
      await waitEnforced(sandbox, deleted.objects, io);
      finish(Math.max(code, deleted.code));
    });
}
