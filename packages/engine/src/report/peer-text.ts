import type { NetworkPolicy, Peer } from "../model/network-policy.ts";
import { selectorText } from "../selector/selector.ts";

/**
 * A peer in words: `pods with role=db in namespace default`, `every pod in namespaces with project=x`,
 * `10.0.0.0/8 except 10.1.0.0/16`. The policy tells the namespace of a peer that names none.
 */
export function peerText(peer: Peer, policy: NetworkPolicy): string {
  if (peer.kind === "ipBlock") {
    const except = peer.except.map(({ text }) => text).join(", ");
    return `${peer.cidr.text}${except && ` except ${except}`}`;
  }
  const pods = peer.podSelector === undefined ? "*" : selectorText(peer.podSelector);
  const who = pods === "*" ? "every pod" : `pods with ${pods}`;
  if (peer.namespaceSelector === undefined) return `${who} in namespace ${policy.namespace}`;
  const namespaces = selectorText(peer.namespaceSelector);
  return namespaces === "*" ? `${who} in any namespace` : `${who} in namespaces with ${namespaces}`;
}
