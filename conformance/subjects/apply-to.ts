import type { Cluster } from "@portcullis/engine";
import type { ModelChange } from "../model-world.ts";

export function applyTo(cluster: Cluster, changes: readonly ModelChange[]): void {
  for (const change of changes) {
    if (change.kind === "upsert") cluster.upsert(change.object);
    else cluster.delete(change.of, change.namespace, change.name);
  }
}
