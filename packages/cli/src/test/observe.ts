import { type Assertion, asAssertionPod, type Cluster, type Observation } from "@portcullis/engine";
import type { Probe, ProbeResult, SandboxHandle } from "@portcullis/sandbox";
import { type AskedAssertion, askAssertion, keyOf } from "../verify/assertion-questions.ts";
import { outcomeText } from "../verify/outcome.ts";
import { type Answer, probeAll } from "../verify/probe-all.ts";
import { podName, type Question, targetName } from "../verify/question.ts";

/** Packets that are told one by one. */
const mostTold = 10;

/**
 * Sends the packets of assertions in a sandbox that runs, and holds each against what the assertion expects.
 * @param cluster What the sandbox's API serves now.
 */
export async function observeAssertions(
  sandbox: Pick<SandboxHandle, "probe">,
  assertions: readonly Assertion[],
  cluster: Cluster,
  signal: AbortSignal,
): Promise<readonly Observation[]> {
  const pods = cluster
    .pods()
    .filter(
      ({ phase, hostNetwork, addresses }) => phase === "Running" && !hostNetwork && addresses.length > 0,
    )
    .map(asAssertionPod);
  const asked = assertions.map((assertion) => askAssertion(assertion, cluster, pods));
  const questions = new Map(
    asked.flatMap((each) =>
      each.questions.map((question) => [keyOf(question), asArrival(question)] as const),
    ),
  );
  const answers = await probeAll(arrivals(sandbox), [...questions.values()], { signal });
  const byKey = new Map(answers.map((answer) => [keyOf(answer.question), answer]));
  return asked.map((each) => judge(each, (question) => byKey.get(keyOf(question))!));
}

/** Here run the user's own programs, which do not say who they are: what counts is that the packet arrived. */
function asArrival(question: Question): Question {
  return { ...question, ends: question.ends.map((end) => ({ ...end, serves: false })) };
}

/** A prober to whom a connection is an arrival like any other. */
function arrivals(sandbox: Pick<SandboxHandle, "probe">): Pick<SandboxHandle, "probe"> {
  const arrived = ({ outcome, milliseconds }: ProbeResult): ProbeResult => ({
    outcome: outcome === "connected" ? "refused" : outcome,
    milliseconds,
  });
  return { probe: async (probes: readonly Probe[]) => (await sandbox.probe(probes)).map(arrived) };
}

function judge(
  { assertion, questions, untried }: AskedAssertion,
  answerTo: (question: Question) => Answer,
): Observation {
  const { expect, match } = assertion;
  const wrong: string[] = [];
  const unclear: string[] = [];
  for (const question of questions) {
    const { result } = answerTo(question);
    const arrived = result.outcome === "refused";
    if (arrived === (expect === "allow")) continue;
    if (!arrived && question.protocol === "UDP")
      unclear.push(`${packetText(question)}: silence, and a UDP program need not answer`);
    else wrong.push(`${packetText(question)}: ${arrived ? "it arrived" : outcomeText(result)}`);
  }
  const packets = questions.length;
  const isWrong = wrong.length > 0 && (match === "each" || wrong.length === packets);
  if (isWrong) return { status: "fail", packets, details: few(wrong) };
  const known = packets - unclear.length;
  if (known > 0) return { status: "pass", packets, details: [] };
  return { status: "untried", packets: 0, details: few([...untried, ...unclear]) };
}

function packetText(question: Question): string {
  const { source, protocol, port, address } = question;
  return `${podName(source)} → ${targetName(question)} (${address.text}) on ${protocol} ${port}`;
}

function few(lines: readonly string[]): readonly string[] {
  return lines.length <= mostTold
    ? lines
    : [...lines.slice(0, mostTold), `and ${lines.length - mostTold} more`];
}
