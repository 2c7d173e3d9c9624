import { Argument, type Command } from "commander";
import { type Shell, scripts, shells } from "../complete/scripts.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Context } from "./context.ts";
import { examples } from "./options.ts";

export function registerCompletion(program: Command, { io, finish }: Context): void {
  program
    .command("completion")
    .summary("print a script that completes commands in your shell")
    .description(
      "Print the script that teaches a shell to complete commands, options, values, contexts, and the names that stand " +
        "in the manifests of -f. kubectl's own completion asks kubectl_complete-portcullis, which comes with Portcullis.",
    )
    .addHelpText(
      "before",
      examples(
        "portcullis completion fish | source      # in ~/.config/fish/config.fish",
        "source <(portcullis completion bash)     # in ~/.bashrc",
        "source <(portcullis completion zsh)      # in ~/.zshrc, behind compinit",
      ),
    )
    .addArgument(new Argument("<shell>", "which shell").choices(shells))
    .action((shell: Shell) => {
      io.out(scripts[shell]);
      finish(exitCode.ok);
    });
  program
    .command("complete", { hidden: true })
    .description("Print what can stand in the place of the last word, then `:` and what the shell is to do.")
    .addHelpText("before", examples("portcullis complete -- can fr"))
    .argument("[words...]", "the words after the program's name")
    .action(async (words: readonly string[]) => {
      const [{ complete }, { nameSource }] = await Promise.all([
        import("../complete/candidates.ts"),
        import("../complete/name-source.ts"),
      ]);
      const { candidates, directive } = await complete(program, words, nameSource);
      for (const { word, description } of candidates)
        io.out(description === "" ? `${word}\n` : `${word}\t${description}\n`);
      io.out(`:${directive}\n`);
      finish(exitCode.ok);
    });
}
