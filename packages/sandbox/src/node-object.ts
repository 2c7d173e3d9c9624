import { clusterNetwork, nodeName } from "./cluster-network.ts";
import { ofThisMachine } from "./ipv6.ts";

/** The sandbox's only node, as a kubelet would register it. */
export function nodeObject() {
  const nodeAddresses = ofThisMachine(clusterNetwork.nodeAddresses);
  const podCidrs = ofThisMachine(clusterNetwork.podCidrs);
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: nodeName, labels: { "kubernetes.io/hostname": nodeName, "kubernetes.io/os": "linux" } },
    spec: { podCIDR: podCidrs[0], podCIDRs: [...podCidrs] },
    status: {
      addresses: [
        ...nodeAddresses.map((address) => ({ type: "InternalIP", address })),
        { type: "Hostname", address: nodeName },
      ],
      conditions: [
        { type: "Ready", status: "True", reason: "SandboxReady", message: "namespaces of this machine" },
      ],
    },
  };
}
