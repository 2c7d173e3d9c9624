import {
  type Cidr,
  type Direction,
  type LabelSelector,
  type LabelSelectorRequirement,
  type NetworkPolicy,
  type PolicyRule,
  parseCidr,
} from "@portcullis/engine";
import type { Random } from "./random.ts";

export const apps = Array.from({ length: 10 }, (_, i) => `app${i}`);
export const tiers = ["web", "api", "db", "cache"];
export const teams = ["t0", "t1", "t2", "t3", "t4"];
export const environments = ["prod", "dev", "stage"];

const outside = Array.from({ length: 8 }, (_, i) => `${20 + i * 9}.${(i * 67) % 256}`);

/**
 * The policy with this place in a cycle of twenty, as clusters have them: two default-deny of ingress, one of a tier in
 * both directions, seven app-to-app in the namespace, three from other namespaces by team and tier, two with
 * expressions, one with a named port, two egress with DNS, one ingress and one egress ipBlock.
 */
export function policyOfMix(place: number, namespace: string, random: Random): NetworkPolicy {
  const name = `np${String(place).padStart(5, "0")}`;
  return { kind: "NetworkPolicy", namespace, name, ...spec(place % 20, random) };
}

type Spec = Omit<NetworkPolicy, "kind" | "namespace" | "name">;

function spec(kind: number, random: Random): Spec {
  if (kind < 2) return isolate(labels({}), ["Ingress"]);
  if (kind === 2) return isolate(labels({ tier: "db" }), ["Ingress", "Egress"]);
  const podSelector = kind === 13 || kind === 14 ? twoTiers(random) : anApp(random);
  return kind < 16 || kind === 18
    ? { podSelector, policyTypes: ["Ingress"], ingress: [ingressRule(kind, random)], egress: [] }
    : { podSelector, policyTypes: ["Egress"], ingress: [], egress: egressRules(kind, random) };
}

function ingressRule(kind: number, random: Random): PolicyRule {
  if (kind < 10) {
    const port = random.pick([80, 8080, 443]);
    return { peers: [{ kind: "pods", podSelector: anApp(random) }], ports: [{ protocol: "TCP", port }] };
  }
  if (kind < 13) {
    const namespaceSelector = labels({ team: random.pick(teams) });
    return {
      peers: [{ kind: "pods", namespaceSelector, podSelector: labels({ tier: random.pick(tiers) }) }],
      ports: [
        { protocol: "TCP", port: 80 },
        { protocol: "UDP", port: 53 },
      ],
    };
  }
  if (kind < 15) {
    const namespaceSelector = expression("env", "NotIn", ["dev"]);
    const podSelector = expression("app", "NotIn", [random.pick(apps)]);
    return { peers: [{ kind: "pods", namespaceSelector, podSelector }], ports: [] };
  }
  if (kind === 15) {
    return {
      peers: [{ kind: "pods", namespaceSelector: labels({}) }],
      ports: [{ protocol: "TCP", port: "web" }],
    };
  }
  const prefix = random.pick(outside);
  return {
    peers: [{ kind: "ipBlock", cidr: cidr(`${prefix}.0.0/16`), except: [cidr(`${prefix}.128.0/17`)] }],
    ports: [{ protocol: "TCP", port: 443 }],
  };
}

function egressRules(kind: number, random: Random): readonly PolicyRule[] {
  if (kind === 19) {
    return [
      {
        peers: [{ kind: "ipBlock", cidr: cidr(`${random.pick(outside)}.0.0/16`), except: [] }],
        ports: [{ protocol: "TCP", port: 30_000, endPort: 32_767 }],
      },
    ];
  }
  return [
    { peers: [{ kind: "pods", podSelector: anApp(random) }], ports: [{ protocol: "TCP", port: 80 }] },
    {
      peers: [{ kind: "pods", namespaceSelector: labels({ "kubernetes.io/metadata.name": "kube-system" }) }],
      ports: [{ protocol: "UDP", port: 53 }],
    },
  ];
}

function isolate(podSelector: LabelSelector, policyTypes: readonly Direction[]): Spec {
  return { podSelector, policyTypes, ingress: [], egress: [] };
}

function anApp(random: Random): LabelSelector {
  return labels({ app: random.pick(apps) });
}

function twoTiers(random: Random): LabelSelector {
  const first = random.integer(tiers.length);
  const second = (first + 1 + random.integer(tiers.length - 1)) % tiers.length;
  return expression("tier", "In", [tiers[first]!, tiers[second]!]);
}

function labels(matchLabels: Record<string, string>): LabelSelector {
  return { matchLabels, matchExpressions: [] };
}

function expression(
  key: string,
  operator: LabelSelectorRequirement["operator"],
  values: readonly string[],
): LabelSelector {
  return { matchLabels: {}, matchExpressions: [{ key, operator, values }] };
}

function cidr(text: string): Cidr {
  const parsed = parseCidr(text);
  if (parsed === undefined) throw new Error(`not a prefix: ${text}`);
  return parsed;
}
