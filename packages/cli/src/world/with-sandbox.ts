import { setTimeout as sleep } from "node:timers/promises";
import type { SandboxHandle, SandboxOptions } from "@portcullis/sandbox";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import { interruptible, unlessAborted } from "../io/interrupt.ts";
import type { Io } from "../io/io.ts";

/** Starts a sandbox, works in it, and stops it however the work ends: by itself, by an error or by a signal. */
export function withSandbox<T>(
  options: SandboxOptions & { readonly name: string },
  io: Io,
  work: (sandbox: SandboxHandle, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return interruptible(async (signal) => {
    const { startSandbox } = await import("@portcullis/sandbox");
    // Not given up on when a signal comes: only a sandbox that has started can be stopped.
    const sandbox = await startSandbox(options);
    try {
      signal.throwIfAborted();
      return await work(sandbox, signal);
    } finally {
      if (signal.aborted) io.err(`\nstopping sandbox ${options.name}\n`);
      await stop(sandbox, options.name);
    }
  });
}

/** How long a sandbox may take to stop, in milliseconds; it takes well under one second. */
const stopMs = 10_000;

/** A sandbox dies with us, so one that does not stop in time is left to the kernel rather than waited for. */
async function stop(sandbox: SandboxHandle, name: string): Promise<void> {
  const late = new AbortController();
  const timeout = sleep(stopMs, undefined, { signal: late.signal }).then(() => {
    throw new CliError(
      exitCode.unavailable,
      `sandbox ${name} did not stop within ${stopMs / 1000} s; it was killed`,
    );
  });
  try {
    await Promise.race([sandbox.stop(), timeout]);
  } finally {
    timeout.catch(() => {});
    late.abort();
  }
}

/** Resolves when the sandbox has ended by itself or by `portcullis down`; rejects when the signal aborts. */
export async function untilEnd(sandbox: SandboxHandle, signal: AbortSignal): Promise<string> {
  return unlessAborted(signal, sandbox.ended());
}
