import {
  type AnswerJson,
  type AskedDestination,
  type AskedEnd,
  answerJson,
  answers,
  type Cluster,
  PortSet,
  parseAddress,
  portSetText,
} from "@portcullis/engine";
import { examplePort } from "./example-port.ts";
import type { PeerRef } from "./picture.ts";

/** Flows that are judged alike, and their ports in words. */
export interface WhyAnswer extends AnswerJson {
  readonly portsText: string;
}

/**
 * Why one peer may reach another, or may not: all ports (or those of `within`), put together where the reasons are the
 * same, what is allowed first. Undefined when one of them is not there any more.
 */
export function why(
  cluster: Cluster,
  source: PeerRef,
  destination: PeerRef,
  within: PortSet = PortSet.all,
): readonly WhyAnswer[] | undefined {
  const [from, to] = [endOf(cluster, source), endOf(cluster, destination)];
  if (from === undefined || to === undefined) return undefined;
  const asked: AskedDestination = { ...to, ports: within };
  return answers(cluster, [from], [asked])
    .map((group) => {
      const { flow } = group.verdict;
      // Any port of the group would do: this one says something to people.
      const verdict = cluster.evaluate({ ...flow, ...examplePort(group.ports, flow.destination.pod) });
      return { ...answerJson({ ...group, verdict }), portsText: portSetText(group.ports) };
    })
    .sort((a, b) => Number(b.allowed) - Number(a.allowed));
}

function endOf(cluster: Cluster, ref: PeerRef): AskedEnd | undefined {
  if ("address" in ref) {
    const address = parseAddress(ref.address);
    return address === undefined ? undefined : { endpoint: { address } };
  }
  const slash = ref.pod.indexOf("/");
  const pod = cluster.get("Pod", ref.pod.slice(0, slash), ref.pod.slice(slash + 1));
  return pod === undefined ? undefined : { endpoint: { pod } };
}
