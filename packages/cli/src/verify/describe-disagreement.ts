import {
  type Cluster,
  type Disagreement,
  decidingRules,
  explanation,
  type KernelView,
} from "@portcullis/engine";
import type { Drop, SandboxHandle } from "@portcullis/sandbox";
import { expectationText, outcomeText } from "./outcome.ts";
import type { Answer } from "./probe-all.ts";
import { type End, podName, type Question, targetName, verdictOf } from "./question.ts";

/** Disagreements whose every detail is fetched from the kernel; the rest is listed without. */
const mostInspected = 20;

/** Everything that helps to see why packets did not do what was predicted. */
export async function describeDisagreements(
  sandbox: Pick<SandboxHandle, "drops" | "inspect">,
  cluster: Cluster,
  answers: readonly Answer[],
): Promise<readonly Disagreement[]> {
  const wrong = answers.filter(({ confirmed }) => !confirmed);
  const drops = wrong.length === 0 ? [] : await sandbox.drops();
  const described: Disagreement[] = [];
  for (const [index, answer] of wrong.entries()) {
    const kernel = await viewOf(sandbox, answer, drops, index < mostInspected);
    described.push(describe(cluster, answer, kernel));
  }
  return described;
}

function describe(cluster: Cluster, answer: Answer, kernel: KernelView): Disagreement {
  const { question, expectation, result, attempts } = answer;
  const verdict = verdictOf(cluster, question, endOf(answer));
  return {
    from: podName(question.source),
    to: targetName(question),
    address: question.address.text,
    protocol: question.protocol,
    port: question.port,
    predicted: expectationText(expectation),
    observed: outcomeText(result),
    attempts,
    explanation: explanation(verdict),
    decidedBy: decidingRules(verdict),
    kernel,
  };
}

/** Of several pods behind a Service the one that answered, else the first that the outcome speaks against. */
function endOf({ question: { ends }, result }: Answer): End {
  const replied = ends.find(({ pod }) => podName(pod) === result.reply);
  return replied ?? ends.find(({ allowed }) => allowed === (result.outcome === "timeout")) ?? ends[0]!;
}

async function viewOf(
  sandbox: Pick<SandboxHandle, "inspect">,
  answer: Answer,
  drops: readonly Drop[],
  inspected: boolean,
): Promise<KernelView> {
  const { question } = answer;
  const flow = flowOf(question, endOf(answer));
  const dropped = drops
    .filter(
      ({ source, destination, protocol, port }) =>
        source === flow.source &&
        destination === flow.destination &&
        protocol === flow.protocol &&
        port === flow.port,
    )
    .reduce((sum, { packets }) => sum + packets, 0);
  if (!inspected) {
    const trace = [`only the first ${mostInspected} disagreements are evaluated`];
    return { verdict: "not evaluated", dropped, trace, chains: [] };
  }
  return { ...(await sandbox.inspect(flow)), dropped };
}

/** As the policies' table sees it: after the Service's address was replaced. */
function flowOf({ source, protocol }: Question, { address, port }: End) {
  const from = source.addresses.find(({ family }) => family === address.family);
  return { source: from?.text ?? "", destination: address.text, protocol, port };
}
