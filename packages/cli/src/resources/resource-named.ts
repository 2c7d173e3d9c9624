import { type Resource, resources } from "@portcullis/kube";
import { nearest } from "../input/nearest.ts";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";

/** The kinds that these commands know, by the names that kubectl takes. */
const names: readonly (readonly [Resource, ...string[]])[] = [
  [resources.pods, "pods", "pod", "po"],
  [resources.services, "services", "service", "svc"],
  [resources.networkpolicies, "networkpolicies", "networkpolicy", "netpol"],
  [resources.namespaces, "namespaces", "namespace", "ns"],
  [resources.nodes, "nodes", "node", "no"],
];

/** The resource with this name, short name or kind, in any case. Fails with CliError (exit code 2). */
export function resourceNamed(word: string): Resource {
  const lower = word.toLowerCase();
  for (const [resource, ...aliases] of names) if (aliases.includes(lower)) return resource;
  const known = names.flatMap(([, ...aliases]) => aliases);
  const meant = nearest(lower, [...known, "all"]);
  throw new CliError(
    exitCode.usage,
    `no resource type "${word}" is known here${meant === undefined ? "" : ` (did you mean ${meant}?)`}`,
    `Types: ${names.map(([resource]) => resource.plural).join(", ")}.`,
  );
}

/** The name that kubectl prints: `pod/web`, `networkpolicy.networking.k8s.io/web`. */
export function displayName(resource: Resource, name: string): string {
  const type = resource.kind.toLowerCase();
  return `${resource.group === "" ? type : `${type}.${resource.group}`}/${name}`;
}
