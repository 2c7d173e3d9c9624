import type { Address, Pod } from "@portcullis/engine";

const none: readonly Address[] = [];

/** Addresses on the pod network that a pod has, and will have no longer when it becomes `next`; all when it goes. */
export function releasedAddresses(pod: Pod, next: Pod | undefined): readonly Address[] {
  const kept = next === undefined ? none : own(next);
  return own(pod).filter(({ text }) => !kept.some((address) => address.text === text));
}

/** A hostNetwork pod's addresses are its node's, and a finished pod has none. */
function own({ addresses, hostNetwork, phase }: Pod): readonly Address[] {
  return hostNetwork || phase === "Succeeded" || phase === "Failed" ? none : addresses;
}
