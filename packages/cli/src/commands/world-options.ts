import { type Command, Option } from "commander";
import { collect, filesOption, recursiveOption, sandboxOption } from "./options.ts";

/**
 * The options that say what a command is about: files, a cluster or a running sandbox. Read by `loadWorld`. With a
 * cluster, a command's `--namespace` defaults to that of the context. An option that the command has already stays as the
 * command words it.
 */
export function addWorldOptions(command: Command): Command {
  for (const option of worldOptions())
    if (!command.options.some(({ long }) => long === option.long)) command.addOption(option);
  command.addHelpText("after", withoutFiles);
  return command.hook("preAction", async (_, called) => {
    const { defaultNamespace } = await import("../world/default-namespace.ts");
    const namespace = defaultNamespace(called.opts());
    if (called.getOptionValueSource("namespace") === "default" && namespace !== undefined)
      called.setOptionValueWithSource("namespace", namespace, "default");
  });
}

const withoutFiles = `
Without files, the cluster of --context, --kubeconfig or --cluster is looked at,
or the sandbox of --name; without these, the sandbox that runs, or in a pod its
own cluster. \`portcullis rbac\` prints the rights that a cluster has to give.`;

/** Those of a command that looks at what runs, never at files. */
export function addLiveOptions(command: Command): Command {
  for (const option of [...clusterOptions(), sandboxOption().default(undefined)]) command.addOption(option);
  return command.addHelpText("after", withoutAny);
}

const withoutAny = `
Without --context, --kubeconfig, --cluster or --name, the sandbox that runs is
looked at, or in a pod its own cluster. \`portcullis rbac\` prints the rights
that a cluster has to give.`;

function clusterOptions(): readonly Option[] {
  return [
    new Option("--context <name>", "look at the cluster of this context of the kubeconfig"),
    new Option("--kubeconfig <file>", "the kubeconfig to use (default: $KUBECONFIG, ~/.kube/config)"),
    new Option("--cluster", "look at the cluster of the kubeconfig's current context"),
  ];
}

function worldOptions(): readonly Option[] {
  return [
    filesOption("the manifests to look at; may be repeated"),
    recursiveOption(),
    ...clusterOptions(),
    new Option("--within <namespace>", "read only this namespace of the cluster; may be repeated").argParser(
      collect,
    ),
    // Without a name, the default sandbox is only one of the places to look at.
    sandboxOption().default(undefined),
    new Option("--staged", "judge staged policies as if they were in force"),
    new Option("--fail-fast", "stop at the first object that has an error"),
    new Option("-q, --quiet", "no count of what was read"),
    new Option("-v, --verbose", "name all that was read, passed over and refused"),
  ];
}
