import { createHash } from "node:crypto";

/** Everything that we own in the kernel lives in this table, and we never touch another. */
export const table = { family: "inet", name: "portcullis" } as const;

export type IpVersion = 4 | 6;
export const ipVersions: readonly IpVersion[] = [4, 6];

/** Names of the skeleton. Prefixed, because nftables refuses its keywords as names. */
export const names = {
  forward: "c_forward",
  input: "c_input",
  ingress: "c_ingress",
  unprogrammed: "c_unprogrammed",
  deny: { Ingress: "c_deny_ingress", Egress: "c_deny_egress" },
  dispatch: {
    Ingress: { 4: "ingress_v4", 6: "ingress_v6" },
    Egress: { 4: "egress_v4", 6: "egress_v6" },
  },
  self: { 4: "self_v4", 6: "self_v6" },
} as const;

/** Sets of dropped flows: per direction and address family, apart for protocols without ports. */
export function dropSetName(direction: "Ingress" | "Egress", version: IpVersion, ports: boolean): string {
  return `drops_${direction.toLowerCase()}_v${version}${ports ? "" : "_portless"}`;
}

/**
 * A name made of its content: equal content has an equal name in every process and after every restart, so an object
 * of this name never has to be changed, and what stands in the kernel already is found again.
 */
export function contentName(prefix: string, content: string): string {
  return `${prefix}_${createHash("sha256").update(content).digest("hex").slice(0, 20)}`;
}
