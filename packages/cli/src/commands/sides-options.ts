import { type Command, Option } from "commander";
import { collect, filesOption } from "./options.ts";
import { addWorldOptions } from "./world-options.ts";

/** The options that say what two states consist of; `-f` is what they share. Read by `readSides`. */
export function addSidesOptions(command: Command): Command {
  command
    .addOption(filesOption("manifests that A and B share, the workloads say; may be repeated"))
    .option("-R, --recursive", "with directories: their subdirectories too")
    .option("--cluster", "B is the cluster of the kubeconfig's current context");
  return addWorldOptions(command);
}

/** `--focus`, repeatable. */
export function focusOption(what: string): Option {
  return new Option("--focus <name>", `${what} from or to NAMESPACE/NAME; may be repeated`).argParser(
    collect,
  );
}
