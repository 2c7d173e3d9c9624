import { Cluster, type ClusterObject } from "@portcullis/engine";

/** The last of several objects of one name counts. */
export function clusterOf(objects: Iterable<ClusterObject>): Cluster {
  const cluster = new Cluster();
  for (const object of objects) cluster.upsert(object);
  return cluster;
}
