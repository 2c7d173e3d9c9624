import { isReason, type KubeClient, type KubeObject, type Resource, resources } from "@portcullis/kube";
import { nodeObject } from "../faults/churn.ts";
import { type NodeLayout, nodes, type PlaceName, places } from "./layout.ts";

const namespace = "default";

/** Writes what users, kubelets and controllers would write. */
export class WrittenCluster {
  readonly #client: KubeClient;

  constructor(client: KubeClient) {
    this.#client = client;
  }

  async node(layout: NodeLayout = nodes[0]): Promise<void> {
    await this.#client.create(resources.nodes, nodeObject(layout));
  }

  /** A running pod at this place. Its label `app` is its name. */
  async pod(place: PlaceName, name: string = place): Promise<void> {
    const { node, addresses } = places[place];
    await this.#client.create(resources.pods, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace, labels: { app: name } },
      spec: { nodeName: node, containers: [{ name: "c", image: "x" }] },
    });
    const created = await this.#client.get(resources.pods, name, namespace);
    const status = { phase: "Running", podIP: addresses[0], podIPs: addresses.map((ip) => ({ ip })) };
    await this.#client.update(resources.pods, { ...created, status } as KubeObject, "status");
  }

  async removePod(name: string): Promise<void> {
    await this.#client.delete(resources.pods, name, namespace, { gracePeriodSeconds: 0 });
  }

  /** Lets these, by their label `app`, into pods with this one on port 80, and nobody else; all pods without one. */
  async allow(policy: string, into: string | undefined, from: readonly string[]): Promise<void> {
    const spec = {
      podSelector: into === undefined ? {} : { matchLabels: { app: into } },
      policyTypes: ["Ingress"],
      ingress: from.map((app) => ({
        from: [{ podSelector: { matchLabels: { app } } }],
        ports: [
          { port: 80, protocol: "TCP" },
          { port: 80, protocol: "UDP" },
        ],
      })),
    };
    await this.put(resources.networkpolicies, {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: policy, namespace },
      spec,
    });
  }

  async removePolicy(name: string): Promise<void> {
    await this.#client.delete(resources.networkpolicies, name, namespace);
  }

  async put(resource: Resource, object: KubeObject): Promise<void> {
    const { name } = object.metadata;
    try {
      await this.#client.create(resource, object);
    } catch (error) {
      if (!isReason(error, "AlreadyExists")) throw error;
      const { metadata } = await this.#client.get(resource, name, namespace);
      await this.#client.update(resource, {
        ...object,
        metadata: { ...object.metadata, resourceVersion: metadata.resourceVersion! },
      });
    }
  }
}
