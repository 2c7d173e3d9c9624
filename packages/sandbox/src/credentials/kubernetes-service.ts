import { clusterNetwork } from "../cluster-network.ts";
import { ofThisMachine } from "../ipv6.ts";

/** Where the API is served inside the sandbox, on the node's addresses. */
export const apiPortInside = 6443;

const metadata = { name: "kubernetes", namespace: "default" };
const labels = { component: "apiserver", provider: "kubernetes" };

/** The Service `kubernetes`, by which pods find the API, and where it leads: the API server itself keeps these. */
export function kubernetesService() {
  const addresses = ofThisMachine(clusterNetwork.nodeAddresses);
  const port = { name: "https", port: apiPortInside, protocol: "TCP" };
  return {
    service: {
      apiVersion: "v1",
      kind: "Service",
      metadata: { ...metadata, labels },
      spec: {
        clusterIP: clusterNetwork.apiServiceAddresses[0],
        ipFamilyPolicy: "SingleStack",
        ports: [{ name: "https", port: 443, protocol: "TCP", targetPort: apiPortInside }],
      },
    },
    endpoints: {
      apiVersion: "v1",
      kind: "Endpoints",
      metadata: { ...metadata, labels: { "endpointslice.kubernetes.io/skip-mirror": "true" } },
      subsets: [{ addresses: [{ ip: addresses[0] }], ports: [port] }],
    },
    slice: {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { ...metadata, labels: { "kubernetes.io/service-name": metadata.name } },
      addressType: "IPv4",
      endpoints: [{ addresses: [addresses[0]], conditions: { ready: true } }],
      ports: [port],
    },
  };
}
