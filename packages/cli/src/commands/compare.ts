import { type Command, InvalidArgumentError, Option } from "commander";
import type { CompareOptions, Question } from "../diff/run-compare.ts";
import type { Context } from "./context.ts";
import { examples, outputOption } from "./options.ts";
import { addFocusOptions, addSidesOptions } from "./sides-options.ts";

export function registerEqual(program: Command, context: Context): void {
  register(program, context, "equal", {
    summary: "do two sets of policies mean the same",
    description: "Say whether two sets of policies, A and B, allow exactly the same connections.",
    lines: [
      "portcullis equal main:policies policies/ --any-pods     # did the clean-up change nothing?",
      "portcullis equal old.yaml new.yaml -f workloads.yaml    # for these workloads",
    ],
  });
}

export function registerContains(program: Command, context: Context): void {
  register(program, context, "contains", {
    summary: "does one set of policies allow all that another one allows",
    description: "Say whether everything that the policies of B allow is allowed by those of A too.",
    lines: [
      "portcullis contains guardrails.yaml policies/ --any-pods   # do the policies stay inside the guardrails?",
      "portcullis contains policies/ main:policies                # does nothing that passed get closed?",
    ],
  });
}

function register(
  program: Command,
  { io, finish }: Context,
  question: Question,
  { summary, description, lines }: { summary: string; description: string; lines: readonly string[] },
): void {
  const command = program
    .command(question)
    .summary(summary)
    .description(
      `${description} If not, one connection is shown that the two judge differently, with the reasons of both.\n\n` +
        "The answer is for the pods and namespaces given by A, B and -f together, and the addresses outside. With " +
        "--any-pods, and where no pods are given, it is for any pods in any namespaces, with any labels, addresses and " +
        "port names: proven, not tried.\n\n" +
        "A and B are files, directories, - for standard input, REV:PATH of the git repository around this directory, or " +
        "@cluster for what runs (--cluster, --context and --name say which; B may then be left out).\n\n" +
        "Exit code 0 when it holds, 1 when it does not, 2 for wrong usage, when an object had to be left out, or when the " +
        "search was given up.",
    )
    .addHelpText("before", examples(...lines))
    .argument("<a>", "the first set")
    .argument("[b]", "the second set")
    .option("--any-pods", "for any pods at all, not only those given")
    .addOption(new Option("--limit <steps>", "how long to search with --any-pods").argParser(positive))
    .addOption(outputOption("text", "json", "yaml"));
  addFocusOptions(command, "connections");
  addSidesOptions(command).action(async (a: string, b: string | undefined, options: CompareOptions) => {
    const { runCompare } = await import("../diff/run-compare.ts");
    finish(await runCompare(question, a, b, options, io));
  });
}

function positive(value: string): number {
  const steps = Number(value);
  if (Number.isInteger(steps) && steps > 0) return steps;
  throw new InvalidArgumentError("Use a whole number above 0.");
}
