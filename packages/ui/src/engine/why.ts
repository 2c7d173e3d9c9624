import {
  type AnswerJson,
  type AskedDestination,
  type AskedEnd,
  answerJson,
  answers,
  type Cluster,
  PortSet,
  parseAddress,
} from "@portcullis/engine";
import type { PicturePeer } from "./picture.ts";

/** One end of a question: a pod by `namespace/name`, or an address. */
export type PeerRef = { readonly pod: string } | { readonly address: string };

export function peerRef({ kind, example, cidrs }: PicturePeer): PeerRef {
  return kind === "workload" ? { pod: example } : { address: cidrs[0]!.replace(/\/.*$/, "") };
}

/**
 * Why one peer may reach another, or may not: all ports (or those of `within`), put together where the reasons are the
 * same. Undefined when one of them is not there any more.
 */
export function why(
  cluster: Cluster,
  source: PeerRef,
  destination: PeerRef,
  within: PortSet = PortSet.all,
): readonly AnswerJson[] | undefined {
  const [from, to] = [endOf(cluster, source), endOf(cluster, destination)];
  if (from === undefined || to === undefined) return undefined;
  const asked: AskedDestination = { ...to, ports: within };
  return answers(cluster, [from], [asked]).map((group) => answerJson(group));
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
