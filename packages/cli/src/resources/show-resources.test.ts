import { type KubeObject, resources } from "@portcullis/kube";
import { beforeEach, expect, test, vi } from "vitest";
import { MemoryIo } from "../io/memory-io.testing.ts";
import { MemoryKubeClient } from "../world/memory-kube-client.testing.ts";
import { type ShowRequest, showResources } from "./show-resources.ts";

const now = Date.parse("2026-11-23T12:00:00Z");
const creationTimestamp = "2026-11-23T11:57:00Z";
let client: MemoryKubeClient;

async function show(request: Partial<ShowRequest>) {
  const io = new MemoryIo();
  await showResources(
    client,
    { type: "all", names: [], namespace: "default", output: "table", ...request },
    io,
  );
  return io;
}

beforeEach(async () => {
  vi.useFakeTimers({ now });
  client = new MemoryKubeClient();
  const pod = (name: string, namespace: string): KubeObject => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, creationTimestamp },
    spec: { containers: [{ name }], nodeName: "node" },
  });
  await client.create(resources.pods, pod("web", "default"));
  await client.create(resources.pods, pod("db", "shop"));
  await client.create(resources.services, {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web", namespace: "default", creationTimestamp },
    spec: { selector: { app: "web" }, ports: [{ port: 80 }, { port: 53, protocol: "UDP", nodePort: 30053 }] },
  });
  await client.create(resources.networkpolicies, {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "deny", namespace: "default", creationTimestamp },
    spec: {
      podSelector: { matchLabels: { a: "b" }, matchExpressions: [{ key: "c", operator: "DoesNotExist" }] },
    },
  });
  return () => vi.useRealTimers();
});

test("all: pods and Services of the namespace, names with their type", async () => {
  expect((await show({})).stdout).toBe(
    `NAME      READY   STATUS    RESTARTS   AGE
pod/web   0/1     Running   0          3m

NAME          TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)               AGE
service/web   ClusterIP   10.96.0.4    <none>        80/TCP,53:30053/UDP   3m
`,
  );
});

test("-A puts the namespace in front, -o wide adds addresses", async () => {
  expect((await show({ type: "po", allNamespaces: true, output: "wide" })).stdout).toBe(
    `NAMESPACE   NAME   READY   STATUS    RESTARTS   AGE   IP           NODE
default     web    0/1     Running   0          3m    10.244.0.2   node
shop        db     0/1     Running   0          3m    10.244.0.3   node
`,
  );
});

test("network policies show what they select", async () => {
  expect((await show({ type: "netpol" })).stdout).toBe(
    "NAME   POD-SELECTOR   AGE\ndeny   a=b,!c         3m\n",
  );
});

test("-o json gives one object by name, else a List", async () => {
  const one = JSON.parse((await show({ type: "svc", names: ["web"], output: "json" })).stdout);
  expect(one).toMatchObject({ kind: "Service", metadata: { name: "web" } });
  const list = JSON.parse((await show({ type: "pods", output: "json", allNamespaces: true })).stdout);
  expect(list).toMatchObject({ kind: "List", items: [{ kind: "Pod" }, { kind: "Pod" }] });
});

test("-o name", async () => {
  expect((await show({ output: "name" })).stdout).toBe("pod/web\nservice/web\n");
});

test("nothing found is said on stderr", async () => {
  const { stdout, stderr } = await show({ type: "pods", namespace: "empty" });
  expect([stdout, stderr]).toEqual(["", "No resources found in empty namespace.\n"]);
});

test("a name that is not there fails as the server says", async () => {
  await expect(show({ type: "pods", names: ["ghost"] })).rejects.toMatchObject({ reason: "NotFound" });
});
