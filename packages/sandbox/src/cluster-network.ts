/** The addresses of a sandbox. Every sandbox has the same ones: each lives in network namespaces of its own. */
export const clusterNetwork = {
  podCidrs: ["10.244.0.0/16", "fd00:10:244::/64"],
  serviceCidrs: ["10.96.0.0/16", "fd00:10:96::/112"],
  /** Of the Service `kubernetes`, by which pods find the API. */
  apiServiceAddresses: ["10.96.0.1", "fd00:10:96::1"],
  /** Of the Service `kube-dns`, which every pod's resolv.conf names. */
  dnsAddress: "10.96.0.10",
  /** The node itself, as pods see it. Outside the pod ranges: there the agent closes what is no pod that it knows. */
  nodeAddresses: ["10.245.0.1", "fd00:10:245::1"],
  /** Next hop of every pod. No interface carries these: a static neighbour entry answers for them. */
  gateway: { ipv4: "169.254.1.1", ipv6: "fe80::ecee:eeff:feee:eeee", mac: "ee:ee:ee:ee:ee:ee" },
} as const;

/** Name of the only node. */
export const nodeName = "portcullis";
