import type { ResourceDef } from "../registry/resource-def.ts";

/** A group of the API with what it serves. */
export interface ApiGroup {
  /** "" for the core group. */
  readonly name: string;
  /** The preferred one first. */
  readonly versions: readonly ApiVersion[];
}

interface ApiVersion {
  readonly version: string;
  /** By their plurals. */
  readonly defs: readonly ResourceDef[];
}

/**
 * Kubernetes' own groups, the most important first (kube-aggregator's group priorities): where a name is ambiguous
 * (`events`), kubectl takes the first group that has it.
 */
const priority = [
  "",
  "apiregistration.k8s.io",
  "apps",
  "events.k8s.io",
  "authentication.k8s.io",
  "authorization.k8s.io",
  "autoscaling",
  "batch",
  "certificates.k8s.io",
  "networking.k8s.io",
  "policy",
  "rbac.authorization.k8s.io",
  "storage.k8s.io",
  "admissionregistration.k8s.io",
  "apiextensions.k8s.io",
  "scheduling.k8s.io",
  "coordination.k8s.io",
  "node.k8s.io",
  "discovery.k8s.io",
  "resource.k8s.io",
  "flowcontrol.apiserver.k8s.io",
];

/** The groups in order of priority, those that Kubernetes does not bring last and by name. */
export function apiGroups(defs: readonly ResourceDef[]): readonly ApiGroup[] {
  const byGroup = groupBy(defs, ({ group }) => group);
  return [...byGroup]
    .map(([name, inGroup]) => ({ name, versions: versionsOf(inGroup) }))
    .sort((a, b) => rank(a.name) - rank(b.name) || compare(a.name, b.name));
}

function versionsOf(defs: readonly ResourceDef[]): readonly ApiVersion[] {
  return [...groupBy(defs, ({ version }) => version)]
    .map(([version, inVersion]) => ({
      version,
      defs: inVersion.toSorted((a, b) => compare(a.plural, b.plural)),
    }))
    .sort((a, b) => compareVersions(a.version, b.version));
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

function rank(group: string): number {
  const index = priority.indexOf(group);
  return index < 0 ? priority.length : index;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Newer before older, stable before beta before alpha (CustomResourceDefinition versions, "Version priority"). */
function compareVersions(a: string, b: string): number {
  const [stability, major, minor] = versionParts(a);
  const [otherStability, otherMajor, otherMinor] = versionParts(b);
  return otherStability - stability || otherMajor - major || otherMinor - minor || compare(a, b);
}

function versionParts(version: string): [stability: number, major: number, minor: number] {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  if (match === null) return [0, 0, 0];
  const [, major, stage, minor] = match;
  return [stage === undefined ? 3 : stage === "beta" ? 2 : 1, Number(major), Number(minor ?? 0)];
}
