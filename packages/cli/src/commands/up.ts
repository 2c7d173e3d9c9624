import { closeSync, openSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import type { UpstreamServer } from "@portcullis/sandbox";
import { type Command, InvalidArgumentError } from "commander";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Context } from "./context.ts";
import { collect, examples, filesOption, imagesOption, recursiveOption, sandboxOption } from "./options.ts";

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
  readonly dnsUpstream?: readonly string[];
  /** False for `--no-flows`. */
  readonly flows: boolean;
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
        "portcullis up --dns-upstream system",
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
    .option(
      "--dns-upstream <server>",
      "where pods' DNS asks for names that are not the cluster's: ADDRESS[:PORT], or `system` for this machine's " +
        "servers; may be repeated, they are tried in turn (default: such names are refused)",
      collect,
    )
    .option("--no-flows", "do not record connections that policies allow (for `portcullis flows`)")
    .action(async (options: Options) => {
      if (options.watch && options.filename === undefined)
        throw new CliError(exitCode.usage, "--watch needs -f: which files to follow");
      const [{ withSandbox }, { runUp }, { readImagesFile }] = await Promise.all([
        import("../world/with-sandbox.ts"),
        import("../world/run-up.ts"),
        import("../input/images-file.ts"),
      ]);
      const { name, standIn = false, auditLog, apiPort, keep = false, flows } = options;
      if (auditLog !== undefined) requireWritable(auditLog);
      const dnsUpstream = await upstreamServers(options.dnsUpstream ?? []);
      const images = readImagesFile(options.images);
      const sandbox = {
        name,
        standIn,
        images,
        dns: true,
        flows,
        dnsUpstream,
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

async function upstreamServers(texts: readonly string[]): Promise<readonly UpstreamServer[]> {
  const { readUpstreamServer, systemUpstreamServers } = await import("@portcullis/sandbox");
  const refuse = (text: string, why: string) =>
    new CliError(exitCode.usage, `--dns-upstream ${text}: ${why}`);
  return texts.flatMap((text) => {
    if (text === "system") {
      try {
        return systemUpstreamServers();
      } catch (error) {
        throw refuse(text, (error as Error).message);
      }
    }
    const server = readUpstreamServer(text);
    if (server === undefined)
      throw refuse(
        text,
        "not an address, with or without a port (10.0.0.53, 127.0.0.1:5353, [::1]:53), nor `system`",
      );
    return [server];
  });
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
