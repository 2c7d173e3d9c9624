import type { SandboxHandle } from "@portcullis/sandbox";
import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";
import { wrap } from "../text/wrap.ts";
import { Page, pageWidth } from "./page.ts";
import { printSummary } from "./print-summary.ts";
import { runTutorial } from "./run-tutorial.ts";
import { steps } from "./steps/index.ts";
import { readTutorial } from "./tutorial-files.ts";

export interface DemoOptions {
  readonly io: Io;
  readonly signal: AbortSignal;
  /** Milliseconds after each step. */
  readonly pauseMs: number;
  /** Milliseconds on a clock that only goes forward; the summary tells the time since `startedAt`. */
  readonly now: () => number;
  readonly startedAt: number;
  /** How to call us, for the commands that come next. */
  readonly self: string;
}

/** What is said before anything is started. */
export function introduce(io: Io): void {
  const page = new Page(io);
  page.gap();
  page.lines([page.colors.bold("Portcullis: Kubernetes network policies, on this machine's kernel")], 0);
  const promise =
    "Every outcome below is predicted by the engine from the policies alone, and then tried with real packets between " +
    "real pods. The sandbox needs no root and leaves nothing behind.";
  page.lines(wrap(promise, pageWidth), 0);
}

/** The tutorial in a sandbox that is up. Gives the exit code: a finding when any prediction was not confirmed. */
export async function demo(sandbox: SandboxHandle, options: DemoOptions): Promise<number> {
  const { io, signal, pauseMs, now, startedAt, self } = options;
  const page = new Page(io);
  const tally = await runTutorial(steps, { sandbox, files: await readTutorial(io), page, signal }, pauseMs);
  printSummary(page, tally, (now() - startedAt) / 1000, self);
  return tally.confirmed === tally.predictions ? exitCode.ok : exitCode.finding;
}
