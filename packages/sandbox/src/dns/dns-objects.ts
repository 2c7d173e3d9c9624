import { clusterNetwork } from "../cluster-network.ts";

const metadata = (name: string) => ({ name, namespace: "kube-system", labels: { "k8s-app": "kube-dns" } });

const selector = { "k8s-app": "kube-dns" };

/** The cluster's DNS as kubeadm names it, so that policies written for a real cluster find it: a Deployment and its Service. */
export function dnsObjects() {
  return {
    service: {
      apiVersion: "v1",
      kind: "Service",
      metadata: {
        ...metadata("kube-dns"),
        labels: {
          "k8s-app": "kube-dns",
          "kubernetes.io/cluster-service": "true",
          "kubernetes.io/name": "CoreDNS",
        },
      },
      spec: {
        selector,
        clusterIP: clusterNetwork.dnsAddress,
        ports: [
          { name: "dns", port: 53, protocol: "UDP", targetPort: 53 },
          { name: "dns-tcp", port: 53, protocol: "TCP", targetPort: 53 },
        ],
      },
    },
    deployment: {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: metadata("coredns"),
      spec: {
        replicas: 1,
        selector: { matchLabels: selector },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
        template: {
          metadata: { labels: selector },
          spec: {
            dnsPolicy: "Default",
            priorityClassName: "system-cluster-critical",
            enableServiceLinks: false,
            // Nothing of it has to be put in order before it ends.
            terminationGracePeriodSeconds: 0,
            containers: [
              {
                name: "coredns",
                image: "portcullis/dns",
                ports: [
                  { name: "dns", containerPort: 53, protocol: "UDP" },
                  { name: "dns-tcp", containerPort: 53, protocol: "TCP" },
                ],
              },
            ],
          },
        },
      },
    },
  };
}
