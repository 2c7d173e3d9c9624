import type { Command } from "commander";
import { addWorldOptions } from "./world-options.ts";

/** The options that say what two states consist of; `-f` is what they share. Read by `readSides`. */
export function addSidesOptions(command: Command): Command {
  command.option("--cluster", "B is the live cluster or sandbox");
  return addWorldOptions(command);
}
