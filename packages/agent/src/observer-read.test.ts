import { expect, test } from "vitest";
import { readObject } from "./observer-read.ts";
import { SharedParts } from "./observer-share.ts";

const pod = (name: string, labels: Record<string, string>) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "n", labels, managedFields: [{ manager: "kubelet" }] },
  spec: { nodeName: "node-1", containers: [{ name: "c", ports: [{ containerPort: 80, name: "web" }] }] },
  status: { phase: "Running", podIPs: [{ ip: "10.0.0.1" }] },
});

test("pods share what is equal, and keep apart what is not", () => {
  const parts = new SharedParts();
  const read = (name: string, labels: Record<string, string>) => {
    const value = readObject(pod(name, labels), parts);
    if (!("object" in value) || value.object.kind !== "Pod") throw new Error("not a pod");
    return value.object;
  };
  const one = read("one", { app: "a", tier: "b" });
  const two = read("two", { app: "a", tier: "b" });
  const other = read("other", { app: "a", tier: "c" });
  expect(two).toEqual({ ...one, name: "two" });
  expect(two.labels).toBe(one.labels);
  expect(two.ports).toBe(one.ports);
  expect(other.labels).toEqual({ app: "a", tier: "c" });
  expect(one).not.toHaveProperty("managedFields");
});

test("a policy that cannot be read keeps its name and version, and why", () => {
  const value = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "p", namespace: "n", resourceVersion: "7", annotations: { big: "x".repeat(100) } },
    spec: { podSelector: { matchExpressions: [{ key: "a", operator: "Maybe" }] } },
  };
  const read = readObject(value, new SharedParts());
  if ("object" in read) throw new Error("it was read");
  expect(read.head).toEqual({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "p", namespace: "n", resourceVersion: "7" },
  });
  expect(read.errors[0]?.path).toContain("matchExpressions");
});
