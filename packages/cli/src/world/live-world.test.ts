import { clientFor, resources } from "@portcullis/kube";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MemoryIo } from "../io/memory-io.testing.ts";
import { run } from "../main.ts";
import { ingresses } from "../rbac/rules.ts";
import { clusterRoles, LiveCluster } from "./live-cluster.testing.ts";

const live = new LiveCluster();
let kubeconfig: string;

const workloads = `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: shop}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: c, image: nginx, ports: [{containerPort: 80, name: http}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec: {containers: [{name: c, image: postgres}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress:
    - from: [{podSelector: {matchLabels: {app: web}}}]
      ports: [{port: 5432}]
`;

async function portcullis(...args: string[]) {
  const io = new MemoryIo();
  const code = await run(args, io);
  return { code, stdout: io.stdout, stderr: io.stderr };
}

beforeAll(async () => {
  await live.start();
  await live.create(workloads);
  await live.create((await portcullis("rbac", "-n", "shop")).stdout);
  kubeconfig = await live.kubeconfig("shop", "portcullis-analyse", "shop");
});
afterAll(() => live.stop());

describe("a user with the rights that `portcullis rbac` prints, and no others", () => {
  test("has its questions answered, in the context's namespace", async () => {
    const allowed = await portcullis("can", "web", "--to", "db:5432", "--kubeconfig", kubeconfig);
    expect(allowed.stdout).toMatch(/^shop\/web may reach shop\/db on TCP 5432/);
    expect(allowed.code).toBe(0);
    expect(allowed.stderr).toMatch(
      /^read \d+ objects from context live: \d+ Namespaces, 1 NetworkPolicy, 2 Pods(?:, \d+ Services?)?\n$/,
    );
    const denied = await portcullis("can", "web", "--to", "db:80", "--kubeconfig", kubeconfig, "-q");
    expect([denied.code, denied.stderr]).toEqual([1, ""]);
    const elsewhere = ["can", "web", "--to", "db:80", "--kubeconfig", kubeconfig, "-n", "default"];
    expect((await portcullis(...elsewhere)).code).toBe(2);
  });

  test("lists what may connect", async () => {
    const { code, stdout } = await portcullis("list", "--kubeconfig", kubeconfig, "--context", "live");
    expect(code).toBe(0);
    expect(stdout).toContain("5432");
  });

  test("is told what an ingress controller has to reach", async () => {
    await live.client.create(ingresses, {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: { name: "shop", namespace: "shop" },
      spec: { defaultBackend: { service: { name: "db", port: { number: 80 } } } },
    });
    await live.create(`
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec: {selector: {app: db}, ports: [{port: 80, targetPort: 80}]}
`);
    const exposure = await portcullis("exposure", "--kubeconfig", kubeconfig);
    expect(exposure.stderr).toContain(" 1 Ingress,");
    expect(exposure.stdout).toContain("shop/db");
    const lint = await portcullis("lint", "--kubeconfig", kubeconfig, "--rule", "ingress-backend-blocked");
    expect(lint.stdout).toContain("Ingress shop/shop");
    const { stderr } = await portcullis("list", "--kubeconfig", kubeconfig);
    expect(stderr).not.toContain("Ingress");
  });

  test("with -v every object is named", async () => {
    const { stderr } = await portcullis("list", "--kubeconfig", kubeconfig, "-v");
    expect(stderr).toContain("read: NetworkPolicy shop/db\n");
    expect(stderr).toContain("read: Namespace shop\n");
  });
});

describe("without a right", () => {
  const role = (name: string, ...kinds: string[]) => `
apiVersion: v1
kind: ServiceAccount
metadata: {name: ${name}, namespace: shop}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: ${name}}
rules: [{apiGroups: ["", networking.k8s.io], resources: [${kinds.join(", ")}], verbs: [list]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: ${name}}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${name}}
subjects: [{kind: ServiceAccount, name: ${name}, namespace: shop}]
`;

  test("the rule that is missing is told: code 3", async () => {
    await live.create(role("some", "namespaces", "nodes", "services"));
    const file = await live.kubeconfig("shop", "some");
    const { code, stdout, stderr } = await portcullis("list", "--kubeconfig", file);
    expect([code, stdout]).toEqual([3, ""]);
    expect(stderr).toContain(
      'context live does not permit it: pods is forbidden: User "system:serviceaccount:',
    );
    expect(stderr).toContain(`A ClusterRole bound to this user lacks:
- apiGroups:
  - ""
  resources:
  - pods
  verbs:
  - list
- apiGroups:
  - networking.k8s.io
  resources:
  - networkpolicies
  verbs:
  - list
`);
  });

  test("nodes can be done without", async () => {
    await live.create(role("nodeless", "namespaces", "pods", "services", "networkpolicies"));
    const file = await live.kubeconfig("shop", "nodeless", "shop");
    const { code, stderr } = await portcullis("can", "web", "--to", "db:5432", "--kubeconfig", file);
    expect(code).toBe(0);
    expect(stderr).toContain("note: nodes cannot be read");
  });

  test("in other namespaces, --within asks for no more than there is", async () => {
    await live.create(role("tenant", "nothing"));
    const role_ = { group: "rbac.authorization.k8s.io", version: "v1", namespaced: true } as const;
    const metadata = { name: "tenant", namespace: "shop" };
    const apiVersion = "rbac.authorization.k8s.io/v1";
    await live.client.create(
      { ...role_, plural: "roles", kind: "Role" },
      {
        apiVersion,
        kind: "Role",
        metadata,
        rules: [
          { apiGroups: [""], resources: ["pods", "services"], verbs: ["list"] },
          { apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], verbs: ["list"] },
        ],
      },
    );
    await live.client.create(
      { ...role_, plural: "rolebindings", kind: "RoleBinding" },
      {
        apiVersion,
        kind: "RoleBinding",
        metadata,
        roleRef: { apiGroup: role_.group, kind: "Role", name: "tenant" },
        subjects: [{ kind: "ServiceAccount", name: "tenant", namespace: "shop" }],
      },
    );
    const file = await live.kubeconfig("shop", "tenant", "shop");
    const question = ["can", "web", "--to", "db:5432", "--kubeconfig", file];
    expect((await portcullis(...question)).code).toBe(3);
    const { code, stderr } = await portcullis(...question, "--within", "shop");
    expect(code).toBe(0);
    expect(stderr).toContain("note: namespace shop cannot be read: its labels are unknown");
    expect(stderr).toContain("note: only shop was read");
    const wrong = await portcullis(...question, "--within", "default");
    expect(wrong.stderr).toContain("A Role in default bound to this user lacks:");
  });
});

test("the rights are not more than what is asked for: none can be left out", async () => {
  const { rules } = (await live.client.get(clusterRoles, "portcullis-analyse")) as unknown as {
    rules: { apiGroups: string[]; resources: string[]; verbs: string[] }[];
  };
  const each = rules.flatMap(({ apiGroups, resources, verbs }) => [
    ...resources.map((resource) => `${apiGroups} ${resource} ${verbs}`),
  ]);
  expect(each.sort()).toEqual([
    " namespaces list",
    " nodes list",
    " pods list",
    " services list",
    "networking.k8s.io ingresses list",
    "networking.k8s.io networkpolicies list",
  ]);
});

test.each([
  [{ token: "wrong" }, 3, "context live does not know this user"],
  [{}, 3, "context live does not know this user"],
  [
    { exec: { apiVersion: "client.authentication.k8s.io/v1", command: "/nonexistent/login" } },
    3,
    "is not there",
  ],
  [{ "auth-provider": { name: "x" } }, 2, "uses auth-provider"],
])("a user of %j: code %d, %s", async (user, expected, words) => {
  const { code, stderr } = await portcullis("list", "--kubeconfig", live.kubeconfigWith(user));
  expect(stderr).toContain(words);
  expect(code).toBe(expected);
});

test.each([
  [["--context", "x"], "there is no context"],
  [["--context", "live", "-f", "x.yaml"], "-f and --context contradict each other"],
  [["--cluster", "--name", "x"], "--name and --cluster contradict each other"],
])("%j: code 2", async (args, words) => {
  const { code, stderr } = await portcullis("list", ...args);
  expect(code).toBe(2);
  expect(stderr).toContain(words);
});

test("the agent's rights are to list and to watch what it follows, to keep its Lease, and nothing else", async () => {
  await live.create((await portcullis("rbac", "--for", "agent", "-n", "kube-system")).stdout);
  const kubeconfig = await live.kubeconfig("kube-system", "portcullis-agent");
  const { client } = clientFor({ kubeconfig });
  try {
    const followed = [resources.namespaces, resources.nodes, resources.pods, resources.networkpolicies];
    const watched = followed.map(async (resource) => {
      const { resourceVersion } = await client.list(resource);
      for await (const event of client.watch(resource, { resourceVersion, timeoutSeconds: 1 }))
        expect(event.type).toBe("ADDED");
    });
    await Promise.all(watched);
    await expect(client.list(resources.services)).rejects.toMatchObject({ code: 403 });
    await expect(client.list(resources.secrets)).rejects.toMatchObject({ code: 403 });
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "x", namespace: "shop" } };
    await expect(client.create(resources.pods, pod)).rejects.toMatchObject({ code: 403 });
    const lease = (namespace: string) => ({
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name: "portcullis-node-1", namespace },
      spec: {},
    });
    const made = await client.create(resources.leases, lease("kube-system"));
    await client.update(
      resources.leases,
      await client.get(resources.leases, made.metadata.name, "kube-system"),
    );
    await expect(client.delete(resources.leases, "portcullis-node-1", "kube-system")).rejects.toMatchObject({
      code: 403,
    });
    await expect(client.create(resources.leases, lease("shop"))).rejects.toMatchObject({ code: 403 });
  } finally {
    client.close();
  }
});
