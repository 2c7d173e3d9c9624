import { CommanderError } from "commander";
import { CliError } from "./io/cli-error.ts";
import { printEpilogue } from "./io/epilogue.ts";
import { exitCode } from "./io/exit-code.ts";
import { interruptAll } from "./io/interrupt.ts";
import { type Io, processIo } from "./io/io.ts";
import { ownArguments } from "./io/own-arguments.ts";
import { buildProgram } from "./program.ts";

/** The process: arguments in, exit code out. */
export async function main(): Promise<void> {
  // `portcullis get | head` closes the pipe early. That is no failure, but what has been started must be stopped.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    if (!interruptAll(exitCode.brokenPipe)) process.exit(exitCode.ok);
  });
  const code = await run(ownArguments(process.argv), processIo());
  // Idle connections to a sandbox would hold the process; what was printed is let out first.
  process.exitCode = code;
  process.stdout.write("", () => process.stderr.write("", () => process.exit(code)));
}

/** Runs one command line and gives its exit code. Nothing that a command throws passes. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let code: number = exitCode.ok;
  const program = buildProgram({
    io,
    finish: (result) => {
      code = result;
    },
  });
  try {
    await program.parseAsync(argv, { from: "user" });
    printEpilogue(io);
    return code;
  } catch (error) {
    // An error stands last, where it is seen.
    printEpilogue(io);
    return report(error, io);
  }
}

function report(error: unknown, io: Io): number {
  // Commander has printed its message already; help and --version end with code 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
  const { name, message, mend, code } = describe(error);
  if (name === "Interrupted") return code;
  io.err(`${io.errColors.red("error:")} ${message}\n`);
  if (mend !== undefined) io.err(`${mend}\n`);
  return code;
}

interface Problem {
  readonly name: string;
  readonly message: string;
  readonly mend: string | undefined;
  readonly code: number;
}

/**
 * What went wrong, in words. The errors of other rooms are told by name, so that their code is not loaded for it.
 * What nobody foresaw is our bug: it keeps its stack.
 */
function describe(error: unknown): Problem {
  if (error instanceof CliError) {
    return { name: error.name, message: error.message, mend: error.mend, code: error.exitCode };
  }
  if (!(error instanceof Error)) {
    return { name: "", message: String(error), mend: undefined, code: exitCode.unavailable };
  }
  const { name, message } = error;
  const mend = (error as { mend?: unknown }).mend;
  const foreseen = ["SandboxError", "Unreachable", "ApiError", "KubeconfigError"].includes(name);
  return {
    name,
    message: foreseen
      ? message
      : `${message}\nThis is a bug in Portcullis: please report it.\n${error.stack ?? ""}`,
    mend: typeof mend === "string" && mend !== "" ? mend : undefined,
    code: name === "ApiError" || name === "KubeconfigError" ? exitCode.usage : exitCode.unavailable,
  };
}
