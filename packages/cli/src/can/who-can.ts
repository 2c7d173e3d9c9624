import { type Cluster, PodLister, type WhoCan, whoCanBeReachedFrom, whoCanReach } from "@portcullis/engine";
import { parsePeer } from "../input/peer.ts";
import { parseTarget } from "../input/target.ts";
import { destinationsOf } from "./ask.ts";
import { sourcesOf } from "./find-peer.ts";

/** Reads what is asked about, and gives what answers it for a cluster. Both fail with CliError (exit code 2). */
export function whoCan(
  question: "reach" | "be-reached-from",
  asked: string,
  namespace: string,
): (cluster: Cluster, byPod: boolean) => WhoCan {
  const everybody = (cluster: Cluster, byPod: boolean) => ({
    cluster,
    reach: cluster.reachability(),
    lister: new PodLister(cluster, byPod),
  });
  if (question === "reach") {
    const target = parseTarget(asked, namespace);
    return (cluster, byPod) => {
      const { destinations } = destinationsOf(cluster, target);
      return {
        direction: "Ingress",
        asked,
        admissions: whoCanReach(everybody(cluster, byPod), destinations),
      };
    };
  }
  const peer = parsePeer(asked, namespace);
  return (cluster, byPod) => {
    const sources = sourcesOf(cluster, peer);
    return {
      direction: "Egress",
      asked,
      admissions: whoCanBeReachedFrom(everybody(cluster, byPod), sources),
    };
  };
}
