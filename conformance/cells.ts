import type { Case, Cell, Change, Topology } from "./case.ts";

/** A cell, and what else decides whether and how it can be asked. */
export interface AskableCell extends Cell {
  /** The source uses the node's network. */
  readonly onNode: boolean;
  /** The destination says that it listens there. */
  readonly served: boolean;
}

/**
 * Every ordered pair, a pod with itself included, by every port of the case: by the pod's address, and by its Service's
 * where it has one, in both families.
 */
export function cellsOf({ topology, ports }: Pick<Case, "topology" | "ports">): readonly AskableCell[] {
  const sources = topology.pods.map(({ ref, hostNetwork = false }) => ({ from: ref, onNode: hostNetwork }));
  if (topology.node) sources.push({ from: "node", onNode: true });
  const cells: AskableCell[] = [];
  for (const source of sources) {
    for (const { ref: to, hostNetwork = false, ports: own } of topology.pods) {
      for (const probe of ports) {
        const served = own.some((each) => each.port === probe.port && each.protocol === probe.protocol);
        const ways = served && !hostNetwork ? (["pod", "service"] as const) : (["pod"] as const);
        for (const via of ways)
          for (const family of [4, 6] as const) cells.push({ ...source, to, ...probe, family, via, served });
      }
    }
  }
  return cells;
}

/** With the pods that there are after the changes; the same object when they are the same pods. */
export function topologyAfter(topology: Topology, changes: readonly Change[]): Topology {
  let { pods } = topology;
  for (const change of changes) {
    if (change.kind === "create") pods = [...pods, change.pod];
    if (change.kind === "delete") pods = pods.filter(({ ref }) => ref !== change.pod);
  }
  return pods === topology.pods ? topology : { ...topology, pods };
}
