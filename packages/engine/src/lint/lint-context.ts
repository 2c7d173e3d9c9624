import type { Cluster } from "../cluster/cluster.ts";
import type { ClusterState } from "../cluster/cluster-state.ts";
import type { PolicyEntry } from "../cluster/policy-entry.ts";
import { fieldPath, type Path } from "../manifest/field-error.ts";
import type { LeftOut } from "../manifest/read-document.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { NetworkPolicy } from "../model/network-policy.ts";
import type { ClusterObject, Pod } from "../model/objects.ts";
import type { SourceRange } from "../model/source.ts";
import type { Cidr } from "../net/cidr.ts";
import type { Place } from "./lint-rule.ts";
import { ManifestSource } from "./manifest-source.ts";

/** What was read, as far as it goes beyond the cluster's objects. Absent for a live cluster. */
export interface LintedManifests {
  readonly objects: readonly ClusterObject[];
  /** The same objects as plain data, in the same order. */
  readonly values: readonly unknown[];
  readonly diagnostics: readonly Diagnostic[];
  /** Objects of kinds that the engine knows nothing of. */
  readonly passedOver: readonly LeftOut[];
  /** These as plain data that nothing was checked of, as far as they have a name. */
  readonly others: readonly unknown[];
  /** Source by file name. */
  readonly texts: ReadonlyMap<string, string>;
}

/** What the user knows of the cluster and the manifests do not say. */
export interface LintAssumptions {
  /** Namespaces that are there beside those of the manifests, with pods and labels that we do not see. */
  readonly namespaces: readonly string[];
  /** Addresses that pods, and Services, have in the cluster. */
  readonly podCidrs: readonly Cidr[];
  readonly serviceCidrs: readonly Cidr[];
}

const nothingRead: LintedManifests = {
  objects: [],
  values: [],
  diagnostics: [],
  passedOver: [],
  others: [],
  texts: new Map(),
};

/** Namespaces of every cluster; what runs in them is seldom among a user's manifests. */
export const systemNamespaces = ["kube-system", "kube-public", "kube-node-lease"];

/** What the rules look at. What several of them need is computed once. */
export class LintContext {
  readonly cluster: Cluster;
  readonly state: ClusterState;
  readonly manifests: LintedManifests;
  readonly assumptions: LintAssumptions;
  readonly source: ManifestSource;
  /** By `namespace/name`. */
  readonly policies: readonly PolicyEntry[];
  /** Without any pod nothing can be said about what selectors find. */
  readonly knowsPods: boolean;
  /** Whether a rule is run: what one tells another need not, but only then. */
  readonly isOn: (code: string) => boolean;
  readonly #values: ReadonlyMap<object, unknown>;
  readonly #memos = new Map<unknown, unknown>();

  constructor(
    cluster: Cluster,
    manifests: LintedManifests | undefined,
    assumptions: LintAssumptions,
    isOn: (code: string) => boolean,
  ) {
    this.isOn = isOn;
    this.cluster = cluster;
    this.state = cluster.indexes();
    this.manifests = manifests ?? nothingRead;
    this.assumptions = assumptions;
    this.source = new ManifestSource(this.manifests.texts);
    this.policies = this.state.policies.values();
    this.knowsPods = this.state.pods.size > 0;
    const { objects, values } = this.manifests;
    this.#values = new Map(objects.map((object, index) => [object, values[index]]));
  }

  /** What `make` gives for this context, made once. */
  once<T>(make: (context: LintContext) => T): T {
    if (!this.#memos.has(make)) this.#memos.set(make, make(this));
    return this.#memos.get(make) as T;
  }

  /** The object as it was written; undefined when it was not read from a manifest. */
  written(object: ClusterObject): unknown {
    return this.#values.get(object);
  }

  /** Whether a namespace may hold pods, and carry labels, that are not in the manifests. */
  isElsewhere(namespace: string): boolean {
    if (this.assumptions.namespaces.includes(namespace)) return true;
    return systemNamespaces.includes(namespace) && this.cluster.pods(namespace).length === 0;
  }

  /** A part of a policy; of its nearest ancestor that is written, when it is not. */
  at(policy: NetworkPolicy, path: Path = [], part: "value" | "key" = "value"): Place {
    const range = part === "value" ? rememberedRange(policy, path) : undefined;
    const found = range ?? (policy.range && (this.source.locate(policy.range, path, part) ?? policy.range));
    return {
      object: `NetworkPolicy ${policy.namespace}/${policy.name}`,
      path: fieldPath(path),
      ...(found && { range: found }),
    };
  }

  atPod(pod: Pod): Place {
    const { workload, namespace, name, range } = pod;
    return { object: `${workload?.kind ?? "Pod"} ${namespace}/${name}`, path: "", ...(range && { range }) };
  }
}

/** The place of a policy, a rule, a peer or a port, which the model remembers itself. */
function rememberedRange(policy: NetworkPolicy, path: Path): SourceRange | undefined {
  const [spec, side, index, list, item, ...deeper] = path;
  if (spec === undefined) return policy.range;
  if ((side !== "ingress" && side !== "egress") || typeof index !== "number" || deeper.length > 0)
    return undefined;
  const rule = policy[side][index];
  if (list === undefined) return rule?.range;
  if (typeof item !== "number") return undefined;
  return (list === "ports" ? rule?.ports : rule?.peers)?.[item]?.range;
}
