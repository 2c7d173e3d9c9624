import type { Selection } from "../cluster/selection.ts";
import { impossibleKey, labelSpace } from "../cover/label-space.ts";
import type { Path } from "../manifest/field-error.ts";
import type { Labels } from "../model/labels.ts";
import type { NetworkPolicy } from "../model/network-policy.ts";
import type { Namespace, Pod } from "../model/objects.ts";
import { type CompiledSelector, selects } from "../selector/selector.ts";
import { type LabelHint, labelHint } from "./label-hint.ts";
import { type LintContext, systemNamespaces } from "./lint-context.ts";
import { walkPeers } from "./walk.ts";
import { withoutNamespace } from "./without-namespace.ts";

/** A selector of a policy that finds no pod, and the reason as far as it can be told. Each is told by one rule. */
export interface EmptySelection {
  readonly policy: NetworkPolicy;
  readonly selection: Selection;
  /** Of the policy's podSelector or of the peer. */
  readonly path: Path;
  readonly isPeer: boolean;
  readonly reason: EmptyReason;
}

type EmptyReason =
  | { readonly kind: "impossible"; readonly part: SelectorPart; readonly key: string }
  | { readonly kind: "typo"; readonly part: SelectorPart; readonly hint: LabelHint }
  | { readonly kind: "no-namespace"; readonly selector: CompiledSelector }
  | { readonly kind: "host-network"; readonly pods: readonly Pod[] }
  /** `elsewhere`: namespaces that have such pods. */
  | { readonly kind: "no-pod"; readonly elsewhere: readonly string[] };

export type SelectorPart = "podSelector" | "namespaceSelector";

/** By policy and place. Selectors that may find something that is not among the manifests are left out. */
export function emptySelections(context: LintContext): readonly EmptySelection[] {
  const found: EmptySelection[] = [];
  const reasons = new Map<Selection, EmptyReason | undefined>();
  const reasonFor = (selection: Selection) => {
    if (selection.members.size > 0) return undefined;
    if (!reasons.has(selection)) reasons.set(selection, reasonOf(context, selection));
    return reasons.get(selection);
  };
  // These select nobody because they are nowhere, which is told.
  const misplaced = context.isOn("missing-namespace") ? context.once(withoutNamespace) : new Set();
  for (const { policy, subject } of context.policies) {
    if (misplaced.has(policy)) continue;
    const reason = reasonFor(subject);
    const path = ["spec", "podSelector"];
    if (reason !== undefined) found.push({ policy, selection: subject, path, isPeer: false, reason });
  }
  for (const { policy, peerEntry, peerPath } of walkPeers(context)) {
    if (misplaced.has(policy) || peerEntry.kind === "ipBlock" || peerEntry.selection === undefined) continue;
    const reason = reasonFor(peerEntry.selection);
    if (reason !== undefined)
      found.push({ policy, selection: peerEntry.selection, path: peerPath, isPeer: true, reason });
  }
  return found;
}

function reasonOf(context: LintContext, { scope, pods }: Selection): EmptyReason | undefined {
  const overNamespaces = "namespaces" in scope ? scope.namespaces : undefined;
  const impossible =
    impossiblePart("podSelector", pods) ??
    (overNamespaces && impossiblePart("namespaceSelector", overNamespaces));
  if (impossible !== undefined) return impossible;
  if (!context.knowsPods) return undefined;
  const namespaces = inScope(context, scope);
  if (namespaces === undefined) return misspeltAnyway(context, overNamespaces, pods);
  if (overNamespaces !== undefined && namespaces.length === 0) {
    const hint = labelHint(
      overNamespaces,
      context.cluster.namespaces().map(({ labels }) => labels),
    );
    if (hint !== undefined && context.isOn("misspelt-label"))
      return { kind: "typo", part: "namespaceSelector", hint };
    return { kind: "no-namespace", selector: overNamespaces };
  }
  const byNamespace = context.once(labelSetsByNamespace);
  const present = namespaces.flatMap(({ name }) => byNamespace.get(name) ?? []);
  const onHost = present.flatMap((each) => each.onHost).filter(({ labels }) => selects(pods, labels));
  if (onHost.length > 0) return { kind: "host-network", pods: onHost };
  const hint = labelHint(pods, distinct(present));
  if (hint !== undefined && context.isOn("misspelt-label"))
    return { kind: "typo", part: "podSelector", hint };
  const elsewhere = [...byNamespace].filter(([, { sets }]) => sets.some((labels) => selects(pods, labels)));
  return { kind: "no-pod", elsewhere: elsewhere.map(([name]) => name).sort() };
}

/** Somebody may match whom we do not see; but of a label that somebody here has nearly so, it is unlikely. */
function misspeltAnyway(
  context: LintContext,
  over: CompiledSelector | undefined,
  pods: CompiledSelector,
): EmptyReason | undefined {
  const byNamespace = context.once(labelSetsByNamespace);
  const seen = context.cluster
    .namespaces()
    .filter(({ labels }) => over !== undefined && selects(over, labels));
  const hint = labelHint(pods, distinct(seen.flatMap(({ name }) => byNamespace.get(name) ?? [])));
  return hint && { kind: "typo", part: "podSelector", hint };
}

function impossiblePart(part: SelectorPart, selector: CompiledSelector): EmptyReason | undefined {
  const key = impossibleKey(labelSpace(selector));
  return key === undefined ? undefined : { kind: "impossible", part, key };
}

/** The namespaces of a scope; undefined when there may be more than we see. */
function inScope(context: LintContext, scope: Selection["scope"]): readonly Namespace[] | undefined {
  if ("namespace" in scope) {
    if (context.isElsewhere(scope.namespace)) return undefined;
    return context.cluster.namespaces().filter(({ name }) => name === scope.namespace);
  }
  const { namespaces } = scope;
  const found = context.cluster.namespaces().filter(({ labels }) => selects(namespaces, labels));
  const unseen = [...context.assumptions.namespaces, ...systemNamespaces];
  const mayMatch = (name: string) => selects(namespaces, { "kubernetes.io/metadata.name": name });
  if (unseen.some((name) => context.isElsewhere(name) && mayMatch(name))) return undefined;
  const byName = namespaces.requirements.some(({ key }) => key === "kubernetes.io/metadata.name");
  return found.length === 0 && !byName && context.assumptions.namespaces.length > 0 ? undefined : found;
}

interface NamespacePods {
  /** Every different set of labels once. */
  readonly sets: Labels[];
  readonly onHost: Pod[];
}

function labelSetsByNamespace({ cluster }: LintContext): ReadonlyMap<string, NamespacePods> {
  const all = new Map<string, NamespacePods>();
  const seen = new Set<string>();
  for (const pod of cluster.pods()) {
    const here = all.get(pod.namespace) ?? { sets: [], onHost: [] };
    all.set(pod.namespace, here);
    if (pod.hostNetwork) {
      here.onHost.push(pod);
      continue;
    }
    const key = `${pod.namespace} ${JSON.stringify(pod.labels)}`;
    if (seen.has(key)) continue;
    seen.add(key);
    here.sets.push(pod.labels);
  }
  return all;
}

/** Namespaces often run the same things: each set of labels once. */
function distinct(namespaces: readonly NamespacePods[]): Iterable<Labels> {
  const sets = new Map<string, Labels>();
  for (const { sets: own } of namespaces) for (const labels of own) sets.set(JSON.stringify(labels), labels);
  return sets.values();
}
