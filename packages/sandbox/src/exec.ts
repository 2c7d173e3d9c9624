import { spawn } from "node:child_process";
import { constants } from "node:os";
import type { ExecOptions, ExecResult } from "./contract.ts";
import type { ExecTarget } from "./control.ts";
import { SandboxError } from "./error.ts";
import { findTool } from "./tools.ts";

/** Which terminal, if any, the program of a command line finds itself on. */
export interface ExecTerminal {
  /** TERM. */
  readonly type?: string;
  /** Its stdin is a terminal of its own, to be its controlling one. */
  readonly controlling?: boolean;
}

/**
 * The command line that runs `argv` in a container when spawned on the host by the sandbox's owner: first into the
 * sandbox's namespaces, where the user is root, then into the container's. Its numbers are good while both live.
 */
export function execCommandLine(
  initPid: number,
  target: ExecTarget,
  argv: readonly string[],
  terminal: ExecTerminal = ofThisProcess(),
): string[] {
  const nsenter = findTool("nsenter");
  if (nsenter === undefined)
    throw new SandboxError("machine", "nsenter is not installed", "apt install util-linux");
  const sandbox = [nsenter, "-t", String(initPid), "-U", "-m", "-p", "--preserve-credentials", "--"];
  const container = [nsenter, "-t", String(target.pid), "-n", "-m", "-u", "-i", "-p", "--"];
  // In the container's own process namespace: a shell outside of its session could not set process groups.
  const session = terminal.controlling ? [findTool("setsid") ?? "setsid", "--ctty"] : [];
  const variables = Object.entries(target.env).map(([name, value]) => `${name}=${value}`);
  const directory = target.workingDir === "/" ? [] : ["-C", target.workingDir];
  return [
    ...sandbox,
    ...container,
    ...session,
    findTool("env") ?? "env",
    "-i",
    ...directory,
    ...(terminal.type === undefined ? [] : [`TERM=${terminal.type}`]),
    ...variables,
    ...argv,
  ];
}

function ofThisProcess(): ExecTerminal {
  return process.env.TERM === undefined ? {} : { type: process.env.TERM };
}

/** Runs a command line and collects what it prints. Rejects when it cannot be spawned. */
export function collect(commandLine: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
  const { timeoutMs, input } = options;
  const [program = "", ...args] = commandLine;
  return new Promise((resolve, reject) => {
    // A process group of its own, which nsenter's child in the container belongs to as well.
    const child = spawn(program, args, {
      detached: true,
      stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });
    let timedOut = false;
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            killGroup(child.pid);
          }, timeoutMs);
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    child.stdout?.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => stderr.push(chunk));
    // A program need not read what it is given.
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
    child.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      resolve({
        code: code ?? 128 + (signal ? constants.signals[signal] : 0),
        stdout: Buffer.concat(stdout).toString("utf8"),
        stderr: Buffer.concat(stderr).toString("utf8"),
        timedOut,
      });
    });
  });
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It ended in this very moment.
  }
}
