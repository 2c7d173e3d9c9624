import type { Direction } from "../model/network-policy.ts";
import type { Pod } from "../model/objects.ts";
import { PortSet } from "../net/port-set.ts";
import { headOf, isAlone, type ListedPods } from "../reach/listed-peer.ts";
import type { PeerClass } from "../reach/peer-class.ts";
import type { Reachability } from "../reach/reachability.ts";

/** A workload or pod that is in one of two states only. */
export interface LonePeer {
  readonly peer: ListedPods;
  /** Who may reach it (Ingress), and whom it may reach (Egress). */
  readonly reach: Readonly<Record<Direction, ReachSummary>>;
}

export interface ReachSummary {
  /** How many pods of the cluster, itself not counted, on at least one port. */
  readonly pods: number;
  /** Whether addresses outside are among the others: all of them, some, or none. */
  readonly outside: "all" | "some" | "none";
  /** On any of these ports. */
  readonly ports: PortSet;
}

/** The pods by workload, each with what it may reach in this state. Pods that policies treat differently are told apart. */
export function lonePeers(reach: Reachability, pods: readonly Pod[], byPod: boolean): readonly LonePeer[] {
  const groups = new Map<string, { readonly pods: Pod[]; readonly class: PeerClass }>();
  const parts = new Map<string, number>();
  for (const pod of pods) {
    const { namespace, workload, name } = headOf(pod, byPod);
    const own = reach.classOf(pod)!;
    const head = `${namespace} ${workload} ${name}`;
    const key = `${head} ${own.index}`;
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, { pods: [pod], class: own });
      parts.set(head, (parts.get(head) ?? 0) + 1);
    } else group.pods.push(pod);
  }
  const memo = new Map<PeerClass, LonePeer["reach"]>();
  return [...groups.values()].map((group) => {
    const head = headOf(group.pods[0]!, byPod);
    let summary = memo.get(group.class);
    if (summary === undefined) {
      summary = {
        Ingress: summarise(reach, group.class, "Ingress"),
        Egress: summarise(reach, group.class, "Egress"),
      };
      memo.set(group.class, summary);
    }
    const whole = parts.get(`${head.namespace} ${head.workload} ${head.name}`) === 1;
    return { peer: { kind: "pods", ...head, pods: group.pods, whole }, reach: summary };
  });
}

function summarise(reach: Reachability, subject: PeerClass, direction: Direction): ReachSummary {
  let [pods, outside, reached] = [0, 0, 0];
  let all = PortSet.none;
  for (const other of reach.classes) {
    const ports = direction === "Ingress" ? reach.ports(other, subject) : reach.ports(subject, other);
    if (other.pods.length === 0) outside++;
    if (ports.isEmpty) continue;
    if (other.pods.length === 0) reached++;
    pods += other.pods.length - (other === subject ? 1 : 0);
    if (other !== subject || !isAlone(other)) all = all.union(ports);
  }
  return { pods, outside: reached === 0 ? "none" : reached === outside ? "all" : "some", ports: all };
}
