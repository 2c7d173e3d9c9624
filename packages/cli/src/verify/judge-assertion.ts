import { type Cluster, sentence, type VerifiedAssertion } from "@portcullis/engine";
import type { AskedAssertion } from "./assertion-questions.ts";
import { expectationText, outcomeText } from "./outcome.ts";
import type { Answer } from "./probe-all.ts";
import { podName, type Question, targetName, verdictOf } from "./question.ts";

/** Failures that are told in full. */
const mostTold = 10;

/**
 * An assertion holds when the engine says so of every flow (with `match: any` of one) and its packet did so; one that no
 * packet tried does not.
 * @param answerTo The answer to a question of the assertion.
 */
export function judgeAssertion(
  { assertion, questions, untried }: AskedAssertion,
  cluster: Cluster,
  answerTo: (question: Question) => Answer,
): VerifiedAssertion {
  const { name, expect, match, mayBeEmpty, range } = assertion;
  const failures = questions.flatMap((question) =>
    failure(question, expect === "allow", cluster, answerTo(question)),
  );
  const holds = failures.length === 0 || (match === "any" && failures.length < questions.length);
  // Often the same words for both address families.
  const reasons = [...new Set(failures)];
  const more = reasons.length > mostTold ? [`and ${reasons.length - mostTold} more`] : [];
  const told = [...reasons.slice(0, mostTold), ...more];
  return {
    name,
    expect,
    file: range.file,
    line: range.start.line,
    flows: questions.length,
    holds: holds && (questions.length > 0 || (mayBeEmpty && untried.length === 0)),
    details: [...(holds ? [] : told), ...untried.map((why) => `not tried: ${why}`)],
  };
}

/** The engine's reason when it says otherwise, else what the packet did when that was otherwise. */
function failure(question: Question, wanted: boolean, cluster: Cluster, answer: Answer): string[] {
  const end = question.ends.find(({ allowed }) => allowed !== wanted);
  if (end !== undefined) return [sentence(verdictOf(cluster, question, end))];
  if (answer.confirmed) return [];
  const { source, protocol, port, address } = question;
  const who = `${podName(source)} → ${targetName(question)} (${address.text}) on ${protocol} ${port}`;
  return [`${who}: predicted ${expectationText(answer.expectation)}, observed ${outcomeText(answer.result)}`];
}
