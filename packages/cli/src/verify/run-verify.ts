import { type Assertion, count, type NetworkPolicy, type Verification } from "@portcullis/engine";
import type { SandboxHandle } from "@portcullis/sandbox";
import { unlessAborted } from "../io/interrupt.ts";
import type { Progress } from "../io/progress.ts";
import { clusterFromApi } from "../world/cluster-from-api.ts";
import { type AskedAssertion, askAssertion, keyOf } from "./assertion-questions.ts";
import { bringUp } from "./bring-up.ts";
import { describeDisagreements } from "./describe-disagreement.ts";
import type { StandIns } from "./expand.ts";
import { judgeAssertion } from "./judge-assertion.ts";
import type { ProbePort } from "./port-spec.ts";
import { type Answer, probeAll } from "./probe-all.ts";
import { allQuestions, type Question } from "./question.ts";
import { toVerification } from "./to-verification.ts";

export interface VerifyWork {
  readonly standIns: StandIns;
  /** With their places in the files, for explanations. */
  readonly policies: readonly NetworkPolicy[];
  readonly assertions: readonly Assertion[];
  /** Probe these ports only. */
  readonly ports: readonly ProbePort[];
  readonly progress: Progress;
}

/** Brings the stand-ins up in the sandbox, sends every packet, and compares each with what the engine says. */
export async function runVerify(
  sandbox: SandboxHandle,
  signal: AbortSignal,
  { standIns, policies, assertions, ports, progress }: VerifyWork,
): Promise<Verification> {
  progress.show(`starting ${count(standIns.pods.length, "pod")}`);
  await unlessAborted(signal, bringUp(sandbox, standIns));
  const { cluster, unreadable } = await unlessAborted(signal, clusterFromApi(sandbox.client, policies));
  const asked = assertions.map((assertion) => askAssertion(assertion, cluster, standIns.pods));
  const matrix = allQuestions(cluster, ports);
  const questions = unique([...matrix, ...asked.flatMap((each) => each.questions)]);
  const answers = await unlessAborted(
    signal,
    probeAll(sandbox, questions, {
      signal,
      onProgress: (done) => progress.show(`${done} of ${count(questions.length, "probe")}`),
    }),
  );
  const disagreements = await unlessAborted(signal, describeDisagreements(sandbox, cluster, answers));
  return toVerification({
    standIns,
    cluster,
    // What only an assertion asks, on a port of its own, is no part of the matrix.
    matrix: answers.slice(0, matrix.length),
    probes: answers.length,
    disagreements,
    assertions: judge(asked, answers, (each, answerTo) => judgeAssertion(each, cluster, answerTo)),
    notes: unreadable.map(
      (object) => `${object} cannot be read by the engine, and is left out of its prediction`,
    ),
  });
}

function judge<T>(
  asked: readonly AskedAssertion[],
  answers: readonly Answer[],
  one: (asked: AskedAssertion, answerTo: (question: Question) => Answer) => T,
): T[] {
  const byKey = new Map(answers.map((answer) => [keyOf(answer.question), answer]));
  return asked.map((each) => one(each, (question) => byKey.get(keyOf(question))!));
}

/** An assertion often asks what the matrix asks anyway. The first of equal ones keeps its place. */
function unique(questions: readonly Question[]): Question[] {
  return [...new Map(questions.map((question) => [keyOf(question), question])).values()];
}
