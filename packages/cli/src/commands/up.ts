import { closeSync, openSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Context } from "./context.ts";
import { examples, filesOption, imagesOption, recursiveOption, sandboxOption } from "./options.ts";

interface Options {
  readonly filename?: readonly string[];
  readonly recursive?: boolean;
  readonly name: string;
  readonly standIn?: boolean;
  readonly images?: string;
  readonly watch?: boolean;
  readonly keep?: boolean | string;
  readonly auditLog?: string;
  readonly apiPort?: number;
}

export function registerUp(program: Command, { io, finish }: Context): void {
  program
    .command("up")
    .summary("start a sandbox, and stay until Ctrl-C")
    .description(
      "Start a sandbox: a cluster of one node on this machine's kernel, without root. It lives as long as this command; " +
        "Ctrl-C or `portcullis down` stops it and leaves nothing behind, except with --keep what that keeps.",
    )
    .addHelpText(
      "before",
      examples(
        "portcullis up",
        "portcullis up -f examples/tutorial/frontend.yaml",
        "portcullis up -f manifests/ -R --name review",
        "portcullis up -f policies/ --watch",
        "portcullis up --keep",
      ),
    )
    .addOption(filesOption("apply these manifests first; may be repeated"))
    .addOption(recursiveOption())
    .addOption(sandboxOption())
    .option(
      "--watch",
      "with -f: after each save, apply what changed, delete what was taken out, and print what that opened and closed",
    )
    .addOption(imagesOption())
    .option("--stand-in", "run a server that answers with the pod's name for every image that is not known")
    .option(
      "--keep [dir]",
      "keep the objects in this directory, and go on with them next time (default: ~/.local/state/portcullis/NAME)",
    )
    .option(
      "--api-port <port>",
      "of the API on 127.0.0.1 (default: 6443, or another when that is taken)",
      portNumber,
    )
    .option(
      "--audit-log <file>",
      "add a line to this file for each request to the API: who, what, and what came of it",
    )
    .action(async (options: Options) => {
      if (options.watch && options.filename === undefined)
        throw new CliError(exitCode.usage, "--watch needs -f: which files to follow");
      const [{ withSandbox }, { runUp }, { readImagesFile }] = await Promise.all([
        import("../world/with-sandbox.ts"),
        import("../world/run-up.ts"),
        import("../input/images-file.ts"),
      ]);
      const { name, standIn = false, auditLog, apiPort, keep = false } = options;
      if (auditLog !== undefined) requireWritable(auditLog);
      const images = readImagesFile(options.images);
      const sandbox = {
        name,
        standIn,
        images,
        dns: true,
        ...(auditLog === undefined ? {} : { auditLog }),
        ...(apiPort === undefined ? {} : { apiPort }),
        ...(keep === false ? {} : { keepIn: keep === true ? stateHome(name, io) : path.resolve(keep) }),
      };
      finish(await withSandbox(sandbox, io, (started, signal) => runUp(started, signal, { io, ...options })));
    });
}

/** XDG Base Directory Specification: what an application keeps between runs. */
function stateHome(name: string, { env }: Context["io"]): string {
  const base = env.XDG_STATE_HOME || path.join(homedir(), ".local", "state");
  return path.join(base, "portcullis", name);
}

function portNumber(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65535) return Number(text);
  throw new InvalidArgumentError("Use a number from 1 to 65535.");
}

function requireWritable(file: string): void {
  try {
    closeSync(openSync(file, "a", 0o600));
  } catch (error) {
    throw new CliError(exitCode.usage, `cannot write to ${file}: ${(error as Error).message}`);
  }
}
