import { expand } from "./expand.ts";
import type { RawContainer, RawPod } from "./raw-pod.ts";

const searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

export type Environment = { readonly variables: Record<string, string> } | { readonly message: string };

/** The variables of a container: the usual three, then its own in order. A source that does not exist here is told. */
export function environmentOf(
  pod: RawPod,
  container: RawContainer,
  hostName: string,
  addresses: readonly string[],
): Environment {
  if ((container.envFrom ?? []).length > 0)
    return { message: "envFrom: this cluster has no ConfigMaps and no Secrets" };
  // Starts without a prototype, so that a variable may be called __proto__.
  const variables: Record<string, string> = Object.create(null) as Record<string, string>;
  Object.assign(variables, { PATH: searchPath, HOSTNAME: hostName, HOME: "/root" });
  for (const { name, value, valueFrom } of container.env ?? []) {
    if (valueFrom === undefined) {
      variables[name] = expand(value ?? "", variables);
      continue;
    }
    const field = valueFrom.fieldRef?.fieldPath;
    const found = field === undefined ? undefined : fieldOf(pod, field, addresses);
    if (found === undefined)
      return {
        message: `env ${name}: only fieldRef to metadata, spec.nodeName and status.podIP is known here`,
      };
    variables[name] = found;
  }
  return { variables };
}

function fieldOf(pod: RawPod, path: string, addresses: readonly string[]): string | undefined {
  const { metadata, spec } = pod;
  const keyed = /^metadata\.(labels|annotations)\['([^']+)'\]$/.exec(path);
  if (keyed !== null) {
    const map = keyed[1] === "labels" ? metadata.labels : metadata.annotations;
    return map?.[keyed[2] ?? ""] ?? "";
  }
  const fields: Readonly<Record<string, string>> = {
    "metadata.name": metadata.name,
    "metadata.namespace": metadata.namespace ?? "default",
    "metadata.uid": metadata.uid ?? "",
    "spec.nodeName": spec.nodeName ?? "",
    "status.podIP": addresses[0] ?? "",
    "status.podIPs": addresses.join(","),
  };
  return fields[path];
}
