import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import type { ProcessSession, TerminalOptions } from "@portcullis/apiserver";
import { endSession } from "./end-session.ts";

/** Runs a command line with pipes, or without a stream that was not asked for. Rejects when it cannot be spawned. */
export async function pipeSession(
  commandLine: readonly string[],
  io: Pick<TerminalOptions, "stdin" | "stdout" | "stderr">,
): Promise<ProcessSession> {
  const [program = "", ...args] = commandLine;
  const pipe = (wanted: boolean) => (wanted ? "pipe" : "ignore");
  const child = spawn(program, args, {
    // A session of its own, so that all of it can be found and ended.
    detached: true,
    stdio: [pipe(io.stdin), pipe(io.stdout), pipe(io.stderr)],
  });
  await spawned(child);
  // A program need not read what it is given.
  child.stdin?.on("error", () => {});
  return {
    ...(child.stdin === null ? {} : { stdin: child.stdin }),
    ...(child.stdout === null ? {} : { stdout: child.stdout }),
    ...(child.stderr === null ? {} : { stderr: child.stderr }),
    resize: () => {},
    exited: new Promise((resolve) => {
      child.once("close", (code, signal) => resolve({ code: exitCode(code, signal) }));
    }),
    hangUp: () => hangUp(child),
  };
}

/** Resolves once the process exists. */
export function spawned(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
}

/** As a shell has it: 128 + N when signal N ended it. */
export function exitCode(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

export function hangUp(child: ChildProcess): void {
  if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) endSession(child.pid);
  child.stdin?.destroy();
}
