import { setTimeout as sleep } from "node:timers/promises";
import type { SandboxHandle } from "@portcullis/sandbox";
import { interruptible } from "../io/interrupt.ts";
import type { Io } from "../io/io.ts";

/** Starts a sandbox, works in it, and stops it however the work ends: by itself, by an error or by a signal. */
export function withSandbox<T>(
  name: string,
  io: Io,
  work: (sandbox: SandboxHandle, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return interruptible(async (signal) => {
    const { startSandbox } = await import("@portcullis/sandbox");
    // Not given up on when a signal comes: only a sandbox that has started can be stopped.
    const sandbox = await startSandbox({ name });
    try {
      signal.throwIfAborted();
      return await work(sandbox, signal);
    } finally {
      if (signal.aborted) io.err(`\nstopping sandbox ${name}\n`);
      await sandbox.stop();
    }
  });
}

/** Milliseconds between looks at whether the sandbox is still there. */
const lookMs = 500;

/** Resolves when the sandbox has ended by itself or by `portcullis down`; rejects when the signal aborts. */
export async function untilEnd({ info }: SandboxHandle, signal: AbortSignal): Promise<void> {
  while (isAlive(info.initPid)) {
    await sleep(lookMs, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
