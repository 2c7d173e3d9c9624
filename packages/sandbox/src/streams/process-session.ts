import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:net";
import { constants } from "node:os";
import type { ProcessSession, TerminalOptions } from "@portcullis/apiserver";
import { ChildPipe } from "./child-pipe.ts";
import { endSession } from "./end-session.ts";

/** Runs a command line with pipes, or without a stream that was not asked for. Rejects when it cannot be spawned. */
export async function pipeSession(
  commandLine: readonly string[],
  io: Pick<TerminalOptions, "stdin" | "stdout" | "stderr">,
): Promise<ProcessSession> {
  const [program = "", ...args] = commandLine;
  const pipes = {
    stdin: io.stdin ? new ChildPipe("input") : undefined,
    stdout: io.stdout ? new ChildPipe("output") : undefined,
    stderr: io.stderr ? new ChildPipe("output") : undefined,
  };
  const stdio = Object.values(pipes).map((pipe) => pipe?.childEnd ?? "ignore");
  // A session of its own, so that all of it can be found and ended.
  const child = spawn(program, args, { detached: true, stdio });
  const ended = new Promise<number>((resolve) => {
    child.once("exit", (code, signal) => resolve(exitCode(code, signal)));
  });
  const [stdin, stdout, stderr] = Object.values(pipes).map((pipe) => pipe?.open());
  const drained = [stdout, stderr].map(closed);
  for (const stream of [stdin, stdout, stderr]) stream?.on("error", () => {});
  await spawned(child).catch((error: unknown) => {
    stdin?.destroy();
    throw error;
  });
  return {
    ...(stdin === undefined ? {} : { stdin }),
    ...(stdout === undefined ? {} : { stdout }),
    ...(stderr === undefined ? {} : { stderr }),
    resize: () => {},
    exited: Promise.all([ended, ...drained]).then(([code]) => {
      stdin?.destroy();
      return { code };
    }),
    hangUp: () => hangUp(child),
  };
}

function closed(stream: Socket | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (stream === undefined) resolve();
    else stream.once("close", () => resolve());
  });
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
}
