import { setTimeout as sleep } from "node:timers/promises";
import type { Tally } from "./print-summary.ts";
import { runStep } from "./run-step.ts";
import type { Step } from "./step.ts";
import type { Tutorial } from "./tutorial.ts";

/**
 * All steps in order, with a pause after each for whoever reads along. Rejects with the signal's reason when it aborts;
 * the sandbox is the caller's to stop.
 */
export async function runTutorial(
  steps: readonly Step[],
  tutorial: Tutorial,
  pauseMs: number,
): Promise<Tally> {
  const tally = { predictions: 0, confirmed: 0, retried: 0 };
  for (const step of steps) {
    for (const { agrees, retried } of await runStep(step, tutorial)) {
      tally.predictions++;
      if (agrees) tally.confirmed++;
      if (retried) tally.retried++;
    }
    if (pauseMs > 0) await sleep(pauseMs, undefined, { signal: tutorial.signal });
  }
  return tally;
}
