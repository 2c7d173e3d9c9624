import { type ClusterObject, type OracleCluster, oracle } from "@portcullis/engine";
import type { ModelChange } from "../model-world.ts";
import type { Subject } from "../run.ts";
import { openModel } from "./model.ts";

/** The literal reading of the API text. A Service is nothing to it: a policy sees the pod behind. */
export const oracleSubject: Subject = {
  name: "oracle",
  excuse: () => undefined,
  open: (topology) => {
    const objects = new Map<string, ClusterObject>();
    let cluster = clusterOf(objects);
    return openModel(topology, {
      apply: async (changes) => {
        for (const change of changes) keep(objects, change);
        cluster = clusterOf(objects);
      },
      judge: (_, flow) => oracle(cluster, flow),
    });
  },
};

function keep(objects: Map<string, ClusterObject>, change: ModelChange): void {
  if (change.kind === "delete") objects.delete(`${change.of} ${change.namespace}/${change.name}`);
  else {
    const { object } = change;
    objects.set(`${object.kind} ${"namespace" in object ? object.namespace : ""}/${object.name}`, object);
  }
}

function clusterOf(objects: ReadonlyMap<string, ClusterObject>): OracleCluster {
  const all = [...objects.values()];
  return {
    namespaces: all.filter((each) => each.kind === "Namespace"),
    nodes: all.filter((each) => each.kind === "Node"),
    pods: all.filter((each) => each.kind === "Pod"),
    policies: all.filter((each) => each.kind === "NetworkPolicy"),
  };
}
