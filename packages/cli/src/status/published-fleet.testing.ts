import { leaseWith, type NodeRecord, policyId } from "@portcullis/agent";
import { type KubeObject, resources } from "@portcullis/kube";
import { MemoryIo } from "../io/memory-io.testing.ts";
import { run } from "../main.ts";
import { LiveCluster } from "../world/live-cluster.testing.ts";
import { recordOf } from "./fleet.testing.ts";

/** Where the agents are. */
export const agents = "kube-system";

/**
 * A real API, asked as a user with exactly the rights that `portcullis rbac --for status` prints. What agents publish is
 * written by hand. In namespace `shop`, the policy `web` selects pods of the nodes n1 and n2, `db` one of n1.
 */
export class PublishedFleet {
  readonly live = new LiveCluster();
  /** The resourceVersions of `shop`'s policies, by name. */
  versions: Record<string, number> = {};
  #kubeconfig = "";

  async start(): Promise<void> {
    await this.live.start();
    await this.live.create("apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n");
    const io = new MemoryIo();
    await run(["rbac", "--for", "status", "-n", "kube-system"], io);
    await this.live.create(io.stdout);
    this.#kubeconfig = await this.live.kubeconfig("kube-system", "portcullis-status", "shop");
  }

  stop(): Promise<void> {
    return this.live.stop();
  }

  /** Back to two nodes, two policies and no agents. */
  async reset(): Promise<void> {
    const { client } = this.live;
    this.versions = {};
    for (const resource of [resources.networkpolicies, resources.pods, resources.leases, resources.nodes])
      for (const { metadata } of (await client.list(resource)).items)
        await client.delete(resource, metadata.name, metadata.namespace, { gracePeriodSeconds: 0 });
    for (const name of ["n1", "n2"])
      await client.create(resources.nodes, { apiVersion: "v1", kind: "Node", metadata: { name } });
    await this.#pod("web-1", "web", "n1", "10.0.0.1");
    await this.#pod("web-2", "web", "n2", "10.0.1.1");
    await this.#pod("db-1", "db", "n1", "10.0.0.2");
    await this.policy("web", "web");
    await this.policy("db", "db");
  }

  /** `portcullis status` with these words. */
  async status(...words: readonly string[]) {
    const io = new MemoryIo();
    const own = words.includes("--kubeconfig") ? [] : ["--kubeconfig", this.#kubeconfig];
    const code = await run(["status", ...words, ...own], io);
    return { code, stdout: io.stdout, stderr: io.stderr };
  }

  async policy(name: string, app: string, annotations: Readonly<Record<string, string>> = {}): Promise<void> {
    const { metadata } = await this.live.client.create(resources.networkpolicies, {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name, namespace: "shop", annotations },
      spec: { podSelector: { matchLabels: { app } }, policyTypes: ["Ingress"] },
    });
    this.versions[name] = Number(metadata.resourceVersion);
  }

  /** What the node's agent would: these policies of `shop` select pods of it, in the present version or the one before. */
  async publish(
    nodeName: string,
    policies: Readonly<Record<string, "now" | "before" | number>>,
    { agoMs = 0, record = {} }: { readonly agoMs?: number; readonly record?: Partial<NodeRecord> } = {},
  ): Promise<void> {
    const selected = Object.entries(policies).map(([name, which]) => {
      const present = this.versions[name] ?? 0;
      const version = typeof which === "number" ? which : which === "now" ? present : present - 1;
      return { id: policyId(`shop/${name}`), resourceVersion: BigInt(version), pods: 1 };
    });
    // The newest that it enforces; with none, what was before all of them.
    const revision = Math.max(1, ...selected.map(({ resourceVersion }) => Number(resourceVersion)));
    const log = [{ revision: String(revision), sinceMs: Date.now() - 90_000 }];
    const { client } = this.live;
    const stored = await client
      .get(resources.leases, `portcullis-${nodeName}`, agents)
      .catch((): KubeObject | undefined => undefined);
    const lease = leaseWith(stored, {
      nodeName,
      nodeUid: "00000000-0000-0000-0000-000000000000",
      namespace: agents,
      record: recordOf(revision, {}, { selected, log, ...record }),
      acquiredMs: Date.now() - agoMs,
      renewedMs: Date.now() - agoMs,
      validSeconds: 40,
    });
    await (stored === undefined
      ? client.create(resources.leases, lease)
      : client.update(resources.leases, lease));
  }

  /** Of a user who may list the policies and pods of `shop`, and the agents' Leases: no nodes, nothing elsewhere. */
  async kubeconfigOfTeam(): Promise<string> {
    const parts = [
      "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: team, namespace: shop}\n",
      ...roleOfTeam(
        "shop",
        '{apiGroups: [networking.k8s.io, ""], resources: [networkpolicies, pods], verbs: [list]}',
      ),
      ...roleOfTeam(agents, "{apiGroups: [coordination.k8s.io], resources: [leases], verbs: [list, watch]}"),
    ];
    await this.live.create(parts.join("---\n"));
    return this.live.kubeconfig("shop", "team", "shop");
  }

  async #pod(name: string, app: string, nodeName: string, ip: string): Promise<void> {
    const { client } = this.live;
    const made = await client.create(resources.pods, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: "shop", labels: { app } },
      spec: { nodeName, containers: [{ name: "c", image: "nginx" }] },
    });
    const status = { phase: "Running", podIPs: [{ ip }] };
    await client.update(resources.pods, { ...made, status }, "status");
  }
}

function roleOfTeam(namespace: string, rule: string): readonly string[] {
  const head = (kind: string) =>
    `apiVersion: rbac.authorization.k8s.io/v1\nkind: ${kind}\nmetadata: {name: team, namespace: ${namespace}}\n`;
  return [
    `${head("Role")}rules: [${rule}]\n`,
    `${head("RoleBinding")}roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: team}\n` +
      "subjects: [{kind: ServiceAccount, name: team, namespace: shop}]\n",
  ];
}
