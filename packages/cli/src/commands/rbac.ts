import { type Command, Option } from "commander";
import { exitCode } from "../io/exit-code.ts";
import type { RbacPurpose } from "../rbac/rules.ts";
import type { Context } from "./context.ts";
import { examples, namespaceOption } from "./options.ts";

interface Options {
  readonly for: RbacPurpose;
  readonly namespace: string;
  readonly serviceAccount?: string;
}

export function registerRbac(program: Command, { io, finish }: Context): void {
  program
    .command("rbac")
    .summary("print the rights that Portcullis needs in a cluster")
    .description(
      "Print a ServiceAccount, its roles and their bindings with exactly the rights that are needed, as YAML: to read a " +
        "cluster once (analyse), for the agent on its nodes (agent), or for `portcullis status` (status). Nothing is sent to " +
        "any cluster.",
    )
    .addHelpText(
      "before",
      examples(
        "portcullis rbac | kubectl apply -f -",
        "portcullis rbac --for agent -n portcullis-system",
        "portcullis rbac --service-account ci -n tools",
      ),
    )
    .addOption(
      new Option("--for <purpose>", "what the rights are for")
        .choices(["analyse", "agent", "status"])
        .default("analyse"),
    )
    .addOption(new Option("--service-account <name>", "who gets them (default: portcullis-PURPOSE)"))
    .addOption(namespaceOption())
    .action(async (options: Options) => {
      const [{ defaultAccount, rbacObjects }, { formatYaml }] = await Promise.all([
        import("../rbac/objects.ts"),
        import("../text/yaml.ts"),
      ]);
      const { serviceAccount = defaultAccount(options.for), namespace } = options;
      const objects = rbacObjects(options.for, { serviceAccount, namespace });
      io.out(objects.map((object) => formatYaml(object)).join("---\n"));
      finish(exitCode.ok);
    });
}
