import { addresses } from "./test-node.testing.ts";

/** A Service of the test's cluster, as whoever translates it has to know it. TCP, with an address of each family. */
export interface TestService {
  readonly name: string;
  readonly addresses: readonly [string, string];
  readonly port: number;
  readonly nodePort?: number;
  /** `externalTrafficPolicy: Local`: what comes from outside stays on the node, and keeps its source. */
  readonly local?: boolean;
  /** `sessionAffinity: ClientIP`. */
  readonly sticky?: boolean;
  /** Addresses of each family and a port; all of the node's own pods when `local`. */
  readonly endpoints: readonly { readonly addresses: readonly [string, string]; readonly port: number }[];
}

const endpoint = (name: "web" | "api" | "job" | "remote") => ({ addresses: addresses[name], port: 80 });
const at = (host: number): readonly [string, string] => [`10.96.0.${host}`, `fd00:96::${host}`];

export const services = {
  api: { name: "api", addresses: at(10), port: 80, nodePort: 30_080, endpoints: [endpoint("api")] },
  /** One pod of two that are not the same to policies. */
  two: { name: "two", addresses: at(11), port: 80, endpoints: [endpoint("api"), endpoint("remote")] },
  sticky: { name: "sticky", addresses: at(12), port: 80, sticky: true, endpoints: [endpoint("api")] },
  local: {
    name: "local",
    addresses: at(13),
    port: 80,
    nodePort: 30_081,
    local: true,
    endpoints: [endpoint("api")],
  },
  /** From outside to a pod of another node. */
  far: { name: "far", addresses: at(14), port: 80, nodePort: 30_082, endpoints: [endpoint("remote")] },
  empty: { name: "empty", addresses: at(99), port: 80, endpoints: [] },
} as const satisfies Record<string, TestService>;

/** Of the pods of all nodes. */
export const clusterCidrs = ["10.244.0.0/16", "fd00:10:244::/48"] as const;
