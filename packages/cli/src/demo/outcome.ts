import type { SandboxHandle } from "@portcullis/sandbox";
import { type Observation, observe } from "./observe.ts";
import type { Prediction } from "./predict.ts";

/** A prediction beside what happened. */
export interface Outcome extends Prediction {
  readonly observation: Observation;
  readonly agrees: boolean;
  /** The first try got no answer where one was predicted, and the prediction was tried a second time. */
  readonly retried: boolean;
}

/**
 * Tries the predictions. One that promised an answer and met silence is tried once more, because a loaded machine may
 * lose time; any other disagreement stands at once.
 */
export async function tryOut(sandbox: SandboxHandle, predictions: readonly Prediction[]): Promise<Outcome[]> {
  const outcomes = compare(predictions, await observe(sandbox, predictions), false);
  const lost = outcomes.filter(
    ({ verdict, observation }) => verdict.allowed && observation.outcome === "dropped",
  );
  if (lost.length === 0) return outcomes;
  const again = compare(lost, await observe(sandbox, lost), true);
  return outcomes.map((outcome) => (lost.includes(outcome) ? again[lost.indexOf(outcome)]! : outcome));
}

function compare(
  predictions: readonly Prediction[],
  observations: readonly Observation[],
  retried: boolean,
): Outcome[] {
  return predictions.map((prediction, index) => {
    const { question, verdict, address } = prediction;
    const observation = observations[index]!;
    const agrees = observation.outcome === (verdict.allowed ? "connected" : "dropped");
    return { question, verdict, address, observation, agrees, retried };
  });
}
