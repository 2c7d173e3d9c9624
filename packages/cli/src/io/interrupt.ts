import { CliError } from "./cli-error.ts";
import { exitCode } from "./exit-code.ts";

const signals = { SIGINT: exitCode.interrupted, SIGTERM: 143, SIGHUP: 129 } as const;

/** Thrown by work that a signal ended. Everything that was started has been stopped when it arrives at `main`. */
export class Interrupted extends CliError {
  constructor(code: number) {
    super(code, "interrupted");
    this.name = "Interrupted";
  }
}

/** Work under way. */
const running = new Set<AbortController>();

/** Ends all interruptible work with this exit code; false when there is none. */
export function interruptAll(code: number): boolean {
  for (const controller of running) controller.abort(new Interrupted(code));
  return running.size > 0;
}

/**
 * Runs work that ends early, but cleanly, on SIGINT, SIGTERM and SIGHUP: `signal` aborts with an `Interrupted` as its
 * reason. A second signal changes nothing: cleaning up is bounded, and cutting it short is what leaves things behind.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  running.add(controller);
  const listeners = Object.entries(signals).map(([name, code]) => {
    const listener = () => controller.abort(new Interrupted(code));
    process.on(name, listener);
    return () => process.off(name, listener);
  });
  try {
    return await work(controller.signal);
  } catch (error) {
    // What fails after the signal fails because of it.
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    running.delete(controller);
    for (const remove of listeners) remove();
  }
}

/** The promise's result, or the signal's reason as soon as it aborts; the promise's late failure is not reported. */
export async function unlessAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  signal.throwIfAborted();
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    const listener = () => reject(signal.reason);
    signal.addEventListener("abort", listener, { once: true });
    stop = () => signal.removeEventListener("abort", listener);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    stop();
  }
}
