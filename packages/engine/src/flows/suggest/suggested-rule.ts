import { groupBy } from "../../group-by.ts";
import type { LabelSelector } from "../../model/labels.ts";
import type { Peer, PolicyPort, PolicyRule } from "../../model/network-policy.ts";
import type { Protocol } from "../../model/protocol.ts";
import { type Cidr, cidrWithin } from "../../net/cidr.ts";
import { subtractAndMerge } from "../../net/cidr-set.ts";
import { selectorText } from "../../selector/selector.ts";
import type { FlowCount } from "../replay.ts";
import { type MergedRule, sum } from "./merge-rules.ts";
import type { NeededPort } from "./needs.ts";
import type { Group } from "./workloads.ts";

/** A rule, and what was recorded of each of its parts. */
export interface SuggestedRule extends FlowCount {
  readonly rule: PolicyRule;
  /** By the place in the rule's `peers`. */
  readonly peers: readonly (FlowCount & { readonly names: readonly string[] })[];
  /** By the place in the rule's `ports`. */
  readonly ports: readonly FlowCount[];
}

/** A merged rule as an API object of a namespace has it. */
export function suggestedRule(merged: MergedRule, namespace: string): SuggestedRule {
  const peers = [...podPeers(merged, namespace), ...blockPeers(merged)];
  const ports = portRanges(merged.ports);
  return {
    rule: { peers: peers.map(({ peer }) => peer), ports: ports.map(({ port }) => port) },
    peers: peers.map(({ names, flows, connections }) => ({ names, flows, connections })),
    ports: ports.map(({ flows, connections }) => ({ flows, connections })),
    flows: merged.flows,
    connections: merged.connections,
  };
}

interface CountedPeer extends FlowCount {
  readonly peer: Peer;
  /** Who that is: `Deployment/web`, `data/StatefulSet/db`; none for a block. */
  readonly names: readonly string[];
}

/** The own namespace first; the same selector in several other namespaces is one peer. */
function podPeers({ peers }: MergedRule, namespace: string): readonly CountedPeer[] {
  const groups = peers.flatMap(({ peer, ...count }) =>
    peer.kind === "group" ? [{ group: peer.group, ...count }] : [],
  );
  const own = groups.filter(({ group }) => group.namespace === namespace);
  const alike = groupBy(
    groups.filter(({ group }) => group.namespace !== namespace),
    ({ group }) => selectorText(group.selector),
  );
  return [
    ...own.map(({ group, flows, connections }) => ({
      peer: { kind: "pods" as const, podSelector: group.selector },
      names: group.names,
      flows,
      connections,
    })),
    ...[...alike.values()].map((same) => ({
      peer: {
        kind: "pods" as const,
        namespaceSelector: namespacesNamed(same.map(({ group }) => group.namespace)),
        podSelector: same[0]!.group.selector,
      },
      names: same.flatMap(({ group }) => fullNames(group)),
      ...sum(same),
    })),
  ];
}

const fullNames = ({ namespace, names }: Group): readonly string[] =>
  names.map((name) => `${namespace}/${name}`);

function namespacesNamed(names: readonly string[]): LabelSelector {
  const key = "kubernetes.io/metadata.name";
  const [only, ...more] = [...new Set(names)].sort();
  if (more.length === 0) return { matchLabels: { [key]: only! }, matchExpressions: [] };
  return { matchLabels: {}, matchExpressions: [{ key, operator: "In", values: [only!, ...more] }] };
}

/** Neighbours joined where the result holds no other address. */
function blockPeers({ peers }: MergedRule): readonly CountedPeer[] {
  const blocks = peers.flatMap(({ peer, ...count }) =>
    peer.kind === "block" ? [{ cidr: peer.cidr, ...count }] : [],
  );
  return subtractAndMerge(blocks.map(({ cidr }) => ({ cidr, except: [] }))).map((cidr: Cidr) => ({
    peer: { kind: "ipBlock" as const, cidr, except: [] },
    names: [],
    ...sum(blocks.filter((block) => cidrWithin(block.cidr, cidr))),
  }));
}

/** Ports in a row that are worth a range: two are as easily listed. */
const worthRange = 3;

function portRanges(ports: MergedRule["ports"]): readonly (FlowCount & { readonly port: PolicyPort })[] {
  const runs: (FlowCount & { readonly port: NeededPort })[][] = [];
  for (const each of ports) {
    const last = runs.at(-1)?.at(-1)?.port;
    const follows = last?.protocol === each.port.protocol && last.port + 1 === each.port.port;
    if (follows) runs.at(-1)!.push(each);
    else runs.push([each]);
  }
  return runs.flatMap((run) => {
    if (run.length < worthRange) return run.map((each) => ({ ...sum([each]), port: policyPort(each.port) }));
    return [{ ...sum(run), port: { ...policyPort(run[0]!.port), endPort: run.at(-1)!.port.port } }];
  });
}

const policyPort = ({ protocol, port }: NeededPort): PolicyPort => ({ protocol: protocol as Protocol, port });
