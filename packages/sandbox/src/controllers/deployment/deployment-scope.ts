import type { ControllerContext, Tell } from "../framework/controller.ts";
import { sameJson } from "../objects/same-json.ts";
import { contentHash, withoutHash } from "../objects/template-hash.ts";
import type { Deployment, ReplicaSet } from "../objects/workload.ts";

/** What a step of a Deployment works with. */
export interface DeploymentScope {
  readonly context: ControllerContext;
  readonly tell: Tell;
}

/** A Deployment's ReplicaSets: the one of its present template, if made already, and those of former ones. */
export interface Revisions {
  readonly current: ReplicaSet | undefined;
  /** Oldest first. */
  readonly old: readonly ReplicaSet[];
}

export function revisionsOf(deployment: Deployment, sets: readonly ReplicaSet[]): Revisions {
  const sorted = [...sets].sort(byAge);
  const template = withoutHash(deployment.spec.template);
  const current = sorted.find((set) => sameJson(withoutHash(set.spec.template), template));
  return { current, old: sorted.filter((set) => set !== current) };
}

function byAge(a: ReplicaSet, b: ReplicaSet): number {
  const [x = "", y = ""] = [a.metadata.creationTimestamp, b.metadata.creationTimestamp];
  if (x !== y) return x < y ? -1 : 1;
  return a.metadata.name < b.metadata.name ? -1 : 1;
}

export function allOf({ current, old }: Revisions): readonly ReplicaSet[] {
  return current === undefined ? old : [...old, current];
}

export function templateHash({ spec, status }: Deployment): string {
  return contentHash(withoutHash(spec.template), status?.collisionCount ?? 0);
}

export const replicasOf = ({ spec }: ReplicaSet): number => spec.replicas ?? 1;
export const wanted = ({ spec }: Deployment): number => spec.replicas ?? 1;

export function sum(sets: readonly ReplicaSet[], of: (set: ReplicaSet) => number): number {
  return sets.reduce((total, set) => total + of(set), 0);
}
