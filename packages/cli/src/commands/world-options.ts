import type { Command } from "commander";
import { filesOption, recursiveOption, sandboxOption } from "./options.ts";

/** The options that say what a command is about: files, or a running sandbox. Read by `loadWorld`. */
export function addWorldOptions(command: Command): Command {
  return command
    .addOption(filesOption("the manifests to look at, instead of the sandbox; may be repeated"))
    .addOption(recursiveOption())
    .addOption(sandboxOption());
}
