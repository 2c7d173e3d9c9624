import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ApiServer } from "@portcullis/apiserver";
import { HttpKubeClient, type KubeObject, type Resource, resourceFor, resources } from "@portcullis/kube";
import { parseAllDocuments } from "yaml";
import { testCertificate, testKey } from "./tls.testing.ts";

const rbac = { group: "rbac.authorization.k8s.io", version: "v1", namespaced: false } as const;

export const clusterRoles: Resource = { ...rbac, plural: "clusterroles", kind: "ClusterRole" };

const roleKinds: readonly Resource[] = [
  clusterRoles,
  { ...rbac, plural: "clusterrolebindings", kind: "ClusterRoleBinding" },
  { ...rbac, namespaced: true, plural: "roles", kind: "Role" },
  { ...rbac, namespaced: true, plural: "rolebindings", kind: "RoleBinding" },
];

/** Of a cluster's entry: whom its server is trusted by. */
export const trusted = {
  "certificate-authority-data": Buffer.from(testCertificate).toString("base64"),
};

/** An API server with RBAC on a port of loopback, and a superuser's client of it. */
export class LiveCluster {
  readonly directory = mkdtempSync(path.join(tmpdir(), "portcullis-live-"));
  readonly client: HttpKubeClient;
  server = "";
  readonly #api = new ApiServer({ clusterCidrs: { services: ["10.96.0.0/16"] } });

  constructor() {
    this.client = new HttpKubeClient({ socketPath: path.join(this.directory, "s") });
  }

  async start(): Promise<void> {
    await this.#api.listen({ socketPath: path.join(this.directory, "s") });
    const tls = { key: testKey, cert: testCertificate, clientCa: testCertificate };
    const address = await this.#api.listenSecure({ host: "127.0.0.1", port: 0 }, tls);
    this.server = `https://127.0.0.1:${"port" in address ? address.port : 0}`;
  }

  async stop(): Promise<void> {
    this.client.close();
    await this.#api.close();
    rmSync(this.directory, { recursive: true });
  }

  /** Creates the objects of a manifest, as its superuser. */
  async create(yaml: string): Promise<void> {
    for (const document of parseAllDocuments(yaml)) {
      const object = document.toJS() as KubeObject;
      const own = roleKinds.find(({ kind }) => kind === object.kind);
      await this.client.create(own ?? resourceFor(object.apiVersion, object.kind)!, object);
    }
  }

  /** A kubeconfig of one context, `live`, whose user is this service account. */
  #files = 0;

  async kubeconfig(namespace: string, account: string, contextNamespace = "default"): Promise<string> {
    return this.kubeconfigWith({ token: await this.token(namespace, account) }, contextNamespace);
  }

  async token(namespace: string, account: string): Promise<string> {
    const request = {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      metadata: { name: account, namespace },
      spec: {},
    };
    const under = { name: account, subresource: "token" } as const;
    const { status } = await this.client.create(resources.serviceaccounts, request, under);
    return (status as { token: string }).token;
  }

  /** With `cluster`, the certificate authority and what else the cluster's entry says, instead of the right one. */
  kubeconfigWith(user: unknown, namespace = "default", cluster: unknown = trusted): string {
    const config = {
      "current-context": "live",
      clusters: [{ name: "k", cluster: { server: this.server, ...(cluster as object) } }],
      users: [{ name: "u", user }],
      contexts: [{ name: "live", context: { cluster: "k", user: "u", namespace } }],
    };
    const file = path.join(this.directory, `kubeconfig-${this.#files++}`);
    writeFileSync(file, JSON.stringify(config));
    return file;
  }
}
