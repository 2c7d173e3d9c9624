import type { Cidr, LocalPod } from "@portcullis/engine";
import { type NodeFiles, ownFiles } from "./node-files.ts";
import { type LinkRoute, parseIpv4Routes, parseIpv6Routes } from "./routes.ts";

/** Tells the node's network devices that lead to pods: a bridge, or one for each pod. Sorted. */
export type PodLinks = (pods: readonly LocalPod[]) => Promise<readonly string[]>;

/**
 * By the node's routes: devices with a route inside the pods' prefixes, or to a pod's address alone. A wider route says
 * nothing of pods, nor does one to a router.
 */
export function podLinksByRoute(podCidrs: readonly Cidr[], files: NodeFiles = ownFiles): PodLinks {
  return async (pods) => {
    const routes = await linkRoutes(files);
    const addresses = new Set(
      pods.flatMap((pod) => pod.addresses.map(({ family, value }) => `${family} ${value}`)),
    );
    const leads = ({ destination: { family, first, last, prefix } }: LinkRoute): boolean =>
      podCidrs.some((cidr) => cidr.family === family && cidr.first <= first && last <= cidr.last) ||
      (prefix === (family === 4 ? 32 : 128) && addresses.has(`${family} ${first}`));
    return [...new Set(routes.filter(leads).map(({ device }) => device))].sort();
  };
}

/** Routes of both families to what is on the link itself. */
export async function linkRoutes(files: NodeFiles): Promise<readonly LinkRoute[]> {
  const [four, six] = await Promise.all(
    ["route", "ipv6_route"].map((name) => files.read(`/proc/net/${name}`)),
  );
  return [...parseIpv4Routes(four ?? ""), ...parseIpv6Routes(six ?? "")];
}
