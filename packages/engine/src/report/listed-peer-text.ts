import type { ListedOutside, ListedPeer, ListedPods } from "../reach/listed-peer.ts";
import { addressesText } from "./text/addresses-text.ts";

/** Pods of a part of a workload that are named; the first tells the part from the others. */
const podsNamed = 3;

/**
 * A peer of a list in one word or a few: `shop/Deployment/web`, `shop/debug` for a pod,
 * `shop/StatefulSet/db[db-0,db-1]` for some pods of a workload, and addresses as `addressesText` has them. In one list
 * different peers have different texts.
 */
export function listedPeerText(peer: ListedPeer): string {
  if (peer.kind === "pods") return podsText(peer);
  let text = remembered.get(peer);
  if (text === undefined) {
    text = addressesText(peer.cidrs);
    remembered.set(peer, text);
  }
  return text;
}

/** What takes arithmetic on prefixes; there are few such peers. */
const remembered = new WeakMap<ListedOutside, string>();

function podsText({ namespace, workload, name, pods, whole }: ListedPods): string {
  const head = workload === "Pod" ? `${namespace}/${name}` : `${namespace}/${workload}/${name}`;
  if (whole) return head;
  const names = pods.slice(0, podsNamed).map((pod) => pod.name);
  if (pods.length > podsNamed) names.push(`+${pods.length - podsNamed}`);
  return `${head}[${names.join()}]`;
}
