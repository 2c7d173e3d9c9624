import type {
  Cluster,
  Disagreement,
  Verification,
  VerifiedAssertion,
  VerifiedPair,
  VerifiedPort,
} from "@portcullis/engine";
import type { StandIns } from "./expand.ts";
import type { Answer } from "./probe-all.ts";
import { podName } from "./question.ts";

export interface Findings {
  readonly standIns: StandIns;
  readonly cluster: Cluster;
  /** Every pair, on the ports that pods are probed on. */
  readonly matrix: readonly Answer[];
  readonly probes: number;
  readonly disagreements: readonly Disagreement[];
  readonly assertions: readonly VerifiedAssertion[];
  readonly notes: readonly string[];
}

/** The findings as data for reports: the addresses of a pair are put together, in order of names. */
export function toVerification(findings: Findings): Verification {
  const { standIns, cluster, matrix, probes, disagreements, assertions, notes } = findings;
  const pairs = pairsOf(matrix);
  const services = pairs.filter(({ kind }) => kind === "service").map(({ to }) => to);
  return {
    pods: standIns.pods.map(({ namespace, name, group }) => ({
      name: `${namespace}/${name}`,
      group,
      addresses: (cluster.get("Pod", namespace, name)?.addresses ?? []).map(({ text }) => text),
    })),
    services: [...new Set(services)].sort(),
    policies: standIns.policies.length,
    notes: [...standIns.notes, ...notes],
    notProbed: standIns.notProbed,
    pairs,
    disagreements,
    assertions,
    probes,
  };
}

function pairsOf(answers: readonly Answer[]): VerifiedPair[] {
  const pairs = new Map<string, { pair: Omit<VerifiedPair, "ports">; ports: Map<string, VerifiedPort> }>();
  for (const answer of answers) {
    const { source, target, protocol, port } = answer.question;
    const from = podName(source);
    const kind = "pod" in target ? "pod" : "service";
    const to = podName("pod" in target ? target.pod : target.service);
    const key = `${from} ${kind} ${to}`;
    let known = pairs.get(key);
    if (known === undefined) {
      known = { pair: { from, to, kind }, ports: new Map() };
      pairs.set(key, known);
    }
    const portKey = `${String(port).padStart(5)} ${protocol}`;
    known.ports.set(portKey, merged(known.ports.get(portKey), answer));
  }
  return sortedBy(pairs).map(({ pair, ports }) => ({ ...pair, ports: sortedBy(ports) }));
}

/** One port at one more address. */
function merged(
  earlier: VerifiedPort | undefined,
  { question, expectation, confirmed }: Answer,
): VerifiedPort {
  const { protocol, port } = question;
  const { predicted } = expectation;
  if (earlier === undefined) return { protocol, port, predicted, confirmed };
  return {
    ...earlier,
    predicted: earlier.predicted === predicted ? predicted : "some",
    confirmed: earlier.confirmed && confirmed,
  };
}

function sortedBy<T>(map: ReadonlyMap<string, T>): T[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}
