import { modeAnnotation } from "../../manifest/policy-mode.ts";
import type { LabelSelector } from "../../model/labels.ts";
import type { NetworkPolicy, Peer, PolicyPort, PolicyRule } from "../../model/network-policy.ts";

/** The policy as the API object that it is. */
export function policyManifest(policy: NetworkPolicy) {
  const { namespace, name, podSelector, policyTypes, ingress, egress, staged } = policy;
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace, ...(staged && { annotations: { [modeAnnotation]: "staged" } }) },
    spec: {
      podSelector: selectorJson(podSelector),
      policyTypes: [...policyTypes],
      ...(policyTypes.includes("Ingress") && { ingress: ingress.map((rule) => ruleJson(rule, "from")) }),
      ...(policyTypes.includes("Egress") && { egress: egress.map((rule) => ruleJson(rule, "to")) }),
    },
  };
}

function ruleJson({ peers, ports }: PolicyRule, side: "from" | "to") {
  return {
    ...(peers.length > 0 && { [side]: peers.map(peerJson) }),
    ...(ports.length > 0 && { ports: ports.map(portJson) }),
  };
}

function peerJson(peer: Peer) {
  if (peer.kind === "ipBlock") {
    const except = peer.except.map(({ text }) => text);
    return { ipBlock: { cidr: peer.cidr.text, ...(except.length > 0 && { except }) } };
  }
  const { namespaceSelector, podSelector } = peer;
  return {
    ...(namespaceSelector && { namespaceSelector: selectorJson(namespaceSelector) }),
    ...(podSelector && { podSelector: selectorJson(podSelector) }),
  };
}

function portJson({ protocol, port, endPort }: PolicyPort) {
  return { protocol, ...(port !== undefined && { port }), ...(endPort !== undefined && { endPort }) };
}

function selectorJson({ matchLabels, matchExpressions }: LabelSelector) {
  return {
    ...(Object.keys(matchLabels).length > 0 && { matchLabels: { ...matchLabels } }),
    ...(matchExpressions.length > 0 && {
      matchExpressions: matchExpressions.map(({ key, operator, values }) => ({
        key,
        operator,
        ...(values.length > 0 && { values: [...values] }),
      })),
    }),
  };
}
