import type { FleetNode, ListedPolicy } from "./fleet.ts";

/** A policy that the API does not have any more, and that nodes still enforce. */
export interface LeftOver {
  readonly id: number;
  readonly resourceVersion: string;
  /** By name. */
  readonly nodes: readonly FleetNode[];
}

/**
 * What nodes enforce of policies that are not listed. `policies` are all that the API had at `revision`: what is newer is
 * not looked at.
 */
export function leftOvers(
  nodes: Iterable<FleetNode>,
  policies: readonly ListedPolicy[],
  revision: bigint,
): readonly LeftOver[] {
  const listed = new Set(policies.map(({ id }) => id));
  const found = new Map<number, { version: bigint; nodes: FleetNode[] }>();
  for (const node of nodes) {
    for (const { id, resourceVersion } of node.selected.values()) {
      if (listed.has(id) || resourceVersion > revision) continue;
      const known = found.get(id);
      if (known === undefined) found.set(id, { version: resourceVersion, nodes: [node] });
      else known.nodes.push(node);
    }
  }
  return [...found].map(([id, { version, nodes: having }]) => ({
    id,
    resourceVersion: String(version),
    nodes: having.sort((a, b) => (a.name < b.name ? -1 : 1)),
  }));
}
