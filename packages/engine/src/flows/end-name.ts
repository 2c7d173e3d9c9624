import type { FlowEnd } from "./flow-record.ts";
import { cronJobOf, type RecordedEnd } from "./recorded-ends.ts";

/** Who an end of recorded flows is, for a report: pods of a workload are one. */
export type EndName =
  | { readonly namespace: string; readonly workload: string }
  | { readonly namespace: string; readonly pod: string }
  | { readonly node: string }
  | { readonly address: string };

/** By what the record says; what it does not say of the workload, the cluster may know. */
export function endName({ address, pod: present, formerly, node }: FlowEnd, found?: RecordedEnd): EndName {
  const pod = present ?? formerly?.[0];
  const known = found?.kind === "pods" ? found.choices[0]?.known : undefined;
  const owner = known?.workload ?? known?.owner;
  const made = pod?.workload ?? (owner && `${owner.kind}/${owner.name}`);
  const workload = made && (cronJobOf(made) ?? made);
  const namespace = pod?.namespace ?? known?.namespace;
  const name = pod?.name ?? known?.name;
  if (namespace !== undefined && workload !== undefined) return { namespace, workload };
  if (namespace !== undefined && name !== undefined) return { namespace, pod: name };
  return node === undefined ? { address } : { node };
}

/** `shop/Deployment/web`, `shop/debug`, `node n1`, `192.0.2.1`. */
export function endNameText(name: EndName): string {
  if ("workload" in name) return `${name.namespace}/${name.workload}`;
  if ("pod" in name) return `${name.namespace}/${name.pod}`;
  return "node" in name ? `node ${name.node}` : name.address;
}
