import type { Command } from "commander";
import type { MatrixCommandOptions } from "../list/run-matrix.ts";
import type { Context } from "./context.ts";
import { examples, outputOption } from "./options.ts";
import { addSelectionOptions } from "./selection-options.ts";
import { addWorldOptions } from "./world-options.ts";

export function registerMatrix(program: Command, { io, finish }: Context): void {
  const command = program
    .command("matrix")
    .summary("workloads against workloads: who reaches whom")
    .description(
      "Show who reaches whom as a matrix: rows are sources, columns destinations, addresses outside included. " +
        "✓ is everything that was asked, ✗ nothing, and a letter stands for the ports that are told below.\n\n" +
        "On a terminal a wide matrix is cut into several, and one of more than 100 workloads is summed up by " +
        "namespace; -o html, -o csv and a pipe have all of it.\n\n" +
        "Exit code 2 when something had to be left out because of an error, else 0.",
    )
    .addHelpText(
      "before",
      examples(
        "portcullis matrix -f manifests/",
        "portcullis matrix -f manifests/ --port tcp/80",
        "portcullis matrix -f manifests/ -n shop --pods",
        "portcullis matrix -f manifests/ -o html > matrix.html",
      ),
    )
    .addOption(outputOption("text", "html", "svg", "csv"));
  addWorldOptions(addSelectionOptions(command)).action(async (options: MatrixCommandOptions) => {
    const { runMatrix } = await import("../list/run-matrix.ts");
    finish(await runMatrix(options, io));
  });
}
