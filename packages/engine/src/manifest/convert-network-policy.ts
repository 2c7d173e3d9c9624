import type { LabelSelector, SelectorOperator } from "../model/labels.ts";
import type { Direction, NetworkPolicy, Peer, PolicyPort, PolicyRule } from "../model/network-policy.ts";
import type { Protocol } from "../model/protocol.ts";
import { parseLegacyCidr } from "../net/legacy-cidr.ts";
import { type ConvertContext, type Locate, namespaceOf, rangeAt } from "./convert.ts";
import type { Path } from "./field-error.ts";
import { isStaged } from "./policy-mode.ts";
import type { RawLabelSelector } from "./schema-metadata.ts";
import type { RawNetworkPolicy, RawPeer, RawPolicyPort } from "./schema-network-policy.ts";

/**
 * Converts a decoded policy that validation has passed, and sets what the API server defaults (pkg/apis/networking/v1):
 * protocol TCP; policyTypes Ingress, and Egress when there are egress rules.
 */
export function convertNetworkPolicy(
  { metadata, spec = {} }: RawNetworkPolicy,
  context: ConvertContext,
): NetworkPolicy {
  const { locate, name } = context;
  const ingress = spec.ingress ?? [];
  const egress = spec.egress ?? [];
  return {
    kind: "NetworkPolicy",
    namespace: namespaceOf(metadata),
    name,
    podSelector: convertSelector(spec.podSelector),
    policyTypes: policyTypes(spec.policyTypes ?? [], egress.length > 0),
    ingress: ingress.map(({ from, ports }, index) =>
      convertRule(from, ports, "from", ["spec", "ingress", index], locate),
    ),
    egress: egress.map(({ to, ports }, index) =>
      convertRule(to, ports, "to", ["spec", "egress", index], locate),
    ),
    ...(isStaged(metadata) ? { staged: true as const } : {}),
    ...rangeAt(locate, []),
  };
}

function policyTypes(written: readonly string[], hasEgress: boolean): Direction[] {
  if (written.length === 0) return hasEgress ? ["Ingress", "Egress"] : ["Ingress"];
  return (["Ingress", "Egress"] as const).filter((type) => written.includes(type));
}

function convertRule(
  peers: readonly RawPeer[] = [],
  ports: readonly RawPolicyPort[] = [],
  side: "from" | "to",
  path: Path,
  locate: Locate,
): PolicyRule {
  return {
    peers: peers.map((peer, index) => convertPeer(peer, [...path, side, index], locate)),
    ports: ports.map((port, index) => convertPort(port, [...path, "ports", index], locate)),
    ...rangeAt(locate, path),
  };
}

function convertPeer({ podSelector, namespaceSelector, ipBlock }: RawPeer, path: Path, locate: Locate): Peer {
  if (ipBlock !== undefined) {
    return {
      kind: "ipBlock",
      cidr: cidrOf(ipBlock.cidr ?? ""),
      except: (ipBlock.except ?? []).map(cidrOf),
      ...rangeAt(locate, path),
    };
  }
  return {
    kind: "pods",
    ...(podSelector === undefined ? {} : { podSelector: convertSelector(podSelector) }),
    ...(namespaceSelector === undefined ? {} : { namespaceSelector: convertSelector(namespaceSelector) }),
    ...rangeAt(locate, path),
  };
}

function cidrOf(text: string) {
  const parsed = parseLegacyCidr(text);
  if (parsed === undefined) throw new Error(`validation let the prefix ${text} through`);
  return parsed.cidr;
}

function convertPort({ protocol, port, endPort }: RawPolicyPort, path: Path, locate: Locate): PolicyPort {
  return {
    protocol: (protocol ?? "TCP") as Protocol,
    ...(port === undefined ? {} : { port }),
    ...(endPort === undefined ? {} : { endPort }),
    ...rangeAt(locate, path),
  };
}

/** meta/v1 LabelSelector that was validated before; an absent one is the empty one. */
export function convertSelector({
  matchLabels = {},
  matchExpressions = [],
}: RawLabelSelector = {}): LabelSelector {
  return {
    matchLabels,
    matchExpressions: matchExpressions.map(({ key = "", operator, values = [] }) => ({
      key,
      operator: operator as SelectorOperator,
      values,
    })),
  };
}
