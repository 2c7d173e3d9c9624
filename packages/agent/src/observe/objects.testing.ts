import { Cluster, objectFromApi, type Pod } from "@portcullis/engine";

export interface PodOptions {
  readonly namespace?: string;
  /** `Deployment/web`. */
  readonly owner?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** A running pod of namespace `shop`, labelled `app=<name>`. */
export function podObject(name: string, ips: readonly string[], options: PodOptions = {}): object {
  const { namespace = "shop", owner, labels = { app: name } } = options;
  const [kind, controller] = owner?.split("/") ?? [];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      namespace,
      name,
      labels,
      ...(owner && {
        ownerReferences: [{ apiVersion: "apps/v1", kind, name: controller, controller: true }],
      }),
    },
    spec: { nodeName: "node-1", containers: [{ name: "c" }] },
    status: { phase: "Running", podIPs: ips.map((ip) => ({ ip })) },
  };
}

/** A policy of namespace `shop` that lets nothing into `app=<app>` but TCP ports from `app=<from>`. */
export function policyObject(name: string, app: string, from?: { app: string; port: number }): object {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { namespace: "shop", name },
    spec: {
      podSelector: { matchLabels: { app } },
      policyTypes: ["Ingress"],
      ingress:
        from === undefined
          ? []
          : [{ from: [{ podSelector: { matchLabels: { app: from.app } } }], ports: [{ port: from.port }] }],
    },
  };
}

export function clusterOf(...objects: readonly object[]): Cluster {
  const cluster = new Cluster();
  for (const object of objects) put(cluster, object);
  return cluster;
}

export function put(cluster: Cluster, object: object): void {
  const { object: read, errors } = objectFromApi(object);
  if (read === undefined) throw new Error(JSON.stringify(errors));
  cluster.upsert(read);
}

/** Takes a pod of namespace `shop` away, and gives it as it was. */
export function takePod(cluster: Cluster, name: string): Pod {
  const pod = cluster.get("Pod", "shop", name)!;
  cluster.delete("Pod", "shop", name);
  return pod;
}
