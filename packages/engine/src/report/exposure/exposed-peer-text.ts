import type { PortCover } from "../../cover/port-cover.ts";
import type { ExposedPeer } from "../../exposure/exposed-peer.ts";
import { listedPeerText } from "../listed-peer-text.ts";
import { portSetText } from "../port-set-text.ts";
import { listed } from "../verdict/words.ts";

/** `pods with app=web in namespaces with team=x`, `every pod in namespace shop`, `10.0.0.0/8`, `anyone`. */
export function exposedPeerText(peer: ExposedPeer): string {
  if (peer.kind === "anyone") return "anyone, inside and outside";
  if (peer.kind === "addresses") return listedPeerText({ kind: "outside", cidrs: peer.cidrs });
  const who = peer.pods.text === "*" ? "every pod" : `pods with ${peer.pods.text}`;
  if ("name" in peer.namespaces) return `${who} in namespace ${peer.namespaces.name}`;
  const { text, requirements } = peer.namespaces.selector;
  const [only, more] = requirements;
  // Every namespace has this label, and only itself has its name.
  if (only?.key === "kubernetes.io/metadata.name" && only.operator === "In" && more === undefined)
    return `${who} in ${only.values.length === 1 ? "namespace" : "namespaces"} ${listed(only.values)}`;
  return text === "*" ? `${who} in any namespace` : `${who} in namespaces with ${text}`;
}

/** `TCP 80 UDP 53`, with names that each destination resolves for itself: `TCP 80 TCP "http"`. */
export function portCoverText({ numbers, names }: PortCover): string {
  const named = [...names].sort().map((name) => {
    const space = name.indexOf(" ");
    return `${name.slice(0, space)} "${name.slice(space + 1)}"`;
  });
  if (named.length === 0) return portSetText(numbers);
  return numbers.isEmpty ? named.join(" ") : `${portSetText(numbers)} ${named.join(" ")}`;
}
