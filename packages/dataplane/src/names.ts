import { createHash } from "node:crypto";

/** Everything that we own in the kernel lives in this table, and we never touch another. */
export const table = { family: "inet", name: "portcullis" } as const;

export type IpVersion = 4 | 6;
export const ipVersions: readonly IpVersion[] = [4, 6];

/**
 * Names of the skeleton. Prefixed, because nftables refuses its keywords as names. A base chain, set or map whose
 * definition changes between versions gets another name: the new one can then stand beside the old one until that goes.
 */
export const names = {
  forward: "pods_forward",
  input: "pods_input",
  pods: "c_pods",
  judge: "c_judge",
  ingress: "c_ingress",
  allowed: "c_allowed",
  deny: { Ingress: "c_deny_ingress", Egress: "c_deny_egress" },
  unprogrammed: { Ingress: "c_unprogrammed_ingress", Egress: "c_unprogrammed_egress" },
  dispatch: {
    Ingress: { 4: "ingress_v4", 6: "ingress_v6" },
    Egress: { 4: "egress_v4", 6: "egress_v6" },
  },
  local: { 4: "pods_v4", 6: "pods_v6" },
  links: "pod_links",
  linkLocal: "c_link_local",
  self: { 4: "self_v4", 6: "self_v6" },
} as const;

/**
 * A name made of its content: equal content has an equal name in every process and after every restart, so an object
 * of this name never has to be changed, and what stands in the kernel already is found again.
 */
export function contentName(prefix: string, content: string): string {
  return `${prefix}_${createHash("sha256").update(content).digest("hex").slice(0, 20)}`;
}
