import type { KubeObject } from "@portcullis/kube";
import type { SandboxHandle } from "@portcullis/sandbox";
import { unlessAborted } from "../io/interrupt.ts";
import { clusterFromApi } from "../world/cluster-from-api.ts";
import { type Outcome, tryOut } from "./outcome.ts";
import { performAction } from "./perform-action.ts";
import { predict } from "./predict.ts";
import { printObservations, printPredictions } from "./print-check.ts";
import { questionsOf } from "./question.ts";
import type { Step } from "./step.ts";
import type { Tutorial } from "./tutorial.ts";

/** One step: do, predict from what the API now holds, wait until the kernel enforces it, try, compare. */
export async function runStep(step: Step, tutorial: Tutorial): Promise<Outcome[]> {
  const { sandbox, files, page, signal } = tutorial;
  page.heading(step.number, step.title);
  page.paragraph(step.teaching);
  const changed: KubeObject[] = [];
  for (const [index, action] of step.actions.entries()) {
    if (index > 0) page.gap();
    changed.push(...(await unlessAborted(signal, performAction(action, tutorial))));
  }
  const { cluster } = await unlessAborted(signal, clusterFromApi(sandbox.client, files.policies));
  const outcomes: Outcome[] = [];
  for (const [index, check] of step.checks.entries()) {
    if (index > 0 || step.actions.length > 0) page.gap();
    const predictions = questionsOf(check).map((question) => predict(cluster, question));
    printPredictions(page, check, predictions);
    await unlessAborted(signal, enforced(sandbox, changed));
    const tried = await unlessAborted(signal, tryOut(sandbox, predictions));
    printObservations(page, check, tried);
    outcomes.push(...tried);
  }
  // The next step may have nothing to change before it sends packets.
  await unlessAborted(signal, enforced(sandbox, changed));
  return outcomes;
}

async function enforced(sandbox: SandboxHandle, objects: readonly KubeObject[]): Promise<void> {
  await Promise.all(objects.map((object) => sandbox.enforced(object)));
}
