import type { NetworkPolicy } from "../model/network-policy.ts";
import type { Pod } from "../model/objects.ts";
import type { RelatedPlace } from "./finding.ts";

/** `web`, or `Deployment web`, with the namespace when it is not the given one. */
export function podLabel({ namespace, name, workload }: Pod, here?: string): string {
  const own = namespace === here ? name : `${namespace}/${name}`;
  return workload === undefined ? own : `${workload.kind} ${own}`;
}

/** `a, b and 3 more`. */
export function listed(names: readonly string[], most = 3): string {
  if (names.length > most + 1) return `${names.slice(0, most).join(", ")} and ${names.length - most} more`;
  if (names.length < 2) return names.join();
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Names what another policy has to do with a finding, where its place is known. */
export function related(policies: readonly NetworkPolicy[], message: string): readonly RelatedPlace[] {
  return policies.flatMap(({ range }) => (range === undefined ? [] : [{ message, range }]));
}
