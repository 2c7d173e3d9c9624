import type { Command } from "commander";
import { exitCode } from "../io/exit-code.ts";
import type { Context } from "./context.ts";
import { examples, imagesOption, outputOption } from "./options.ts";

export function registerImages(program: Command, { io, finish }: Context): void {
  program
    .command("images")
    .summary("what a pod's image can be")
    .description(
      "List the images that a sandbox runs: each stands for a program of this machine, and nothing is pulled. One whose " +
        "program is missing comes with the Debian package that has it.",
    )
    .addHelpText("before", examples("portcullis images", "portcullis images -o json"))
    .addOption(outputOption("text", "json"))
    .addOption(imagesOption())
    .action(async ({ output, images: file }: { readonly output: string; readonly images?: string }) => {
      const [{ imageCatalogue }, { formatTable }, { readImagesFile }] = await Promise.all([
        import("@portcullis/sandbox"),
        import("../text/table.ts"),
        import("../input/images-file.ts"),
      ]);
      const images = imageCatalogue(readImagesFile(file));
      if (output === "json") io.out(`${JSON.stringify(images, null, 2)}\n`);
      else {
        const rows = images.map(({ names, runs, installed, debianPackage }) => [
          names.join(", "),
          runs,
          installed ? "yes" : `no: apt install ${debianPackage ?? "it"}`,
        ]);
        io.out(formatTable(["IMAGE", "RUNS", "INSTALLED"], rows));
      }
      finish(exitCode.ok);
    });
}
