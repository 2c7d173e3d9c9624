import type { Cluster } from "../../cluster/cluster.ts";
import { isNetworked, policiesOf } from "../../cluster/pod-entry.ts";
import type { Direction, NetworkPolicy } from "../../model/network-policy.ts";
import { type Address, addressBits } from "../../net/address.ts";
import { cidrFromValue } from "../../net/cidr.ts";
import { acrossNodes } from "../across-nodes.ts";
import { flowProtocol } from "../flow-protocol.ts";
import type { FlowRecord } from "../flow-record.ts";
import type { FlowCount } from "../replay.ts";
import { mergeRules, sum } from "./merge-rules.ts";
import { Needs } from "./needs.ts";
import { PolicyNames } from "./policy-names.ts";
import { type SuggestedRule, suggestedRule } from "./suggested-rule.ts";
import { type Group, Workloads } from "./workloads.ts";

export interface SuggestOptions {
  /** The sides that get isolated. */
  readonly directions: readonly Direction[];
  /** Which workloads get a policy; all that took part in a flow when it is absent. */
  readonly wants?: (group: Group) => boolean;
  /** Prefix length that an address outside stands for, by family; the address alone where it is absent. */
  readonly aggregate?: { readonly 4?: number; readonly 6?: number };
  /** Leave out what policies in force allow already (default false: as if there were none). */
  readonly beside?: boolean;
  /**
   * Only the directions in which policies in force deny a flow, and there what they do not allow. Nothing is isolated that
   * they leave open, but for the other pods of a workload of which they isolate some (default false).
   */
  readonly onlyDenied?: boolean;
  /** Keep flows without ports, ICMP among them, which takes a rule for every port (default true). */
  readonly portless?: boolean;
  /** Mark the policies as staged. */
  readonly staged?: boolean;
}

export interface Suggestion {
  /** By namespace and name. */
  readonly policies: readonly SuggestedPolicy[];
  /** Flows that passed when they were recorded. */
  readonly recorded: FlowCount;
  /** Those that no suggestion can keep, by reason. */
  readonly notKept: readonly (FlowCount & { readonly because: string })[];
  /** Those without a port, when they were not to be kept. */
  readonly portless: FlowCount;
  /** Flows that were denied, and are no reason to allow anything. */
  readonly denied: FlowCount;
  /** Workloads beside those with a policy in the same namespaces, of which no flow was recorded: they stay as they are. */
  readonly silent: readonly string[];
}

export interface SuggestedPolicy {
  readonly policy: NetworkPolicy;
  readonly group: Group;
  /** By the place in the policy's lists. */
  readonly ingress: readonly SuggestedRule[];
  readonly egress: readonly SuggestedRule[];
  /** What is to be said of names: nobody was seen to ask for one, or by UDP only. */
  readonly dns?: "not-seen" | "udp-only";
}

/**
 * The smallest policies that keep the recorded flows that passed: one for each workload that took part, whose rules allow
 * what was recorded between workloads and outside addresses, and nothing else. No rule, peer or port can be taken away
 * without a flow being denied. Flows that nothing denies (to oneself, from the own node) need no rule and get none.
 */
export function suggest(
  cluster: Cluster,
  records: Iterable<FlowRecord>,
  options: SuggestOptions,
): Suggestion {
  const workloads = new Workloads(cluster);
  const needs = new Needs(cluster, workloads, (address) => widened(address, options.aggregate));
  const all = acrossNodes(records);
  const passed = all.filter(({ verdict }) => verdict === "allowed");
  const notKept = new Map<string, FlowRecord[]>();
  const left = options.portless === false ? passed.filter(isPortless) : [];
  for (const record of left.length === 0 ? passed : passed.filter((each) => !isPortless(each))) {
    const because = needs.add(record);
    if (because === undefined) continue;
    const others = notKept.get(because);
    if (others === undefined) notKept.set(because, [record]);
    else others.push(record);
  }
  const wanted = needs.groups().filter((group) => options.wants?.(group) ?? true);
  const names = new PolicyNames(cluster);
  const policies = wanted.flatMap((group) => suggestFor(group, needs, cluster, options, names));
  const seen = new Set(needs.groups());
  const namespaces = [...new Set(wanted.map(({ namespace }) => namespace))].sort();
  const silent = namespaces
    .flatMap((namespace) => workloads.in(namespace))
    .filter((group) => !seen.has(group) && (options.wants?.(group) ?? true));
  return {
    policies,
    recorded: counted(passed),
    notKept: [...notKept.keys()].sort().map((because) => ({ because, ...counted(notKept.get(because)!) })),
    portless: counted(left),
    denied: counted(all.filter(({ verdict }) => verdict === "denied")),
    silent: silent.flatMap(({ namespace, names: own }) => own.map((name) => `${namespace}/${name}`)),
  };
}

const isPortless = ({ protocol }: FlowRecord): boolean => flowProtocol(protocol) === "ICMP";

function suggestFor(
  group: Group,
  needs: Needs,
  cluster: Cluster,
  { directions, beside = false, onlyDenied = false, staged = false }: SuggestOptions,
  names: PolicyNames,
): readonly SuggestedPolicy[] {
  const adds = beside || onlyDenied;
  const rules: Record<Direction, readonly SuggestedRule[]> = { Ingress: [], Egress: [] };
  const policyTypes: Direction[] = [];
  for (const direction of ["Ingress", "Egress"] as const) {
    if (!directions.includes(direction)) continue;
    const side = needs.of(group, direction);
    if (onlyDenied && !side.denied) continue;
    const missing = adds ? side.needs.filter((need) => !side.covered.has(need)) : side.needs;
    if (beside && missing.length === 0 && !side.open && isIsolated(cluster, group, direction)) continue;
    policyTypes.push(direction);
    rules[direction] = mergeRules(missing).map((merged) => suggestedRule(merged, group.namespace));
  }
  if (policyTypes.length === 0) return [];
  const policy: NetworkPolicy = {
    kind: "NetworkPolicy",
    namespace: group.namespace,
    name: names.take(group),
    podSelector: group.selector,
    policyTypes,
    ingress: rules.Ingress.map(({ rule }) => rule),
    egress: rules.Egress.map(({ rule }) => rule),
    ...(staged ? { staged: true as const } : {}),
  };
  const dns = policyTypes.includes("Egress") && !adds ? dnsOf(rules.Egress) : undefined;
  return [{ policy, group, ingress: rules.Ingress, egress: rules.Egress, ...(dns && { dns }) }];
}

/** Whether policies in force isolate every pod of it, so that one more isolates none. */
function isIsolated(cluster: Cluster, { pods }: Group, direction: Direction): boolean {
  const present = pods.filter(isNetworked);
  const state = cluster.indexes();
  return present.length > 0 && present.every((pod) => policiesOf(state.entryFor(pod))[direction].length > 0);
}

/** Where names are asked for: the port of DNS, and where some clusters' DNS pods listen. */
const dnsPorts = [53, 5353];

function dnsOf(egress: readonly SuggestedRule[]): SuggestedPolicy["dns"] {
  const seen = (protocol: string) =>
    egress.some(({ rule: { ports } }) =>
      dnsPorts.some((dns) =>
        ports.some(
          ({ protocol: own, port, endPort = port }) =>
            own === protocol && Number(port) <= dns && dns <= Number(endPort),
        ),
      ),
    );
  if (egress.some(({ rule: { ports } }) => ports.length === 0) || seen("TCP")) return undefined;
  return seen("UDP") ? "udp-only" : "not-seen";
}

function widened(address: Address, aggregate: SuggestOptions["aggregate"] = {}) {
  const { family, value } = address;
  return cidrFromValue(family, value, aggregate[family] ?? addressBits[family]);
}

function counted(records: readonly FlowRecord[]): FlowCount {
  return sum(records.map(({ count }) => ({ flows: 1, connections: count })));
}
