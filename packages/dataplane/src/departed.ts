import type { LocalPod, Program } from "@portcullis/engine";
import type { Table } from "@portcullis/nft";
import { ipVersions, names } from "./names.ts";

/** Addresses that a pod of `before` had and has no more in `after`, also those that went to another pod. */
export function departedPods(before: Program | undefined, after: Program): readonly string[] {
  if (before === undefined) return [];
  // What did not change is the same object: most pods are passed over without a look at their addresses.
  const [former, present] = [new Set(before.pods), new Set(after.pods)];
  const arrived = new Set(after.pods.filter((pod) => !former.has(pod)).flatMap(claims));
  return before.pods
    .filter((pod) => !present.has(pod))
    .flatMap((pod) => pod.addresses.filter((_, i) => !arrived.has(claims(pod)[i]!)))
    .map(({ text }) => text);
}

/** Addresses of pods in the table that the kernel was found to have, and not in the new one. */
export function departedAddresses(found: Table, desired: Table): readonly string[] {
  return ipVersions.flatMap((version) => {
    const name = names.dispatch.Ingress[version];
    const wanted = desired.maps.get(name)?.elements;
    return [...(found.maps.get(name)?.elements.keys() ?? [])].filter((address) => !wanted?.has(address));
  });
}

const claims = ({ key, addresses }: LocalPod): string[] => addresses.map(({ text }) => `${text} ${key}`);
